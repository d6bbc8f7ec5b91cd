import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './folders.ts';

/** A disk of its own that can be filled. */
export interface SmallDisk {
  readonly folder: string;
  /** Until not a byte is left. */
  fill(): void;
  /** Makes room again. */
  free(): void;
  remove(): void;
}

/** Why there can be none here; null when there can be one. */
export const noSmallDisk = (): string | null =>
  process.platform === 'linux' && process.getuid?.() === 0
    ? null
    : 'a disk that can be filled is mounted by root on Linux alone';

/** @param size bytes */
export function smallDisk(size: number): SmallDisk {
  const folder = temporaryFolder('disk');
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'postcard-test', folder]);
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: () => fillWith(filler),
    free: () => rmSync(filler, { force: true }),
    // Whatever still writes there must not keep it.
    remove: () => void execFileSync('umount', ['--lazy', folder]),
  };
}

function fillWith(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (const size of [1_000_000, 4096, 1]) writeWhileThereIsRoom(file, Buffer.alloc(size));
  } finally {
    closeSync(file);
  }
}

function writeWhileThereIsRoom(file: number, bytes: Buffer): void {
  for (;;) {
    try {
      writeSync(file, bytes);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return;
      throw error;
    }
  }
}
