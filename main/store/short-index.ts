import type { MessageId } from '../../contract/ids.ts';
import type { WritableDb } from './db.ts';
import { run } from './sql.ts';
import { shortTokens } from './text.ts';

/** The entry of a message in the index for short queries; deleting is seen to by triggers. */
export function reindexShort(db: WritableDb, id: MessageId, text: string): void {
  const tokens = shortTokens(text);
  if (tokens.length > 0)
    run(db, 'INSERT INTO message_short (rowid, tokens) VALUES (?, ?)', id, tokens.join(' '));
}
