import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { groupPeople, isGroup, noteMentions, type MentionMark, type WritableDb } from '../../store/index.ts';
import { written } from './mentions.ts';

/** Whom a text of mine names; nobody in what is no group. */
export function mentionsFor(
  db: WritableDb,
  o: { conversationId: ConversationId; text: string; chosen: readonly MentionMark[] },
): MentionMark[] {
  if (!o.text.includes('@') || !isGroup(db, o.conversationId)) return [];
  return written(o.text, groupPeople(db, o.conversationId), o.chosen);
}

/** The same after an edit, in its transaction: names that are still there are found again by what people are called. */
export function renameMentions(
  db: WritableDb,
  conversationId: ConversationId,
  id: MessageId,
  text: string,
): void {
  const mentions = mentionsFor(db, { conversationId, text, chosen: [] });
  if (mentions.length > 0) noteMentions(db, id, mentions);
}
