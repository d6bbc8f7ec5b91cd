import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { GalleryItem, GalleryKind } from '../../../contract/gallery.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import type { Problem } from '../../texts/index.ts';

/** How many are read at once: a panel is full with some thirty. */
const pageSize = 48;

/** What a conversation holds of photos, videos, files and links. */
export const useGallery = defineStore('gallery', () => {
  /** Where it is open; null where it is not. */
  const conversation = ref<ConversationId | null>(null);
  const kind = ref<GalleryKind>('photos');
  const items = shallowRef<readonly GalleryItem[]>([]);
  const next = ref<string | null>(null);
  const loading = ref(false);
  const problem = ref<Problem | null>(null);
  let run = 0;

  async function read(before: string | null) {
    const id = conversation.value;
    if (id === null) return;
    run += 1;
    const mine = run;
    loading.value = true;
    const outcome = await ask('gallery.page', {
      conversationId: id,
      kind: kind.value,
      before,
      limit: pageSize,
    });
    if (mine !== run) return;
    loading.value = false;
    problem.value = outcome.ok ? null : outcome;
    if (!outcome.ok) return;
    items.value = before === null ? outcome.value.items : [...items.value, ...outcome.value.items];
    next.value = outcome.value.next;
  }

  async function open(id: ConversationId, which: GalleryKind = 'photos') {
    conversation.value = id;
    kind.value = which;
    items.value = [];
    next.value = null;
    await read(null);
  }

  async function more() {
    if (next.value !== null && !loading.value) await read(next.value);
  }

  function close() {
    run += 1;
    conversation.value = null;
    items.value = [];
  }

  /** A picture that has come, a text that changed, one that was unsent. */
  function start() {
    bridge.on('messages.changed', ({ conversationId, items: changed }) => {
      if (conversationId !== conversation.value) return;
      const known = new Set(items.value.map(({ message }) => message.id));
      const byId = new Map(changed.map((message) => [message.id, message]));
      if (changed.some(({ id, unsent }) => !known.has(id) || unsent)) return void read(null);
      items.value = items.value.map((item) => ({
        ...item,
        message: byId.get(item.message.id) ?? item.message,
      }));
    });
    bridge.on('messages.removed', ({ conversationId, ids }) => {
      const gone = new Set(ids);
      if (conversationId === conversation.value)
        items.value = items.value.filter(({ message }) => !gone.has(message.id));
    });
  }

  return { conversation, kind, items, next, loading, problem, open, more, close, start };
});
