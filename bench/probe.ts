/** What the benches ask of a page; all times are Unix time in ms, so that pages and processes can be compared. */
export interface Probe {
  /** When the frame that shows the page as it is now had been painted, and the page answered again. */
  painted(): Promise<number>;
  /** Resolves once `there()` is true, looking at each change of the document. */
  appears(there: () => boolean): Promise<void>;
  /** When the next event of this type happened, by the event's own stamp. */
  event(type: string): Promise<number>;
}

declare global {
  interface Window {
    probe: Probe;
    /** Set by `installProbe` where a selector was given. */
    shown: Promise<number>;
  }
}

/**
 * Runs in the page before its own scripts. `shown` resolves when something that fits `selector` has been painted.
 * Nothing from outside the function can be used in it.
 */
export function installProbe(selector: string): void {
  const now = () => performance.timeOrigin + performance.now();
  const probe: Probe = {
    painted: () =>
      new Promise((resolve) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          // Comes up after the frame's style, layout and paint.
          port1.onmessage = () => resolve(now());
          port2.postMessage(null);
        });
      }),
    appears: (there) =>
      new Promise((resolve) => {
        if (there()) return resolve();
        const observer = new MutationObserver(() => {
          if (!there()) return;
          observer.disconnect();
          resolve();
        });
        observer.observe(document, { subtree: true, childList: true, characterData: true });
      }),
    event: (type) =>
      new Promise((resolve) => {
        const heard = ({ timeStamp }: Event) => resolve(performance.timeOrigin + timeStamp);
        window.addEventListener(type, heard, { capture: true, once: true });
      }),
  };
  window.probe = probe;
  if (selector === '') return;
  window.shown = probe.appears(() => document.querySelector(selector) !== null).then(probe.painted);
}

export const conversationRow = 'ul[aria-label="Conversations"] > li';
