import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import { ask, askAside } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';

/** What the text box is for, when it is not for a message of its own. */
export interface Composing {
  readonly kind: 'reply' | 'edit';
  readonly message: Message;
}

/** Whether a message of mine can be changed: its text, or the caption of its file. */
export const isEditable = (m: Message): boolean =>
  m.outgoing &&
  !m.unsent &&
  m.sticker === null &&
  m.id > 0 &&
  (m.text !== '' || m.attachments.length > 0) &&
  // What others voted about stays as it was asked.
  m.poll === null &&
  m.questions === null;

/** The bar above the text box, and the text of an edit: what is being written as a draft waits meanwhile. */
export const useComposing = defineStore('composing', () => {
  const current = shallowRef<Composing | null>(null);
  /** What an edit has come to; a draft is never made of it. */
  const text = ref('');
  /** Which conversation was opened last: what is told of another comes too late. */
  let restored: ConversationId | null = null;

  function begin(kind: Composing['kind'], message: Message) {
    if (kind === 'reply') void keep(message.conversationId, message);
    current.value = { kind, message };
    text.value = kind === 'edit' ? message.text : '';
  }
  /** What a draft answers is kept with it; behind an edit it is there again. */
  function end() {
    const before = current.value;
    clear();
    if (before?.kind === 'reply') void keep(before.message.conversationId, null);
    if (before?.kind === 'edit') void restore(before.message.conversationId);
  }
  /** Shows it no longer; a reply is still kept with its draft. */
  function clear() {
    current.value = null;
    text.value = '';
  }
  async function keep(conversationId: ConversationId, message: Message | null) {
    const outcome = await ask('replies.setDraft', { conversationId, id: message?.id ?? null });
    if (!outcome.ok) useToasts().problem(outcome);
  }
  /** What the draft of a conversation answers, when it is opened again. */
  async function restore(conversationId: ConversationId) {
    restored = conversationId;
    const outcome = await askAside('replies.draft', { conversationId });
    const message = outcome.ok ? outcome.value.message : null;
    if (message && current.value === null && restored === conversationId)
      current.value = { kind: 'reply', message };
  }
  /** What is going on in this conversation. */
  const of = (id: ConversationId): Composing | null =>
    current.value?.message.conversationId === id ? current.value : null;
  const editing = (id: ConversationId): Message | null => {
    const now = of(id);
    return now?.kind === 'edit' ? now.message : null;
  };

  const replying = (id: ConversationId): Message | null => {
    const now = of(id);
    return now?.kind === 'reply' ? now.message : null;
  };

  /** A text can't become nothing (that is Unsend); a caption can. */
  const canSave = (message: Message): boolean => message.attachments.length > 0 || text.value.trim() !== '';

  /** Keeps what was changed; what could not be kept stays in the box. */
  async function saveEdit(message: Message) {
    if (!canSave(message)) return;
    const written = text.value;
    if (written !== message.text) {
      const outcome = await ask('messages.edit', { id: message.id, text: written });
      if (!outcome.ok) return useToasts().problem(outcome);
    }
    if (current.value?.message.id === message.id) end();
  }

  /** What a group refused is said, wherever one is meanwhile. */
  function start() {
    bridge.on('messages.changeRefused', ({ kind }) =>
      useToasts().note(t(kind === 'edit' ? 'changes.editRefused' : 'changes.unsendRefused')),
    );
  }

  return { start, current, text, begin, end, clear, restore, of, editing, replying, canSave, saveEdit };
});
