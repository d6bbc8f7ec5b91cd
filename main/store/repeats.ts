import type { MessageId } from '../../contract/ids.ts';
import type { DeliveryState } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { InboundRow } from './rows.ts';
import { row, rows, run, values } from './sql.ts';
import { isUnsent } from './unsent.ts';
import { firstText } from './versions.ts';

/** A stored message that a new one turned out to be. */
export interface Known {
  readonly id: MessageId;
  readonly outgoing: number;
  readonly sender_address: string;
  readonly origin_id: string | null;
  readonly stanza_id: string | null;
  readonly text: string;
  readonly state: DeliveryState;
}

const columns = 'id, outgoing, sender_address, origin_id, stanza_id, text, state';

function sameFiles(db: ReadableDb, id: MessageId, m: InboundRow): boolean {
  const urls = values<string | null>(db, 'SELECT url FROM attachment WHERE message_id = ? ORDER BY id', id);
  return (
    urls.length === m.attachments.length && urls.every((url, i) => url === (m.attachments[i]?.url ?? null))
  );
}

/**
 * Whether `m` is `known` again, given that both claim the same id. A message of this app is known by its random
 * origin-id alone: what the archive gives back of a photo is worded differently. For all others the sender could
 * claim any id, and clients exist that count from 1 at each start: only the same content is the same message, so
 * that nobody hides a message by claiming the id of another one. One that was edited is known by its first text, one
 * that was unsent by its id: it must not come back.
 */
function isRepeat(db: ReadableDb, known: Known, m: InboundRow): boolean {
  if ((known.outgoing === 1) !== m.outgoing || known.sender_address !== m.senderAddress) return false;
  if (m.outgoing && known.origin_id !== null) return true;
  if (isUnsent(db, known.id)) return true;
  return (firstText(db, known.id) ?? known.text) === m.text && sameFiles(db, known.id, m);
}

/**
 * The stored message that this one is: by the archive's id, else by the id it claims. A row that has another
 * stanza-id already can still be it: the same message sent twice is in the archive twice.
 */
export function findKnown(db: ReadableDb, m: InboundRow): Known | null {
  if (m.stanzaId !== null) {
    const found = row<Known>(
      db,
      `SELECT ${columns} FROM message WHERE stanza_id = ? AND conversation_id = ?`,
      m.stanzaId,
      m.conversationId,
    );
    if (found) return found;
  }
  const claimed = m.originId ?? m.wireId;
  if (claimed === null) return null;
  const candidates = rows<Known>(
    db,
    `SELECT ${columns} FROM message WHERE coalesce(origin_id, wire_id) = ? AND conversation_id = ?`,
    claimed,
    m.conversationId,
  );
  return candidates.find((known) => isRepeat(db, known, m)) ?? null;
}

/** Fills in the stanza-id, and for one of ours that it has arrived. True when something changed. */
export function completeKnown(db: WritableDb, known: Known, m: InboundRow): boolean {
  const fill = known.stanza_id === null && m.stanzaId !== null;
  if (fill) run(db, 'UPDATE message SET stanza_id = ? WHERE id = ?', m.stanzaId, known.id);
  return settle(db, known) || fill;
}

/** The server has a message of ours: `sending` or `failed` becomes `sent`, and nothing waits any more. */
export function settle(db: WritableDb, known: Pick<Known, 'id' | 'outgoing' | 'state'>): boolean {
  if (known.outgoing === 0 || (known.state !== 'sending' && known.state !== 'failed')) return false;
  run(db, `UPDATE message SET state = 'sent', problem = NULL WHERE id = ?`, known.id);
  run(db, 'DELETE FROM outbox WHERE message_id = ?', known.id);
  return true;
}
