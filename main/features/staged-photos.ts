import type { ConversationId } from '../../contract/ids.ts';
import type { StagedPhoto } from '../../contract/photos.ts';
import type { Events } from '../events.ts';
import { listStaged, type ReadableDb, type StagedRow } from '../store/index.ts';

/** A staged photo as the window may see it. */
export function publicPart({ sha256: _sha256, frames: _frames, ...photo }: StagedRow): StagedPhoto {
  return photo;
}

/** Says what is staged in a conversation now. */
export const tellStaged = (db: ReadableDb, events: Events, conversationId: ConversationId): void =>
  events.emit('photos.stagedChanged', {
    conversationId,
    items: listStaged(db, conversationId).map(publicPart),
  });
