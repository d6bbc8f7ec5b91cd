/** ms between two attempts, longer each time. */
const waits = [50, 100, 250, 500, 1_000, 2_000];
/** ms without a connection until it counts as lost. */
const lostAfter = 2_000;

export interface SocketEvents {
  opened(send: (frame: string) => void): void;
  message(text: string): void;
  closed(): void;
  /** True some time after the connection went and did not come back, false when it is there again. */
  lost(lost: boolean): void;
}

/**
 * A WebSocket that connects again whenever it closes, for as long as the page lives. Returns what ends it.
 * @param url asked at each attempt
 */
export function keepConnected(url: () => string, events: SocketEvents): () => void {
  let socket: WebSocket | null = null;
  let attempt = 0;
  let lost = false;
  let ended = false;
  let lostTimer: ReturnType<typeof setTimeout> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  const setLost = (value: boolean) => {
    clearTimeout(lostTimer);
    lostTimer = undefined;
    if (lost === value) return;
    lost = value;
    events.lost(value);
  };
  const open = () => {
    if (ended) return;
    const current = new WebSocket(url());
    socket = current;
    current.onopen = () => {
      attempt = 0;
      setLost(false);
      events.opened((frame) => {
        current.send(frame);
      });
    };
    current.onmessage = ({ data }) => {
      events.message(String(data));
    };
    current.onclose = () => {
      if (ended) return;
      events.closed();
      lostTimer ??= setTimeout(() => setLost(true), lostAfter);
      retryTimer = setTimeout(open, waits[Math.min(attempt, waits.length - 1)]);
      attempt += 1;
    };
  };
  // After the calls that the page begins with, which the address carries.
  queueMicrotask(open);
  return () => {
    ended = true;
    clearTimeout(lostTimer);
    clearTimeout(retryTimer);
    socket?.close();
  };
}
