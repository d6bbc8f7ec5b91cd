import * as v from 'valibot';
import type { ConversationId } from '../../contract/ids.ts';
import { metadataProfile, quality, type PhotoChoice } from '../../contract/photos.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import { row, run } from './sql.ts';

const stored = v.object({ quality, metadata: metadataProfile });

/** What was chosen last in this conversation; null when nothing, or nothing that is known here. */
export function photoChoice(db: ReadableDb, conversationId: ConversationId): PhotoChoice | null {
  const found = row(
    db,
    'SELECT quality, metadata FROM photo_choice WHERE conversation_id = ?',
    conversationId,
  );
  const read = v.safeParse(stored, found);
  return read.success ? read.output : null;
}

export const setPhotoChoice = (db: WritableDb, conversationId: ConversationId, choice: PhotoChoice): void =>
  void run(
    db,
    `INSERT INTO photo_choice (conversation_id, quality, metadata) VALUES (?, ?, ?)
     ON CONFLICT (conversation_id) DO UPDATE SET quality = excluded.quality, metadata = excluded.metadata`,
    conversationId,
    choice.quality,
    choice.metadata,
  );
