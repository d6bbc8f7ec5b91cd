/** Where files may be fetched from, and where they are now. */
export interface FileHosts {
  /** The hub moves to another port when another instance takes it over: its old addresses follow it. */
  current(url: string): string;
  /** Loopback and private networks are open only where the account's own server is there. */
  allowed(host: string, url: URL): boolean;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]', '::1']);
const UPLOADS = '/upload/';

/**
 * @param hubUrl the hub's WebSocket address while this account is on this computer, else null.
 * @param onThisComputer the account is on the hub, whether or not that is found at the moment.
 */
export function createFileHosts(o: {
  onThisComputer: boolean;
  hubUrl(): string | null;
  serverHost(): string | null;
}): FileHosts {
  return {
    current: (url) => {
      const hub = o.hubUrl();
      if (hub === null || !URL.canParse(url)) return url;
      const target = new URL(url);
      if (!LOOPBACK.has(target.hostname) || !target.pathname.startsWith(UPLOADS)) return url;
      target.host = new URL(hub).host;
      return target.href;
    },
    allowed: (host, url) => {
      // Other programs of this computer listen on loopback too: a message must not be able to call them.
      if (o.onThisComputer) return isOfHub(url, o.hubUrl());
      const own = o.serverHost();
      return own !== null && (own === host || (LOOPBACK.has(own) && LOOPBACK.has(host)));
    },
  };
}

const isOfHub = (url: URL, hub: string | null): boolean =>
  hub !== null && url.host === new URL(hub).host && url.pathname.startsWith(UPLOADS);
