import type { ReadableDb } from '../main/store/index.ts';
import { pick, seeded } from './random.ts';

/** Queries as people type them: pieces of texts that are there, from anywhere in the history; `wanted`: what they are made of. */
export function queriesOf(db: ReadableDb, wanted: RegExp, length: number, rounds: number): string[] {
  const random = seeded(7);
  const span = db.prepare('SELECT min(id) AS low, max(id) AS high FROM message').get() as {
    low: number;
    high: number;
  };
  const near = db
    .prepare(`SELECT text FROM message WHERE id >= ? AND text <> '' ORDER BY id LIMIT 50`)
    .pluck();
  const found: string[] = [];
  while (found.length < rounds) {
    const texts = near.all(Math.floor(span.low + random() * (span.high - span.low))) as string[];
    const runs = texts.flatMap((text) => text.match(wanted) ?? []).filter((run) => [...run].length >= length);
    if (runs.length === 0) continue;
    const characters = [...pick(random, runs)];
    const start = Math.floor(random() * (characters.length - length + 1));
    found.push(characters.slice(start, start + length).join(''));
  }
  return found;
}

export const ms = (fn: () => unknown): number => {
  const begin = performance.now();
  fn();
  return performance.now() - begin;
};
