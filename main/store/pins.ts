import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { Message } from '../../contract/messages.ts';
import { mostPins } from '../../contract/pins.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { messagesByIds } from './messages.ts';
import { row, rows, run, values } from './sql.ts';
import { transact } from './transaction.ts';
import { isUnsent } from './unsent.ts';

/** A pin as devices tell each other: what it is called on all of them, and the time of its last change. */
export interface PinState {
  /** `o:` and its origin id for a message of mine that has one, else `s:` and its id in my archive. */
  readonly name: string;
  readonly pinned: boolean;
  /** Unix time in ms, by the clock of the device that changed it. */
  readonly changedAt: number;
}

/** What the devices of an account keep of one conversation; older ones that were taken away are forgotten. */
const mostKept = 120;

/** Messages pinned in a conversation, oldest first. */
export function pinnedMessages(db: ReadableDb, id: ConversationId): Message[] {
  const ids = values<MessageId>(
    db,
    `SELECT message_id FROM pinned_message
      WHERE conversation_id = ? AND pinned = 1 AND message_id IS NOT NULL ORDER BY message_id`,
    id,
  );
  return messagesByIds(db, ids);
}

interface Place {
  readonly conversationId: ConversationId;
  readonly name: string | null;
}

/** What a message is called on all my devices; null while no archive has named it. */
const named = `CASE WHEN m.outgoing = 1 AND m.origin_id IS NOT NULL THEN 'o:' || m.origin_id ELSE 's:' || m.stanza_id END`;

/**
 * Pins or unpins a message here. Beyond the most there can be, the pin that was set first goes. The other devices are
 * to be told. Null when there is no such message; false when nothing changed.
 */
export function setMessagePinned(
  db: WritableDb,
  id: MessageId,
  o: { pinned: boolean; now: number },
): { conversationId: ConversationId; dropped: MessageId[] } | false | null {
  return transact(db, () => {
    const place = row<Place>(
      db,
      `SELECT m.conversation_id AS conversationId, ${named} AS name FROM message m WHERE m.id = ?`,
      id,
    );
    if (!place) return null;
    const before = row<{ pinned: number; changedAt: number }>(
      db,
      'SELECT pinned, changed_at AS changedAt FROM pinned_message WHERE message_id = ?',
      id,
    );
    if ((before?.pinned ?? 0) === (o.pinned ? 1 : 0)) return false;
    // Later than what it replaces, whatever another device's clock said.
    const at = Math.max(o.now, (before?.changedAt ?? 0) + 1);
    save(db, place.conversationId, { id, name: place.name, pinned: o.pinned, changedAt: at });
    const dropped = o.pinned ? dropOldest(db, place.conversationId, at) : [];
    run(db, 'INSERT OR IGNORE INTO pin_sync (conversation_id) VALUES (?)', place.conversationId);
    return { conversationId: place.conversationId, dropped };
  });
}

interface Saved {
  readonly id: MessageId | null;
  readonly name: string | null;
  readonly pinned: boolean;
  readonly changedAt: number;
}

function save(db: WritableDb, conversationId: ConversationId, { id, name, pinned, changedAt }: Saved) {
  run(
    db,
    'DELETE FROM pinned_message WHERE message_id = ? OR (conversation_id = ? AND name = ?)',
    id,
    conversationId,
    name,
  );
  run(
    db,
    `INSERT INTO pinned_message (conversation_id, message_id, name, pinned, changed_at)
     VALUES (?, ?, ?, ?, ?)`,
    conversationId,
    id,
    name,
    pinned ? 1 : 0,
    changedAt,
  );
}

function dropOldest(db: WritableDb, id: ConversationId, now: number): MessageId[] {
  return values<MessageId>(
    db,
    `UPDATE pinned_message SET pinned = 0, changed_at = max(changed_at + 1, ?) WHERE id IN (
       SELECT id FROM pinned_message WHERE conversation_id = ? AND pinned = 1 AND message_id IS NOT NULL
        ORDER BY changed_at DESC LIMIT -1 OFFSET ?)
     RETURNING message_id`,
    now,
    id,
    mostPins,
  );
}

/** Names that came after the pin was set, and messages that came after their pin. */
function completePins(db: WritableDb, id: ConversationId): void {
  run(
    db,
    `UPDATE OR IGNORE pinned_message SET name = (SELECT ${named} FROM message m WHERE m.id = message_id)
      WHERE conversation_id = ? AND name IS NULL AND message_id IS NOT NULL`,
    id,
  );
  const waiting = rows<{ pin: number; name: string }>(
    db,
    `SELECT id AS pin, name FROM pinned_message
      WHERE conversation_id = ? AND message_id IS NULL AND name IS NOT NULL AND pinned = 1`,
    id,
  );
  for (const { pin, name } of waiting) {
    const message = messageOf(db, id, name);
    if (message === null) continue;
    run(db, 'UPDATE OR IGNORE pinned_message SET message_id = ? WHERE id = ?', message, pin);
    if (isUnsent(db, message)) forgetPin(db, message);
  }
}

/** Brings pins and the messages they mean together, where either came later. Returns whose pins are new here. */
export function settlePins(db: WritableDb): { conversationId: ConversationId; id: MessageId }[] {
  const waiting = values<ConversationId>(
    db,
    'SELECT DISTINCT conversation_id FROM pinned_message WHERE message_id IS NULL AND pinned = 1',
  );
  return waiting.flatMap((conversationId) => {
    const known = new Set(pinnedMessages(db, conversationId).map(({ id }) => id));
    completePins(db, conversationId);
    return pinnedMessages(db, conversationId)
      .filter(({ id }) => !known.has(id))
      .map(({ id }) => ({ conversationId, id }));
  });
}

/** What devices know of a conversation's pins, the newest changes first. */
export function pinStates(db: WritableDb, id: ConversationId): PinState[] {
  completePins(db, id);
  return rows<Omit<PinState, 'pinned'> & { pinned: number }>(
    db,
    `SELECT name, pinned, changed_at AS changedAt FROM pinned_message
      WHERE conversation_id = ? AND name IS NOT NULL ORDER BY pinned DESC, changed_at DESC LIMIT ?`,
    id,
    mostKept,
  ).map((state) => ({ ...state, pinned: state.pinned === 1 }));
}

/**
 * Takes over what another device says of a conversation's pins: of each message the later change counts, of two of
 * the same time the pin. `changed`: messages whose pin is another now; `behind`: that device is to hear of more.
 */
export function mergePins(
  db: WritableDb,
  conversationId: ConversationId,
  told: readonly PinState[],
): { changed: MessageId[]; behind: boolean } {
  return transact(db, () => {
    const before = new Set(pinnedMessages(db, conversationId).map(({ id }) => id));
    const known = new Map(pinStates(db, conversationId).map((state) => [state.name, state]));
    for (const state of told.slice(0, mostKept)) {
      const mine = known.get(state.name);
      if (mine && !isLater(state, mine)) continue;
      const id = messageOf(db, conversationId, state.name);
      save(db, conversationId, { ...state, id });
      // The other device did not know yet that it was unsent, or its clock is ahead.
      if (state.pinned && id !== null && isUnsent(db, id)) forgetPin(db, id);
    }
    const after = new Set(pinnedMessages(db, conversationId).map(({ id }) => id));
    const changed = [...before, ...after].filter((id) => before.has(id) !== after.has(id));
    const heard = new Map(told.map((state) => [state.name, state]));
    const behind = [...known.values()].some((mine) => {
      const theirs = heard.get(mine.name);
      return theirs === undefined ? mine.pinned : isLater(mine, theirs);
    });
    return { changed, behind };
  });
}

const isLater = (a: PinState, b: PinState): boolean =>
  a.changedAt > b.changedAt || (a.changedAt === b.changedAt && a.pinned && !b.pinned);

function messageOf(db: ReadableDb, id: ConversationId, name: string): MessageId | null {
  const known = name.slice(2);
  const where = name.startsWith('o:')
    ? 'coalesce(origin_id, wire_id) = ? AND conversation_id = ? AND outgoing = 1'
    : 'stanza_id = ? AND conversation_id = ?';
  return row<{ id: MessageId }>(db, `SELECT id FROM message WHERE ${where}`, known, id)?.id ?? null;
}

/** Whether some pin of a conversation can't be told yet, because no archive has named its message. */
export const hasNamelessPins = (db: ReadableDb, id: ConversationId): boolean =>
  row(db, 'SELECT 1 FROM pinned_message WHERE conversation_id = ? AND name IS NULL LIMIT 1', id) !==
  undefined;

/** Conversations whose pins the other devices are to hear of. */
export const pinsToTell = (db: ReadableDb): { conversationId: ConversationId; address: string }[] =>
  rows(
    db,
    `SELECT s.conversation_id AS conversationId, c.address FROM pin_sync s
      CROSS JOIN conversation c ON c.id = s.conversation_id`,
  );

export const notePinsToTell = (db: WritableDb, id: ConversationId): number =>
  run(db, 'INSERT OR IGNORE INTO pin_sync (conversation_id) VALUES (?)', id);

export const pinsTold = (db: WritableDb, id: ConversationId): number =>
  run(db, 'DELETE FROM pin_sync WHERE conversation_id = ?', id);

/** Of a message that was unsent: it is no longer pinned, anywhere. */
export function forgetPin(db: WritableDb, id: MessageId): void {
  setMessagePinned(db, id, { pinned: false, now: Date.now() });
}
