import { defineStore } from 'pinia';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import { UNDO_SEND } from '../../../contract/undo-send.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t, type TextKey } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useComposing } from '../conversation/composing.ts';
import { useDrafts } from '../conversation/drafts.ts';
import { useSettings } from '../settings/settings.ts';

/** What was sent and is still held back, with the words that take it back. */
export const useUndoSend = defineStore('undoSend', () => {
  const settings = useSettings();
  const held = new Map<MessageId, ConversationId>();
  const seen = new Set<MessageId>();
  let words: TextKey = 'undoSend.sending';

  /** Asks the core, once for each message of mine, since not all that is sent is held back. */
  function sent(messages: readonly Message[]) {
    const fresh = messages.filter(
      (m) => m.outgoing && m.state === 'sending' && !seen.has(m.id) && Date.now() - m.sentAt < UNDO_SEND,
    );
    for (const m of fresh) seen.add(m.id);
    if (fresh.length > 0) void look();
  }

  /** Offers to take back what is held back now; after a start that is what was written before it. */
  async function look() {
    const outcome = await ask('messages.held', {});
    if (!outcome.ok) return;
    const { items, restarted } = outcome.value;
    const fresh = items.filter(({ id }) => !held.has(id));
    if (fresh.length === 0) return;
    for (const { id, conversationId, left } of fresh) {
      seen.add(id);
      held.set(id, conversationId);
      setTimeout(() => forget(id), left);
    }
    if (restarted || words !== 'undoSend.sending') useToasts().withdraw(t(words));
    words = restarted ? 'undoSend.restarted' : 'undoSend.sending';
    useToasts().note(t(words), () => void undo());
  }
  function forget(id: MessageId) {
    held.delete(id);
    if (held.size === 0) useToasts().withdraw(t(words));
  }

  /** The one that was sent last, with all that is held back behind it in its conversation. */
  async function undo() {
    const conversationId = [...held.values()].at(-1);
    if (conversationId === undefined) return;
    const ids = [...held].filter(([, of]) => of === conversationId).map(([id]) => id);
    for (const id of ids) held.delete(id);
    await useDrafts().save();
    const outcome = await ask('messages.undoSend', { conversationId, ids });
    if (!outcome.ok) return useToasts().problem(outcome);
    useDrafts().set(conversationId, outcome.value.text);
    await useComposing().restore(conversationId);
  }

  function start() {
    bridge.on('messages.changed', ({ items }) => {
      if (settings.current?.undoSend) sent(items);
    });
  }
  return { start, look };
});
