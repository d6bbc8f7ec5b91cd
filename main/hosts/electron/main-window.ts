import { app, type BrowserWindow } from 'electron';
import type { EventName } from '../../../contract/index.ts';
import type { SettingsFile } from '../../ports.ts';
import { sendEvent } from './bridge-ipc.ts';
import { addContextMenu } from './context-menu.ts';
import type { Spelling } from './spelling.ts';
import { reloadAfterCrash } from './trouble.ts';
import { createWindow, raise } from './window.ts';

export interface MainWindow {
  open(): void;
  raise(): void;
}

/**
 * The window and its life: closing sends it to the background where the app may stay there, and ends the app
 * where it may not; quitting always ends it.
 */
export function createMainWindow(o: {
  built: string;
  settings: SettingsFile;
  spelling: Spelling;
  log: (line: string) => void;
  /** Asked at each close: the setting may have changed. */
  staysInBackground: () => boolean;
  /** The window has gone from sight, and its page may not be able to say so. */
  hidden: () => void;
}): MainWindow {
  let window: BrowserWindow | null = null;
  let quitting = false;
  app.on('before-quit', () => {
    quitting = true;
  });
  app.on('window-all-closed', () => {
    // With a window that only hides this is the end of the last one; macOS included, for one rule everywhere.
    app.quit();
  });

  const open = () => {
    const opened = createWindow(o.built, o.settings);
    window = opened;
    addContextMenu(opened.webContents, o.spelling);
    reloadAfterCrash(opened, o.log);
    opened.on('show', () => tell(true));
    opened.on('hide', () => tell(false));
    opened.on('close', (event) => {
      o.hidden();
      if (quitting || !o.staysInBackground()) return;
      event.preventDefault();
      hide(opened);
    });
    opened.on('closed', () => {
      window = null;
    });
  };
  const show = () => {
    if (window !== null) raise(window);
  };
  // A click on the icon in the Dock.
  app.on('activate', show);
  return { open, raise: show };
}

/** What somebody has hidden is not looked at, whatever the page takes its focus for. */
function tell(shown: boolean): void {
  sendEvent('app.shown' satisfies EventName, { shown });
}

/** A full-screen window that is hidden leaves a black space behind on macOS: it leaves full screen first. */
function hide(window: BrowserWindow): void {
  if (!window.isFullScreen()) {
    window.hide();
    return;
  }
  window.once('leave-full-screen', () => {
    window.hide();
  });
  window.setFullScreen(false);
}
