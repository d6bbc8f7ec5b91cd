import { BrowserWindow, ipcMain, type IpcMainInvokeEvent } from 'electron';
import { callChannel, eventChannel } from '../../../preload/channels.ts';
import type { Dispatch } from '../../dispatch.ts';
import { isPageUrl } from './page-protocol.ts';

/**
 * Calls over one channel. Each is checked for who sends it: our page, in the main frame, of a window of ours.
 * Anything else that has found a way into a renderer gets no answer at all.
 */
export function answerCalls(dispatch: Dispatch, log: (line: string) => void): void {
  ipcMain.handle(callChannel, (event, name: unknown, params: unknown) => {
    if (isOurPage(event)) return dispatch(name, params);
    log('a call from a frame that is not the page was refused');
    throw new Error('refused');
  });
}

function isOurPage(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  // null when the frame has navigated or gone in the meantime.
  if (frame === null || frame.parent !== null) return false;
  return isPageUrl(frame.url) && BrowserWindow.fromWebContents(event.sender) !== null;
}

/** Sends an event to every open window. */
export function sendEvent(name: string, payload: unknown): void {
  for (const { webContents } of BrowserWindow.getAllWindows()) {
    if (!webContents.isDestroyed() && !webContents.isCrashed()) webContents.send(eventChannel, name, payload);
  }
}
