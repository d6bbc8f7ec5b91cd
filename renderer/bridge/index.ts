import type { Bridge } from '../../contract/index.ts';
import { createSocketBridge, type Host } from './socket.ts';

declare global {
  interface Window {
    /** Put there by the preload script, where there is one. */
    readonly postcard?: Bridge;
  }
}

/** A bridge of the preload lives and dies with its window: there is nothing to lose sight of. */
const ofWindow = (bridge: Bridge): Bridge & Host => ({
  call: (name, params) => bridge.call(name, plain(params)),
  on: (name, listener) => bridge.on(name, listener),
  pathForFile: (file) => bridge.pathForFile(file),
  onHostLost: () => () => undefined,
});

/** Exactly what JSON carries: the same in both hosts, also for what Vue has wrapped in a proxy. */
function plain<T>(params: T): T {
  return JSON.parse(JSON.stringify(params)) as T;
}

const found: Bridge & Host = window.postcard ? ofWindow(window.postcard) : createSocketBridge();

/** Whether the window is the app's own: a browser keeps some keys for itself. */
export const ownWindow = window.postcard !== undefined;

/** The core, for every part of the page: the same in both hosts. */
export const bridge: Bridge = found;

/** Called with true when the host itself has gone (every call fails), with false when it is back. */
export const onHostLost: Host['onHostLost'] = (listener) => found.onHostLost(listener);
