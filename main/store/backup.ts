import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { WritableDb } from './db.ts';
import { guarded } from './sql.ts';

const kept = 3;

/** Removes what an interrupted copy left, and all finished ones but the newest. Names sort by their time. */
function tidy(folder: string, prefix: string): void {
  const mine = readdirSync(folder).filter((name) => name.startsWith(prefix));
  const finished = mine.filter((name) => name.endsWith('.db')).sort();
  const old = [...mine.filter((name) => name.endsWith('.part')), ...finished.slice(0, -kept)];
  for (const name of old) rmSync(join(folder, name), { force: true });
}

/** A name of its own for each copy, also for two in the same millisecond. */
function freeName(folder: string, prefix: string, version: number): string {
  const taken = new Set(readdirSync(folder));
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  for (let n = 0; ; n += 1) {
    const name = `${prefix}${stamp}-${n}-v${version}.db`;
    if (!taken.has(name)) return join(folder, name);
  }
}

/**
 * A whole, consistent copy of the database in `folder`, of which the last 3 are kept. Blocks while
 * it copies. An unfinished copy never has the final name. Returns the copy's path. Throws disk-full,
 * folder-unwritable.
 */
export function backup(db: WritableDb, folder: string): string {
  return guarded(db, () => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const prefix = `${basename(db.name, '.db')}-`;
    const target = freeName(folder, prefix, Number(db.pragma('user_version', { simple: true })));
    const part = `${target}.part`;
    try {
      db.prepare('VACUUM INTO ?').run(part);
      renameSync(part, target);
    } finally {
      rmSync(part, { force: true });
      tidy(folder, prefix);
    }
    return target;
  });
}
