import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { roomById, type ReadableDb } from '../../store/index.ts';
import { hasAccepted, nextMessageAt, standingOf } from './describe.ts';
import { rightsOf } from './rights.ts';

/** What somebody is about to send. */
export interface Post {
  /** All texts of it, with captions. */
  readonly text: string;
  /** Photos, files or stickers among it. */
  readonly media: boolean;
  /** How many messages it is. */
  readonly messages?: number;
}

/** An address of the web, also without its scheme. */
const LINK = /\b(?:https?:\/\/|www\.)\S/iu;

/**
 * Whether something may be sent in a conversation: always, but in a group whose rules say otherwise. Before it is
 * written anywhere, so that the draft stays. Throws `forbidden` {what}, `guidelines-first`, `slow-mode` {seconds}.
 */
export function mayPost(db: ReadableDb, id: ConversationId, post: Post, now = Date.now()): void {
  const room = roomById(db, id);
  if (room === null) return;
  const may = rightsOf(standingOf(room, now));
  if (!may.write) throw new PostcardError('forbidden', { what: 'write' });
  const { policy } = standingOf(room, now);
  if (!may.moderate && !hasAccepted(room, policy.guidelines)) throw new PostcardError('guidelines-first');
  if (post.media && !may.media) throw new PostcardError('forbidden', { what: 'media' });
  if (!may.links && LINK.test(post.text)) throw new PostcardError('forbidden', { what: 'links' });
  if (may.moderate || policy.slowMode === 0) return;
  const at = nextMessageAt(db, room, now);
  if (at > now) throw new PostcardError('slow-mode', { seconds: Math.ceil((at - now) / 1000) });
  if ((post.messages ?? 1) > 1) throw new PostcardError('slow-mode', { seconds: policy.slowMode });
}

/** Whether a group takes this text in place of one of mine. Throws `forbidden` {what}. */
export function mayEdit(db: ReadableDb, id: ConversationId, text: string, now = Date.now()): void {
  const room = roomById(db, id);
  if (room === null) return;
  const may = rightsOf(standingOf(room, now));
  if (!may.write) throw new PostcardError('forbidden', { what: 'write' });
  if (!may.links && LINK.test(text)) throw new PostcardError('forbidden', { what: 'links' });
}

/**
 * Whether a group passes on that I take something back: before it is gone here for good. Our hub lets people who are muted do
 * that; other servers pass nothing of theirs on. Throws `forbidden` {what}.
 */
export function mayUnsend(db: ReadableDb, id: ConversationId, now = Date.now()): void {
  const room = roomById(db, id);
  if (room === null) return;
  const { state, rank, muted } = standingOf(room, now);
  const isIn = (state === 'joined' || state === 'joining') && rank !== 'banned';
  if (!isIn || (muted && !room.enforced)) throw new PostcardError('forbidden', { what: 'unsend' });
}
