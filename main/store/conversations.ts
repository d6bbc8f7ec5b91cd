import type { Conversation } from '../../contract/conversations.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';

export interface EnsureConversation {
  readonly address: string;
  readonly kind: Conversation['kind'];
  /** Listed although it has no messages: somebody opened it by hand. */
  readonly started?: boolean;
  /** Unix time, ms. */
  readonly now?: number;
}
/** The conversation with this bare address; made when there is none. */
export function ensureConversation(_db: WritableDb, _c: EnsureConversation): ConversationId {
  throw new Error('not there yet');
}
export function conversationById(_db: ReadableDb, _id: ConversationId): Conversation | null {
  throw new Error('not there yet');
}
export function conversationByAddress(_db: ReadableDb, _address: string): Conversation | null {
  throw new Error('not there yet');
}
/** In no particular order; unknown ids are left out. */
export function conversationsByIds(_db: ReadableDb, _ids: readonly ConversationId[]): Conversation[] {
  throw new Error('not there yet');
}
export function addressOf(_db: ReadableDb, _id: ConversationId): string | null {
  throw new Error('not there yet');
}
/** Pinned first, then newest first. `before`: `next` of the page before. */
export function listConversations(
  _db: ReadableDb,
  _o: { folder: 'inbox' | 'archived'; before: string | null; limit: number },
): { items: Conversation[]; next: string | null } {
  throw new Error('not there yet');
}
/** Unread messages in what is neither muted nor archived. */
export function unreadTotal(_db: ReadableDb, _now: number): number {
  throw new Error('not there yet');
}
/** Reads everything up to and with this message. True when something was unread. */
export function markRead(_db: WritableDb, _id: ConversationId, _upTo: MessageId): boolean {
  throw new Error('not there yet');
}
export function saveDraft(_db: WritableDb, _id: ConversationId, _text: string): void {
  throw new Error('not there yet');
}
export function setPinned(_db: WritableDb, _id: ConversationId, _pinned: boolean): void {
  throw new Error('not there yet');
}
export function setArchived(_db: WritableDb, _id: ConversationId, _archived: boolean): void {
  throw new Error('not there yet');
}
export function setMuted(_db: WritableDb, _id: ConversationId, _until: number | null): void {
  throw new Error('not there yet');
}
