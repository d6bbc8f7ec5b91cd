import { app, session, type MediaAccessPermissionRequest, type Session, type WebContents } from 'electron';
import { isPageUrl } from './page-protocol.ts';

/** What the page may ask the system for: to write text and pictures to the clipboard, and to go full screen. */
const granted = new Set(['clipboard-sanitized-write', 'fullscreen']);

/** Permissions, webviews, navigation and new windows: denied but for what is used. For the app's whole life. */
export function lockDown(log: (line: string) => void): Session {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((contents, permission, answer, details) => {
    const { mediaTypes = [] } = details as MediaAccessPermissionRequest;
    const asked = permission === 'media' ? isSoundAlone(mediaTypes) : granted.has(permission);
    answer(isPageUrl(contents.getURL()) && asked);
  });
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, origin, details) =>
      isPageUrl(origin) &&
      (granted.has(permission) || (permission === 'media' && details.mediaType === 'audio')),
  );
  defaultSession.setDevicePermissionHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    confine(contents, log);
  });
  return defaultSession;
}

/** For voice notes: the microphone, never the camera or the screen. */
const isSoundAlone = (types: readonly string[]): boolean =>
  types.length > 0 && types.every((type) => type === 'audio');

function confine(contents: WebContents, log: (line: string) => void): void {
  const stay = (event: { preventDefault(): void; url: string }) => {
    if (isPageUrl(event.url)) return;
    event.preventDefault();
    log('a navigation away from the page was stopped');
  };
  contents.on('will-navigate', stay);
  contents.on('will-redirect', stay);
  contents.on('will-frame-navigate', stay);
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  // Links go through app.openExternal, which checks them.
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
