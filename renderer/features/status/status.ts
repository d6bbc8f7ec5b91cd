import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';

/** How often the core hears that somebody is still typing, ms. */
const everyMs = 3_000;

/** Who is typing, and that I am. Both are only told where both sides want it; the core knows. */
export const useStatus = defineStore('status', () => {
  const typing = ref<ReadonlySet<ConversationId>>(new Set());
  let told: { id: ConversationId; at: number } | null = null;

  /** A key in the text box; `false`: it was sent, emptied or left. */
  function type(id: ConversationId, now: boolean) {
    if (!now && told?.id !== id) return;
    if (now && told?.id === id && Date.now() - told.at < everyMs) return;
    told = now ? { id, at: Date.now() } : null;
    void ask('status.typing', { conversationId: id, typing: now });
  }

  function start() {
    bridge.on('status.changed', ({ conversationId, typing: now }) => {
      const next = new Set(typing.value);
      if (now) next.add(conversationId);
      else next.delete(conversationId);
      typing.value = next;
    });
  }

  return { typing, type, start };
});
