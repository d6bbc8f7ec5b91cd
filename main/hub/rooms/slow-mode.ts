/** Slow mode: how long ago a member wrote (docs/mechanisms/hub-rooms.md "Policy"). On disk, for a hub that starts again. */
import { NS } from '../namespaces.ts';
import { listRoomMessages } from '../store/room-archive.ts';
import { findLastPost, saveLastPost } from '../store/room-last-post.ts';
import { child, parseXml } from '../xml.ts';
import type { Db } from '../store/database.ts';
import type { Post } from './policy.ts';
import type { Occupant, Room } from './room.ts';
import type { XmlElement } from '../xml.ts';

/** Messages of somebody among which the one that they correct is looked for. */
const NEAR = 200;

/**
 * When somebody last wrote something that a message does not belong to (ms; null: not lately), and how this one is
 * remembered once it was taken. The caption that follows its photo at once, and edits, belong to what was there.
 */
export function slowModeOf(
  db: Db,
  room: Room,
  author: Occupant,
  o: { message: XmlElement; post: Post; now: number },
): { lastAt: number | null; keep(): void } {
  const { edits, captionOf } = o.post;
  if (room.policy.slowMode === 0) return { lastAt: null, keep: () => undefined };
  if (edits !== null && isOwn(db, room, author, edits)) return { lastAt: null, keep: () => undefined };
  const last = findLastPost(db, room.id, author.user);
  const follows = captionOf !== null && captionOf !== '' && captionOf === last?.messageId;
  const messageId = captionOf === null ? (o.message.attrs.id ?? '') : '';
  return {
    lastAt: follows ? null : (last?.at ?? null),
    keep: () => saveLastPost(db, room.id, author.user, { at: o.now, messageId }),
  };
}

/** Something that is there is corrected. What only says so is one more message: other apps show it as one. */
function isOwn(db: Db, room: Room, author: Occupant, id: string): boolean {
  const page = { limit: NEAR, last: true, skip: 0 };
  return listRoomMessages(db, room.id, { nick: author.nick }, page).some(({ occupant, xml }) => {
    if (occupant !== author.occupantId) return false;
    const message = parseXml(xml);
    return message.attrs.id === id && child(message, 'body', NS.client) !== undefined;
  });
}
