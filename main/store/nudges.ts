import type { ConversationId } from '../../contract/ids.ts';
import type { NudgeKind } from '../../contract/nudges.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { run, value, values } from './sql.ts';

/** What was said about this conversation before. */
export const nudgesGiven = (db: ReadableDb, id: ConversationId): Set<NudgeKind> =>
  new Set(values<NudgeKind>(db, 'SELECT kind FROM nudge_given WHERE conversation_id = ?', id));

export function noteNudge(db: WritableDb, id: ConversationId, kind: Exclude<NudgeKind, 'abusive'>): void {
  run(db, 'INSERT OR IGNORE INTO nudge_given (conversation_id, kind) VALUES (?, ?)', id, kind);
}

/** Messages looked at: more without an answer make no difference. */
const LOOKED_AT = 100;

/** How many messages of mine are among the newest, and whether any is not. */
export function exchanged(db: ReadableDb, id: ConversationId): { written: number; answered: boolean } {
  const newest = values<number>(
    db,
    `SELECT outgoing FROM message WHERE conversation_id = ? ORDER BY sort_at DESC, sort_seq DESC LIMIT ?`,
    id,
    LOOKED_AT,
  );
  const written = newest.filter((outgoing) => outgoing === 1).length;
  return { written, answered: written < newest.length };
}

/** They said STOP. `at`: Unix time, ms; the first time counts. */
export function noteOptOut(db: WritableDb, address: string, at: number): void {
  run(db, 'INSERT OR IGNORE INTO opt_out (address, said_at) VALUES (?, ?)', address, at);
}

/** Whether nothing automatic may go to this address, for good. */
export const hasOptedOut = (db: ReadableDb, address: string): boolean =>
  value<number>(db, 'SELECT 1 FROM opt_out WHERE address = ?', address) === 1;
