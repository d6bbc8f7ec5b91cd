import { app, type Session } from 'electron';
import { basename, join } from 'node:path';

/** What is saved from the page goes through the system's save dialog, with a name that is safe on every system. */
export function askWhereToSave(session: Session, isOurs: (url: string) => boolean): void {
  session.on('will-download', (event, item) => {
    const url = item.getURL();
    // A blob: of the page is the page's own; nothing else is ever fetched from the network by the page.
    if (!isOurs(url.replace(/^blob:/, ''))) {
      event.preventDefault();
      return;
    }
    item.setSaveDialogOptions({ defaultPath: join(app.getPath('downloads'), safeName(item.getFilename())) });
  });
}

/** A file name of what somebody else has sent: no path, no control characters, none that Windows refuses. */
export function safeName(name: string): string {
  const plain = basename(name.replaceAll('\\', '/'))
    // eslint-disable-next-line no-control-regex -- control characters are what it removes
    .replace(/[\u0000-\u001f\u007f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/^[.\s]+|[.\s]+$/g, '')
    .slice(0, 200);
  return plain === '' ? 'photo' : plain;
}
