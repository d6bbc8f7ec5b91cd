import type { MessageId } from '../../../contract/ids.ts';
import {
  dropEffect,
  effectsOfMessage,
  eraseMessage,
  forgetMedia,
  forgetPin,
  forgetAlbum,
  forgetForward,
  forgetMentions,
  forgetHeldPhoto,
  forgetPoll,
  forgetReactions,
  forgetReply,
  forgetSticker,
  leaveOutbox,
  type WritableDb,
} from '../../store/index.ts';

/**
 * Takes out what a feature keeps of a message beside it. The message itself stays, so that a table's
 * `ON DELETE CASCADE` does nothing: whatever has content of a message has its line here.
 */
type Purge = (db: WritableDb, id: MessageId) => void;

const purges: readonly Purge[] = [
  leaveOutbox,
  dropQueuedChanges,
  forgetMedia,
  forgetPin,
  forgetSticker,
  forgetAlbum,
  forgetReply,
  forgetReactions,
  forgetForward,
  forgetMentions,
  forgetHeldPhoto,
  forgetPoll,
];

/** Erases the content of a message, everywhere in the database. False when that was done before. In a transaction. */
export function purge(db: WritableDb, id: MessageId, at: number): boolean {
  if (!eraseMessage(db, id, at)) return false;
  for (const one of purges) one(db, id);
  return true;
}

/** An edit that waits still has the text. */
function dropQueuedChanges(db: WritableDb, id: MessageId): void {
  for (const waiting of effectsOfMessage(db, id)) dropEffect(db, waiting.id);
}
