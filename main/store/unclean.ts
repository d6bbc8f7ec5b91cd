import { existsSync, rmSync, writeFileSync } from 'node:fs';

const marker = (file: string): string => `${file}.unclean`;

/** Notes that this database had an error that may have damaged it, so that the next start checks it. */
export function markUnclean(file: string): void {
  try {
    writeFileSync(marker(file), '');
  } catch (error) {
    // The disk that just failed fails again: the first error is the one that counts, and it is on its way.
    if (!(error instanceof Error)) throw error;
  }
}

export const wasUnclean = (file: string): boolean => existsSync(marker(file));
export const forgetUnclean = (file: string): void => rmSync(marker(file), { force: true });
