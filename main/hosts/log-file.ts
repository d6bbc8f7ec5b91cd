import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';

/** Bytes; two older files of this size are kept beside it. */
const rotateAt = 1_000_000;

/**
 * Appends lines to the profile's log, with the time. Written at once and synchronously: what is worth a line is
 * rare, and the last line before a crash is the one that matters. Never throws.
 */
export function createLog(file: string, limit = rotateAt): (line: string) => void {
  let told = false;
  return (line) => {
    try {
      if (sizeOf(file) >= limit) rotate(file);
      appendFileSync(file, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
    } catch (error) {
      // A full disk must not take the app down with its log; stderr hears of it once.
      if (told) return;
      told = true;
      process.stderr.write(`Postcard can't write its log: ${error instanceof Error ? error.name : ''}\n`);
    }
  };
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function rotate(file: string): void {
  rmSync(`${file}.2`, { force: true });
  if (sizeOf(`${file}.1`) > 0) renameSync(`${file}.1`, `${file}.2`);
  renameSync(file, `${file}.1`);
}
