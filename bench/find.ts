import { tmpdir } from 'node:os';
import type { ConversationId } from '../contract/ids.ts';
import { findInConversation, openStore, type ReadableDb } from '../main/store/index.ts';
import { compared, median, quantile, type Figure } from './figure.ts';
import { generated } from './generator.ts';
import { ms, queriesOf } from './queries.ts';

const rounds = 200;
const limit = 30;

/** The conversations with most messages, and as many from the middle: the index and reading through each have their turn. */
function conversations(db: ReadableDb): ConversationId[] {
  const all = db
    .prepare('SELECT conversation_id FROM message GROUP BY conversation_id ORDER BY count(*) DESC')
    .pluck()
    .all() as ConversationId[];
  const middle = Math.floor(all.length / 2);
  return [...all.slice(0, 10), ...all.slice(middle, middle + 10)];
}

/** The same by SQL alone: the conversation read from its end, whatever is in it. */
function bareFind(db: ReadableDb): (conversationId: ConversationId, query: string) => unknown {
  const select = db.prepare(
    `SELECT id, text FROM message WHERE conversation_id = ? AND text LIKE ? ORDER BY sent_at DESC, id DESC LIMIT ${limit}`,
  );
  return (conversationId, query) => select.all(conversationId, `%${query}%`);
}

/** Over `large`, the first results in one conversation, of words that are somewhere in the account; and every page of them. */
export default async function find(): Promise<readonly Figure[]> {
  const store = openStore({ file: generated('large'), backupFolder: tmpdir() });
  try {
    const { db } = store;
    const bare = bareFind(db);
    const where = conversations(db);
    const times = { first: [] as number[], whole: [] as number[], bare: [] as number[] };
    const words = [2, 3, 5, 8].flatMap((length) => queriesOf(db, /[a-z]+/gu, length, rounds / 4));
    words.forEach((query, i) => {
      const conversationId = where[i % where.length] as ConversationId;
      const page = (before: string | null) =>
        findInConversation(db, { conversationId, query, before, limit });
      // The first of a pair reads the pages from the disk for the second.
      const pair = [
        () => times.first.push(ms(() => page(null))),
        () => times.bare.push(ms(() => bare(conversationId, query))),
      ];
      for (const step of i % 2 === 0 ? pair : pair.toReversed()) step();
      times.whole.push(
        ms(() => {
          for (let next = page(null).next; next !== null; next = page(next).next);
        }),
      );
    });
    const peer = "SQLite's own query";
    return [
      compared('find', quantile(times.first, 0.95), 'ms', peer, quantile(times.bare, 0.95)),
      compared('find-median', median(times.first), 'ms', peer, median(times.bare)),
      { name: 'find-whole', value: Number(quantile(times.whole, 0.95).toPrecision(4)), unit: 'ms' },
    ];
  } finally {
    store.close();
  }
}
