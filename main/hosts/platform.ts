import type { Ports } from '../ports.ts';

/** Other Unix systems behave like Linux in everything that is asked of this. */
export function platform(): Ports['platform'] {
  return process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux';
}
