import type { Outcome } from '../../contract/errors.ts';
import type { Bridge, EventName } from '../../contract/index.ts';
import { keepConnected } from './lasting-socket.ts';
import { createPendingCalls } from './pending-calls.ts';

/** What goes wrong with the host itself, as against with a call. */
export interface Host {
  /** Called with true when the host has gone (calls fail), with false when it is back. Returns what ends it. */
  onHostLost(listener: (lost: boolean) => void): () => void;
}

/** ms a call waits for a connection before it fails as `offline`. */
const patience = 10_000;

type Frame =
  { run: string } | { id: number; outcome: Outcome<unknown> } | { event: EventName; payload: unknown };

/** The address of this page's socket. It names the page, so that the host knows a call that is repeated. */
const urlOfThisPage = () => `ws://${location.host}/bridge?page=${crypto.randomUUID()}`;

/** The bridge over a WebSocket that reconnects by itself. `close` is for tests; a page keeps it open. */
export function createSocketBridge(url = urlOfThisPage()): Bridge & Host & { close(): void } {
  const calls = createPendingCalls(patience);
  const listeners = new Map<EventName, Set<(payload: never) => void>>();
  const lostListeners = new Set<(lost: boolean) => void>();
  let send: (frame: string) => void = () => undefined;
  let greetedBefore = false;

  const emit = (name: EventName, payload: unknown) => {
    // The host sends under this name what the contract says.
    for (const listener of listeners.get(name) ?? []) listener(payload as never);
  };
  /** Events were missed during a break: what they would have told is read anew. */
  const catchUp = async () => {
    const [app, connection] = await Promise.all([
      calls.call('app.state', {}),
      calls.call('connection.state', {}),
    ]);
    if (app.ok) emit('app.changed', app.value);
    if (connection.ok) emit('connection.changed', connection.value);
    emit('conversations.reset', {});
  };
  const received = (text: string) => {
    // This address can only be our own host.
    const frame = JSON.parse(text) as Frame;
    if ('event' in frame) emit(frame.event, frame.payload);
    else if ('id' in frame) calls.answered(frame.id, frame.outcome);
    else {
      calls.connected(frame.run, send);
      if (greetedBefore) void catchUp();
      greetedBefore = true;
    }
  };
  /** Until the first greeting, the calls that the page began with travel with the address: one way less. */
  const address = () => {
    if (greetedBefore) return url;
    const withCalls = new URL(url);
    withCalls.searchParams.set('calls', JSON.stringify(calls.begin()));
    return withCalls.href;
  };
  const close = keepConnected(address, {
    opened: (through) => (send = through),
    message: received,
    closed: () => {
      calls.disconnected();
    },
    lost: (lost) => {
      for (const listener of lostListeners) listener(lost);
    },
  });

  return {
    // The outcome is of the method that was called: the host's handlers are typed by the same contract.
    call: (name, params) => calls.call(name, params) as Promise<Outcome<never>>,
    on: (name, listener) => {
      const of = listeners.get(name) ?? new Set();
      listeners.set(name, of.add(listener));
      return () => of.delete(listener);
    },
    // A browser never tells a page where a file is.
    pathForFile: () => '',
    onHostLost: (listener) => {
      lostListeners.add(listener);
      return () => lostListeners.delete(listener);
    },
    close,
  };
}
