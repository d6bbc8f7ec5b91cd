import { app, dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { describeBug } from '../../describe-bug.ts';
import { texts } from './texts.ts';

/** Bugs nobody caught: each goes to the log, the first one is shown. Not modal: the app goes on under it. */
export function reportUncaught(log: (line: string) => void, logFile: string): void {
  let shown = false;
  const report = (kind: string) => (error: unknown) => {
    log(`${kind}: ${describeBug(error)}`);
    if (shown || !app.isReady()) return;
    shown = true;
    void dialog.showMessageBox({ type: 'error', title: texts.problemTitle, message: texts.problem(logFile) });
  };
  process.on('uncaughtException', report('uncaught'));
  process.on('unhandledRejection', report('unhandled'));
}

/** A page that crashed is loaded again, but not for ever. */
export function reloadAfterCrash(window: BrowserWindow, log: (line: string) => void): void {
  const crashes: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    log(`the page's process has gone: ${reason} ${String(exitCode)}`);
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const now = Date.now();
    while (crashes[0] !== undefined && crashes[0] < now - 60_000) crashes.shift();
    crashes.push(now);
    if (crashes.length <= 3) window.webContents.reload();
  });
  window.on('unresponsive', () => {
    log('the page does not respond');
  });
}
