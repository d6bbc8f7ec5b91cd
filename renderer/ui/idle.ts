/**
 * Resolves when nothing else is to be done, `within` ms at the latest. Every engine but WebKit has idle callbacks; both
 * hosts are Chromium, the browser host's page may be elsewhere.
 */
export const idle = (within: number): Promise<void> =>
  new Promise((resolve) => {
    if ('requestIdleCallback' in globalThis) requestIdleCallback(() => resolve(), { timeout: within });
    else setTimeout(resolve, Math.min(within, 50));
  });
