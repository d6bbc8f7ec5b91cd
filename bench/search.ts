import { tmpdir } from 'node:os';
import { openStore, searchMessages, type WritableDb } from '../main/store/index.ts';
import { trigrams } from '../main/store/text.ts';
import { compared, quantile, type Figure } from './figure.ts';
import { generated } from './generator.ts';
import { ms, queriesOf } from './queries.ts';

const rounds = 200;
const limit = 30;
const queries = (db: WritableDb, wanted: RegExp, length: number) => queriesOf(db, wanted, length, rounds);

/** The same by SQL alone: the index and LIKE, no names, no attachments. */
function bareSearch(db: WritableDb): (query: string) => unknown {
  const select = db.prepare(
    `SELECT m.id, m.text FROM message_search s CROSS JOIN message m ON m.id = s.rowid
      WHERE message_search MATCH ? AND m.text LIKE ? ORDER BY s.rowid DESC LIMIT ${limit}`,
  );
  return (query) =>
    select.all(
      trigrams(query)
        .map((t) => `"${t}"`)
        .join(' AND '),
      `%${query}%`,
    );
}

/** Over `large`, the first results with everything a list shows of them: p95 of 200 different queries. */
export default async function search(): Promise<readonly Figure[]> {
  const store = openStore({ file: generated('large'), backupFolder: tmpdir() });
  try {
    const { db } = store;
    const one = (query: string) => searchMessages(db, { query, before: null, limit });
    const bare = bareSearch(db);
    const ours: number[] = [];
    const peer: number[] = [];
    const substrings = [3, 5, 8, 12].flatMap((length) =>
      queries(db, /[a-z ]+/gu, length).slice(0, rounds / 4),
    );
    substrings.forEach((query, i) => {
      // The first of a pair reads the pages from the disk for the second.
      const pair = [() => ours.push(ms(() => one(query))), () => peer.push(ms(() => bare(query)))];
      for (const step of i % 2 === 0 ? pair : pair.toReversed()) step();
    });
    const cjk = [1, 2].map((length) =>
      queries(db, /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}]+/gu, length).map((query) =>
        ms(() => one(query)),
      ),
    );
    const short = queries(db, /[a-z]+/gu, 2).map((query) => ms(() => one(query)));
    const p95 = (numbers: readonly number[]) => Number(quantile(numbers, 0.95).toPrecision(4));
    return [
      compared('search', quantile(ours, 0.95), 'ms', "SQLite's own query", quantile(peer, 0.95)),
      { name: 'search-cjk-1', value: p95(cjk[0] ?? []), unit: 'ms' },
      { name: 'search-cjk-2', value: p95(cjk[1] ?? []), unit: 'ms' },
      { name: 'search-latin-2', value: p95(short), unit: 'ms' },
    ];
  } finally {
    store.close();
  }
}
