/** Where files may be fetched from, and where they are now. */
export interface FileHosts {
  /** The hub moves to another port when another instance takes it over: its old addresses follow it. */
  current(url: string): string;
  /** Loopback and private networks are open only where the account's own server is there. */
  allowed(host: string): boolean;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);

/** @param hubUrl the hub's WebSocket address while this account is on this computer, else null. */
export function createFileHosts(o: { hubUrl(): string | null; serverHost(): string | null }): FileHosts {
  return {
    current: (url) => {
      const hub = o.hubUrl();
      if (hub === null || !URL.canParse(url)) return url;
      const target = new URL(url);
      if (!LOOPBACK.has(target.hostname) || !target.pathname.startsWith('/upload/')) return url;
      target.host = new URL(hub).host;
      return target.href;
    },
    allowed: (host) => {
      const own = o.serverHost();
      return own !== null && (own === host || (LOOPBACK.has(own) && LOOPBACK.has(host)));
    },
  };
}
