import { get } from 'node:http';

/** An open line to the hub of this home. */
export interface HubWatch {
  /** Resolves when the line ends, that is when the hub does, or when the signal is given. */
  ended: Promise<void>;
}

/**
 * Opens a line to a hub and makes sure that it is the one of this home.
 * Null when nobody answers within a second, or somebody else does.
 */
export function watchHub(port: number, homeId: string, signal: AbortSignal): Promise<HubWatch | null> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/postcard-hub/watch', agent: false, signal });
    const timer = setTimeout(() => request.destroy(), 1_000);
    const ended = new Promise<void>((end) => request.once('close', () => end()));
    const settle = (watch: HubWatch | null): void => {
      clearTimeout(timer);
      if (!watch) request.destroy();
      resolve(watch);
    };
    request.on('error', () => settle(null)); // refused, cut off or aborted: nobody is there, which is the answer
    request.on('response', (response) => {
      response.setEncoding('utf8');
      response.on('error', () => settle(null));
      response.once('data', (line: string) => settle(isOurs(line, homeId) ? { ended } : null));
      response.once('end', () => settle(null));
      response.resume();
    });
  });
}

function isOurs(line: string, homeId: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('name' in value) || !('homeId' in value))
      return false;
    return value.name === 'postcard-hub' && value.homeId === homeId;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
