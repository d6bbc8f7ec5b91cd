import type { MessageId } from '../../contract/ids.ts';
import { noParts, type Message, type MessageParts } from '../../contract/messages.ts';
import { loadAlbums } from './albums.ts';
import type { ReadableDb } from './db.ts';
import { loadForwards } from './forwards.ts';
import { loadBlocked, loadMentions, loadModerated } from './group-messages.ts';
import { loadPinned } from './pin-marks.ts';
import { loadPinnedForAll } from './room-pins.ts';
import { loadPolls } from './polls.ts';
import { loadQuestions } from './questions.ts';
import { loadReactions } from './reactions.ts';
import { loadReplies } from './replies.ts';
import { loadStickers } from './sticker-marks.ts';
import { loadUnsent } from './unsent.ts';
import { loadEdited } from './versions.ts';

/**
 * What one feature adds to messages, from its own tables: by one indexed query for a whole page. Messages it has
 * nothing for are left out; their part is the default of `noParts`.
 */
export type PartLoader = (
  db: ReadableDb,
  ids: readonly MessageId[],
) => ReadonlyMap<MessageId, Partial<MessageParts>>;

/** One line a feature. */
const loaders: readonly PartLoader[] = [
  loadEdited,
  loadUnsent,
  loadPinned,
  loadPinnedForAll,
  loadAlbums,
  loadStickers,
  loadReplies,
  loadReactions,
  loadForwards,
  loadModerated,
  loadBlocked,
  loadMentions,
  loadPolls,
  loadQuestions,
];

/** The messages with all their parts, in the order they came. */
export function withParts(db: ReadableDb, messages: readonly Omit<Message, keyof MessageParts>[]): Message[] {
  const ids = messages.map((m) => m.id);
  const found = loaders.map((load) => load(db, ids)).filter((parts) => parts.size > 0);
  return messages.map((m) => {
    const whole: Message = { ...m, ...noParts };
    return found.reduce((sum, parts) => Object.assign(sum, parts.get(m.id)), whole);
  });
}
