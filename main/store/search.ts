import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { SearchHit } from '../../contract/messages.ts';
import type { ReadableDb } from './db.ts';
import { messagesByIds } from './messages.ts';
import { shownName } from './people.ts';
import { each, guarded, rows, type Param } from './sql.ts';
import { folded, shortTokens, trigrams } from './text.ts';

/**
 * A page ends after so many texts compared, or so many ms, with what was found till then: a query that finds little
 * neither keeps the person waiting for the first results nor holds the app up.
 */
const mostCandidates = 5_000;
const mostTime = 25;
/** Trigrams beyond these no longer narrow a search; the text itself is compared anyway. */
const mostTrigrams = 12;

interface Candidate {
  readonly id: MessageId;
  readonly text: string;
}

/** Each term as an FTS5 string, all of them wanted. */
export const allOf = (terms: readonly string[]): string =>
  terms.map((term) => `"${term.replaceAll('"', '""')}"`).join(' AND ');

/**
 * Messages that may match, newest first (ids ascend in time). Three characters and more: the trigram index. Shorter
 * with a character of a dense script: the index of those. Other short ones are too common for an index to pay:
 * the newest messages are looked through, page by page.
 */
function candidates(db: ReadableDb, query: string, before: number): IterableIterator<Candidate> {
  const three = trigrams(query).slice(0, mostTrigrams);
  const from = (sql: string, ...params: Param[]) => each<Candidate>(db, sql, ...params);
  if (three.length > 0) {
    return from(
      `SELECT m.id, m.text FROM message_search s CROSS JOIN message m ON m.id = s.rowid
        WHERE message_search MATCH ? AND s.rowid < ? ORDER BY s.rowid DESC`,
      allOf(three),
      before,
    );
  }
  const short = shortTokens(query);
  if (short.length > 0) {
    return from(
      `SELECT m.id, m.text FROM message_short s CROSS JOIN message m ON m.id = s.rowid
        WHERE message_short MATCH ? AND s.rowid < ? ORDER BY s.rowid DESC`,
      allOf(short),
      before,
    );
  }
  return from('SELECT id, text FROM message WHERE id < ? ORDER BY id DESC', before);
}

/** The ids of one page, and the last id looked at when there may be more behind it. */
function find(db: ReadableDb, query: string, before: number, limit: number) {
  const wanted = folded(query);
  const ids: MessageId[] = [];
  const deadline = performance.now() + mostTime;
  let looked = 0;
  for (const { id, text } of candidates(db, query, before)) {
    if (folded(text).includes(wanted)) ids.push(id);
    looked += 1;
    const enough = ids.length === limit || looked === mostCandidates;
    if (enough || (looked % 16 === 0 && performance.now() > deadline)) return { ids, next: id };
  }
  return { ids, next: null };
}

/** What conversations are called. Requests are left out: what strangers write turns up nowhere. */
function names(db: ReadableDb, ids: readonly ConversationId[]): Map<ConversationId, string> {
  const found = rows<{ id: ConversationId; address: string; name: string | null; nick: string | null }>(
    db,
    `SELECT c.id, c.address, p.name, p.nick FROM conversation c LEFT JOIN person p ON p.address = c.address
      WHERE c.id IN (SELECT value FROM json_each(?)) AND c.request = 'none'`,
    JSON.stringify(ids),
  );
  return new Map(found.map((c) => [c.id, shownName(c.address, c.name, c.nick)]));
}

function parseCursor(before: string | null): number {
  if (before === null) return Number.MAX_SAFE_INTEGER;
  const id = /^\d{1,16}$/.test(before) ? Number(before) : Number.NaN;
  if (!Number.isSafeInteger(id)) throw new PostcardError('invalid-argument');
  return id;
}

/**
 * Messages whose text contains `query`, newest first; case and accents do not matter. A page may hold fewer than
 * `limit` items, even none, and still have a `next`: the work for one page is bounded. Throws invalid-argument for
 * a broken cursor.
 */
export function searchMessages(
  db: ReadableDb,
  o: { query: string; before: string | null; limit: number },
): { items: SearchHit[]; next: string | null } {
  const query = o.query.replaceAll('\0', '');
  if (query === '') return { items: [], next: null };
  const before = parseCursor(o.before);
  const { ids, next } = guarded(db, () => find(db, query, before, o.limit));
  const found = messagesByIds(db, ids).sort((a, b) => b.id - a.id);
  const called = names(db, [...new Set(found.map((m) => m.conversationId))]);
  const items = found.flatMap((message) => {
    const conversationName = called.get(message.conversationId);
    return conversationName === undefined ? [] : [{ message, conversationName }];
  });
  return { items, next: next === null ? null : String(next) };
}
