import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { ConversationId } from '../../../contract/ids.ts';
import { ask, askAside } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import type { Problem } from '../../texts/index.ts';

/** How long after the last key the caption is saved, ms. */
const settleMs = 400;

interface Preparing {
  readonly done: number;
  readonly count: number;
}

/** What the photos chosen for the conversation in view have in common: their caption, and how far Send has come. */
export const useAlbum = defineStore('album', () => {
  const conversationId = ref<ConversationId | null>(null);
  const caption = ref('');
  const progress = shallowRef(new Map<ConversationId, Preparing>());
  const preparing = computed(() =>
    conversationId.value === null ? null : (progress.value.get(conversationId.value) ?? null),
  );
  let unsaved = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function open(id: ConversationId) {
    await save();
    conversationId.value = id;
    caption.value = '';
    const outcome = await askAside('albums.caption', { conversationId: id });
    if (outcome.ok && id === conversationId.value && !unsaved) caption.value = outcome.value;
  }

  function write(text: string) {
    caption.value = text;
    unsaved = true;
    clearTimeout(timer);
    timer = setTimeout(() => void save(), settleMs);
  }

  /** Stores what has not been stored; returns what went wrong, and then keeps it. */
  async function save(): Promise<Problem | null> {
    clearTimeout(timer);
    const id = conversationId.value;
    if (!unsaved || id === null) return null;
    unsaved = false;
    const outcome = await ask('albums.setCaption', { conversationId: id, caption: caption.value });
    if (outcome.ok) return null;
    unsaved = true;
    return outcome;
  }

  /** They have been sent with it. */
  function sent() {
    caption.value = '';
    unsaved = false;
    clearTimeout(timer);
  }

  /** Stops what Send prepares; nothing has gone out then. */
  async function cancel() {
    const id = conversationId.value;
    if (id !== null) await ask('albums.cancelSend', { conversationId: id });
  }

  function start() {
    bridge.on('albums.preparing', (event) => {
      const next = new Map(progress.value);
      if (event.progress) next.set(event.conversationId, event.progress);
      else next.delete(event.conversationId);
      progress.value = next;
    });
  }

  return { caption, preparing, start, open, write, save, sent, cancel };
});
