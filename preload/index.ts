import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { eventNames, methodNames, type Bridge } from '../contract/index.ts';
import { eventChannel, callChannel } from './channels.ts';

const methods: ReadonlySet<string> = new Set(methodNames);
const events: ReadonlySet<string> = new Set(eventNames);
const listeners = new Map<string, Set<(payload: never) => void>>();

ipcRenderer.on(eventChannel, (_event, name: string, payload: unknown) => {
  // The host sends under this name what the contract says.
  for (const listener of listeners.get(name) ?? []) listener(payload as never);
});

/** The contract's names and nothing else of Electron reach the page. */
const bridge: Bridge = {
  call: (name, params) =>
    methods.has(name)
      ? ipcRenderer.invoke(callChannel, name, params)
      : Promise.resolve({ ok: false, code: 'unknown-method', detail: {} }),
  on: (name, listener) => {
    if (!events.has(name)) throw new TypeError('unknown event');
    const of = listeners.get(name) ?? new Set();
    listeners.set(name, of.add(listener));
    return () => of.delete(listener);
  },
  pathForFile: (file) => webUtils.getPathForFile(file),
};

contextBridge.exposeInMainWorld('postcard', bridge);
