import type { ConversationId } from '../../contract/ids.ts';
import type { GroupState } from '../../contract/groups.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { ArchiveGap } from './rows.ts';
import { insert, row, rows, run } from './sql.ts';

/** A group, as far as its messages need it. */
export interface GroupRef {
  readonly conversationId: ConversationId;
  /** Of the room; bare. */
  readonly address: string;
  /** What I am called in it. */
  readonly nick: string;
  readonly state: GroupState;
}

const columns = 'conversation_id AS conversationId, address, nick, state';

/** null when no group has this address: a room that only claims to be one is none. */
export const groupByAddress = (db: ReadableDb, address: string): GroupRef | null =>
  row<GroupRef>(db, `SELECT ${columns} FROM room WHERE address = ?`, address) ?? null;

/** null for what is no group. */
export const groupById = (db: ReadableDb, id: ConversationId): GroupRef | null =>
  row<GroupRef>(db, `SELECT ${columns} FROM room WHERE conversation_id = ?`, id) ?? null;

/** How far a room's archive is known: its newest entry that was read, and whether any page ever was. */
export interface RoomArchived {
  readonly newest: { readonly id: string; readonly at: number } | null;
  readonly known: boolean;
}

/** Throws for what is no group. */
export function roomArchived(db: ReadableDb, id: ConversationId): RoomArchived {
  const found = row<{ id: string | null; at: number | null; known: number }>(
    db,
    'SELECT archived_id AS id, archived_at AS at, archive_known AS known FROM room WHERE conversation_id = ?',
    id,
  );
  if (!found) throw new Error('the archive of a room that is none');
  return {
    newest: found.id === null ? null : { id: found.id, at: found.at ?? 0 },
    known: found.known === 1,
  };
}

/** Everything but the gaps is known up to this entry. Its time only grows, whatever clocks say. Unix ms. */
export function setRoomArchived(
  db: WritableDb,
  id: ConversationId,
  newest: { id: string; at: number },
): void {
  run(
    db,
    'UPDATE room SET archived_id = ?, archived_at = max(ifnull(archived_at, 0), ?) WHERE conversation_id = ?',
    newest.id,
    newest.at,
    id,
  );
}

/** What its archive brings from now on is news: its newest page was seen, or it has just been made. */
export const markRoomArchiveKnown = (db: WritableDb, id: ConversationId): void =>
  void run(db, 'UPDATE room SET archive_known = 1 WHERE conversation_id = ?', id);

/** Newest first. */
export const roomGaps = (db: ReadableDb, id: ConversationId): ArchiveGap[] =>
  rows<ArchiveGap>(
    db,
    `SELECT id, after_id AS afterId, after_at AS afterAt, before_id AS beforeId, before_at AS beforeAt
       FROM room_gap WHERE conversation_id = ? ORDER BY coalesce(before_at, 9223372036854775807) DESC, id DESC`,
    id,
  );

/** Notes a hole; returns its id. */
export const addRoomGap = (db: WritableDb, id: ConversationId, gap: Omit<ArchiveGap, 'id'>): number =>
  insert(
    db,
    'INSERT INTO room_gap (conversation_id, after_id, after_at, before_id, before_at) VALUES (?, ?, ?, ?, ?)',
    id,
    gap.afterId,
    gap.afterAt,
    gap.beforeId,
    gap.beforeAt,
  );

/** A page at the hole's newer end has been stored: it now ends before that page's first message. */
export function narrowRoomGap(db: WritableDb, gap: number, o: { beforeId: string; beforeAt: number }): void {
  run(db, 'UPDATE room_gap SET before_id = ?, before_at = ? WHERE id = ?', o.beforeId, o.beforeAt, gap);
}

/** Everything in it is known now. */
export const closeRoomGap = (db: WritableDb, gap: number): void =>
  void run(db, 'DELETE FROM room_gap WHERE id = ?', gap);
