import { defineStore } from 'pinia';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import { UNDO_SEND } from '../../../contract/undo-send.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useComposing } from '../conversation/composing.ts';
import { useDrafts } from '../conversation/drafts.ts';
import { useSettings } from '../settings/settings.ts';

/** What was sent and is still held back, with the words that take it back. */
export const useUndoSend = defineStore('undoSend', () => {
  const settings = useSettings();
  const held = new Map<MessageId, ConversationId>();
  const seen = new Set<MessageId>();

  /** Held back by the core: what is written or chosen here, but no sticker and nothing that is passed on. */
  const isHeld = (m: Message) =>
    m.outgoing && m.state === 'sending' && m.sticker === null && m.forwarded === null && !seen.has(m.id);

  function sent(messages: readonly Message[]) {
    const fresh = messages.filter((m) => isHeld(m) && Date.now() - m.sentAt < UNDO_SEND);
    if (fresh.length === 0) return;
    for (const m of fresh) {
      seen.add(m.id);
      held.set(m.id, m.conversationId);
      setTimeout(() => forget(m.id), UNDO_SEND - (Date.now() - m.sentAt));
    }
    useToasts().note(t('undoSend.sending'), () => void undo());
  }
  function forget(id: MessageId) {
    held.delete(id);
    if (held.size === 0) useToasts().withdraw(t('undoSend.sending'));
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
  return { start };
});
