import type { MessageId } from '../../contract/ids.ts';
import type { ReadableDb } from './db.ts';
import { rows } from './sql.ts';

export interface DeliveryTimes {
  /** Unix ms, by this computer's clock; null for what did not happen, or before it was noted. */
  readonly sent: number | null;
  readonly delivered: number | null;
  readonly read: number | null;
}

/** When a message of ours came how far, as this device learnt it. Written by a trigger on its state. */
export function deliveryTimes(db: ReadableDb, id: MessageId): DeliveryTimes {
  const found = rows<{ state: keyof DeliveryTimes; at: number }>(
    db,
    'SELECT state, at FROM delivery_time WHERE message_id = ?',
    id,
  );
  const at = (state: keyof DeliveryTimes) => found.find((one) => one.state === state)?.at ?? null;
  return { sent: at('sent'), delivered: at('delivered'), read: at('read') };
}
