import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { DeliveryState } from '../../contract/messages.ts';
import { attachmentsOf } from './attachments.ts';
import type { ReadableDb } from './db.ts';
import { shownName } from './people.ts';
import { afterAll, type Place } from './place.ts';
import type { AttachmentRow } from './rows.ts';
import { row, rows, type Param } from './sql.ts';

/** A message with all that is known of it, shown or not. */
export interface EvidenceMessage {
  readonly id: MessageId;
  readonly conversationId: ConversationId;
  /** The conversation's. */
  readonly conversation: string;
  readonly outgoing: boolean;
  readonly sender: string;
  readonly senderName: string;
  readonly wireId: string | null;
  readonly originId: string | null;
  readonly stanzaId: string | null;
  /** Unix time, ms. */
  readonly sentAt: number;
  readonly text: string;
  readonly state: DeliveryState;
  /** Kept in a request without being shown. */
  readonly folded: boolean;
  readonly attachments: readonly AttachmentRow[];
}

type Stored = Omit<EvidenceMessage, 'outgoing' | 'folded' | 'senderName' | 'attachments'> & {
  outgoing: 0 | 1;
  folded: 0 | 1;
  name: string | null;
  nick: string | null;
  occupant: string | null;
};

const select = `
  SELECT m.id, m.conversation_id AS conversationId, c.address AS conversation, m.outgoing, m.sender_address AS sender,
         m.wire_id AS wireId, m.origin_id AS originId, m.stanza_id AS stanzaId, m.sent_at AS sentAt, m.text, m.state,
         EXISTS (SELECT 1 FROM folded_message f WHERE f.message_id = m.id) AS folded, p.name, p.nick,
         o.nick AS occupant
    FROM message m JOIN conversation c ON c.id = m.conversation_id LEFT JOIN person p ON p.address = m.sender_address
    LEFT JOIN message_occupant o ON o.message_id = m.id`;

function query(db: ReadableDb, rest: string, ...params: Param[]): EvidenceMessage[] {
  const found = rows<Stored>(db, `${select} ${rest}`, ...params);
  const files = attachmentsOf(
    db,
    found.map((m) => m.id),
  );
  return found.map(({ name, nick, occupant, ...m }) => ({
    ...m,
    outgoing: m.outgoing === 1,
    folded: m.folded === 1,
    senderName: shownName(m.sender, name, nick, occupant),
    attachments: files.get(m.id) ?? [],
  }));
}

const placeOf = (db: ReadableDb, id: MessageId) =>
  row<Place & { conversationId: ConversationId }>(
    db,
    'SELECT conversation_id AS conversationId, sort_at AS at, sort_seq AS seq FROM message WHERE id = ?',
    id,
  );

const older = (db: ReadableDb, id: ConversationId, place: Place, limit: number): EvidenceMessage[] =>
  query(
    db,
    `WHERE m.conversation_id = ? AND (m.sort_at, m.sort_seq) < (?, ?)
     ORDER BY m.sort_at DESC, m.sort_seq DESC LIMIT ?`,
    id,
    place.at,
    place.seq,
    limit,
  ).reverse();

const newer = (db: ReadableDb, id: ConversationId, place: Place, limit: number): EvidenceMessage[] =>
  query(
    db,
    `WHERE m.conversation_id = ? AND (m.sort_at, m.sort_seq) > (?, ?) ORDER BY m.sort_at, m.sort_seq LIMIT ?`,
    id,
    place.at,
    place.seq,
    limit,
  );

export interface EvidenceWindow {
  /** Oldest first. */
  readonly items: EvidenceMessage[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
}

/** A message with so many before and after it. Throws not-found. */
export function evidenceAround(
  db: ReadableDb,
  id: MessageId,
  o: { before: number; after: number },
): EvidenceWindow {
  const place = placeOf(db, id);
  if (!place) throw new PostcardError('not-found');
  const early = older(db, place.conversationId, place, o.before + 1);
  const late = newer(db, place.conversationId, place, o.after + 1);
  return {
    items: [
      ...early.slice(Math.max(0, early.length - o.before)),
      ...evidenceByIds(db, [id]),
      ...late.slice(0, o.after),
    ],
    hasBefore: early.length > o.before,
    hasAfter: late.length > o.after,
  };
}

/** The newest ones of a conversation. */
export function newestEvidence(db: ReadableDb, id: ConversationId, limit: number): EvidenceWindow {
  const found = older(db, id, afterAll, limit + 1);
  const hasBefore = found.length > limit;
  return { items: hasBefore ? found.slice(1) : found, hasBefore, hasAfter: false };
}

/**
 * In their order; those that are gone are left out. The `+` keeps the planner from walking through the conversation
 * in the order asked for: it looks up each id.
 */
export const evidenceByIds = (db: ReadableDb, ids: readonly MessageId[]): EvidenceMessage[] =>
  query(
    db,
    `WHERE m.id IN (SELECT value FROM json_each(?)) ORDER BY +m.conversation_id, +m.sort_at, +m.sort_seq`,
    JSON.stringify(ids),
  );
