import { PostcardError } from '../../contract/errors.ts';
import type { Found } from '../../contract/gallery.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb } from './db.ts';
import { parsePosition, positionOf } from './place.ts';
import { allOf } from './search.ts';
import { each, guarded, value, type Param } from './sql.ts';
import { folded, trigrams } from './text.ts';

/** A page ends after so many ms, with what was found till then. */
const mostTime = 25;
/** Trigrams beyond these no longer narrow a search. */
const mostTrigrams = 12;
/** A conversation of so many messages is read through in some ms; asking the index of the whole account may take longer. */
const shortConversation = 4_000;
/** With so few candidates in the whole account, looking each up is faster than reading the conversation. */
const fewCandidates = 2_000;

interface Candidate {
  readonly id: MessageId;
  readonly at: number;
  readonly seq: number;
  readonly text: string;
}

/** Reads a conversation from new to old, by the index of its order. */
function fromConversation(db: ReadableDb, id: ConversationId, before: string): IterableIterator<Candidate> {
  const place = parsePosition(before);
  return each<Candidate>(
    db,
    `SELECT id, sort_at AS at, sort_seq AS seq, text FROM message
      WHERE conversation_id = ? AND (sort_at, sort_seq) < (?, ?) AND text <> ''
        AND NOT EXISTS (SELECT 1 FROM folded_message f WHERE f.message_id = message.id)
      ORDER BY sort_at DESC, sort_seq DESC`,
    id,
    place.at,
    place.seq,
  );
}

/** The few messages of the account that have all the trigrams, and of them those of the conversation. */
const fromIndex = (db: ReadableDb, id: ConversationId, match: string, before: number) =>
  each<Candidate>(
    db,
    `SELECT m.id, m.sort_at AS at, m.sort_seq AS seq, m.text
       FROM message_search s CROSS JOIN message m ON m.id = s.rowid
      WHERE message_search MATCH ? AND s.rowid < ? AND m.conversation_id = ?
        AND NOT EXISTS (SELECT 1 FROM folded_message f WHERE f.message_id = m.id)
      ORDER BY s.rowid DESC`,
    match,
    before,
    id,
  );

function areFew(db: ReadableDb, match: string): boolean {
  const params: Param[] = [match, fewCandidates + 1];
  const count = value<number>(
    db,
    'SELECT count(*) FROM (SELECT rowid FROM message_search WHERE message_search MATCH ? LIMIT ?)',
    ...params,
  );
  return (count ?? 0) <= fewCandidates;
}

function isShort(db: ReadableDb, id: ConversationId): boolean {
  const count = value<number>(
    db,
    'SELECT count(*) FROM (SELECT 1 FROM message WHERE conversation_id = ? LIMIT ?)',
    id,
    shortConversation + 1,
  );
  return (count ?? 0) <= shortConversation;
}

/** What the first page chose is gone on with: `i` the index, `c` the conversation. */
type Cursor = { readonly way: 'i'; readonly id: number } | { readonly way: 'c'; readonly position: string };

const END = `${Number.MAX_SAFE_INTEGER}.0`;

function start(
  db: ReadableDb,
  id: ConversationId,
  query: string,
  before: string | null,
): Cursor & { match: string } {
  const three = trigrams(query).slice(0, mostTrigrams);
  const match = allOf(three);
  if (before === null) {
    if (three.length > 0 && !isShort(db, id) && areFew(db, match))
      return { way: 'i', id: Number.MAX_SAFE_INTEGER, match };
    return { way: 'c', position: END, match };
  }
  const rest = before.slice(1);
  if (before.startsWith('i') && /^\d{1,16}$/.test(rest)) return { way: 'i', id: Number(rest), match };
  if (before.startsWith('c')) return { way: 'c', position: rest, match };
  throw new PostcardError('invalid-argument');
}

/**
 * Messages of one conversation whose text contains `query`, newest first; case and accents do not matter. A page may
 * hold fewer than `limit` items, even none, and still have a `next`: the work for one page is bounded. Throws
 * invalid-argument for a broken cursor.
 */
export function findInConversation(
  db: ReadableDb,
  o: { conversationId: ConversationId; query: string; before: string | null; limit: number },
): { items: Found[]; next: string | null } {
  const query = o.query.replaceAll('\0', '');
  if (query === '') return { items: [], next: null };
  return guarded(db, () => {
    const deadline = performance.now() + mostTime;
    const from = start(db, o.conversationId, query, o.before);
    const wanted = folded(query);
    const items: Found[] = [];
    let looked = 0;
    const candidates =
      from.way === 'i'
        ? fromIndex(db, o.conversationId, from.match, from.id)
        : fromConversation(db, o.conversationId, from.position);
    for (const { id, text, ...place } of candidates) {
      const position = positionOf(place);
      if (folded(text).includes(wanted)) items.push({ id, position });
      looked += 1;
      const next = from.way === 'i' ? `i${id}` : `c${position}`;
      if (items.length === o.limit || (looked % 16 === 0 && performance.now() > deadline))
        return { items, next };
    }
    return { items, next: null };
  });
}
