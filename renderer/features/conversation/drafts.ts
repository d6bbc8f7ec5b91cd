import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { useInbox } from '../inbox/inbox.ts';

/** How long after the last key a draft is saved, ms. */
const settleMs = 400;

/** What is in the text box of each conversation; saved by the core, so that it survives a restart. */
export const useDrafts = defineStore('drafts', () => {
  const inbox = useInbox();
  const texts = ref(new Map<ConversationId, string>());
  const unsaved = new Set<ConversationId>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const textOf = (id: ConversationId) => texts.value.get(id) ?? inbox.byId.get(id)?.draft ?? '';

  function set(id: ConversationId, text: string) {
    texts.value.set(id, text);
    unsaved.add(id);
    clearTimeout(timer);
    timer = setTimeout(() => void save(), settleMs);
  }

  /** Saves at once: on leaving the conversation, the window or the page. */
  async function save() {
    clearTimeout(timer);
    for (const id of [...unsaved]) {
      unsaved.delete(id);
      const text = textOf(id);
      const known = inbox.byId.get(id);
      const outcome = await ask('conversations.saveDraft', { id, text });
      if (!outcome.ok) {
        // Kept in memory; the next key or leaving tries again.
        unsaved.add(id);
        return;
      }
      if (known) inbox.byId.set(id, { ...(inbox.byId.get(id) ?? known), draft: text });
    }
  }

  /** The text was sent: the core has cleared its draft itself. */
  function sent(id: ConversationId) {
    texts.value.set(id, '');
    unsaved.delete(id);
    const known = inbox.byId.get(id);
    if (known) inbox.byId.set(id, { ...known, draft: '' });
  }

  function start() {
    globalThis.addEventListener('blur', () => void save());
    globalThis.addEventListener('pagehide', () => void save());
  }

  function forgetAll() {
    texts.value.clear();
    unsaved.clear();
  }

  return { textOf, set, save, sent, start, forgetAll };
});
