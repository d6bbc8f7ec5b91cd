import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { useInbox } from '../inbox/inbox.ts';

/**
 * Marks as read what has been in view. Told often; asks the core only when there is something unread and the
 * reader has come further than before.
 */
export function useReadMarks() {
  const inbox = useInbox();
  let last: { conversation: ConversationId; upTo: MessageId } | null = null;

  return async (conversation: ConversationId, upTo: MessageId | null): Promise<void> => {
    if (upTo === null || (inbox.byId.get(conversation)?.unread ?? 0) === 0) return;
    if (last?.conversation === conversation && last.upTo === upTo) return;
    last = { conversation, upTo };
    const outcome = await ask('conversations.markRead', { id: conversation, upTo });
    // Not worth a word to the reader: it is tried again with the next message in view.
    if (!outcome.ok) last = null;
  };
}
