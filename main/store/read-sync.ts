import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { rows, run, value } from './sql.ts';

/** What was read here and other devices are to hear of, or read elsewhere up to what is not here yet. */
export interface OpenReadSync {
  readonly conversationId: ConversationId;
  /** Bare address. */
  readonly address: string;
  readonly published: string | null;
  readonly wanted: string | null;
  readonly pending: boolean;
}

export const openReadSyncs = (db: ReadableDb): OpenReadSync[] =>
  rows<Omit<OpenReadSync, 'pending'> & { pending: number }>(
    db,
    `SELECT r.conversation_id AS conversationId, c.address, r.published, r.wanted, r.pending
       FROM read_sync r CROSS JOIN conversation c ON c.id = r.conversation_id
      WHERE r.pending = 1 OR r.wanted IS NOT NULL`,
  ).map((r) => ({ ...r, pending: r.pending === 1 }));

/** Read further here. */
export function readHere(db: WritableDb, id: ConversationId): void {
  run(
    db,
    `INSERT INTO read_sync (conversation_id, pending) VALUES (?, 1)
     ON CONFLICT (conversation_id) DO UPDATE SET pending = 1`,
    id,
  );
}

/** The node says so now; `open` false: there is nothing left to tell or to do. */
export function noteReadSync(
  db: WritableDb,
  id: ConversationId,
  o: { published: string; wanted: string | null; pending: boolean },
): void {
  run(
    db,
    `INSERT INTO read_sync (conversation_id, published, wanted, pending) VALUES (?, ?, ?, ?)
     ON CONFLICT (conversation_id) DO UPDATE SET published = excluded.published, wanted = excluded.wanted,
       pending = excluded.pending`,
    id,
    o.published,
    o.wanted,
    o.pending ? 1 : 0,
  );
}

/** Archive id of the last received message that is read; null when there is none with one. */
export const lastReadStanzaId = (db: ReadableDb, id: ConversationId): string | null =>
  value<string>(
    db,
    `SELECT m.stanza_id FROM conversation c CROSS JOIN message m ON m.conversation_id = c.id
      WHERE c.id = ? AND (m.sort_at, m.sort_seq) <= (c.read_at, c.read_seq) AND m.outgoing = 0
        AND m.stanza_id IS NOT NULL
      ORDER BY m.sort_at DESC, m.sort_seq DESC LIMIT 1`,
    id,
  ) ?? null;

/** Whether what was read here, and is still to be told, goes beyond this message. */
export const readsFurther = (db: ReadableDb, id: ConversationId, message: MessageId): boolean =>
  value<number>(
    db,
    `SELECT 1 FROM read_sync r CROSS JOIN conversation c ON c.id = r.conversation_id
       CROSS JOIN message told ON told.id = ? CROSS JOIN message m ON m.conversation_id = c.id
      WHERE r.conversation_id = ? AND r.pending = 1 AND m.outgoing = 0 AND m.stanza_id IS NOT NULL
        AND (m.sort_at, m.sort_seq) > (told.sort_at, told.sort_seq)
        AND (m.sort_at, m.sort_seq) <= (c.read_at, c.read_seq)
      LIMIT 1`,
    message,
    id,
  ) === 1;

/** The message of this conversation with this archive id; null when it is not here. */
export const messageByStanzaId = (db: ReadableDb, id: ConversationId, stanzaId: string): MessageId | null =>
  value<MessageId>(db, 'SELECT id FROM message WHERE stanza_id = ? AND conversation_id = ?', stanzaId, id) ??
  null;
