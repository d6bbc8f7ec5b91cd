import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { ViewedPhoto } from '../../../contract/albums.ts';
import type { AttachmentId, ConversationId, MessageId } from '../../../contract/ids.ts';
import { ask } from '../../ask.ts';
import { t } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';

/** How many on each side are read at a time, and when more are: with so few left. */
const part = 30;
const few = 5;

/** The photos of a conversation around the one that is looked at; the core knows all of them. */
export const useViewed = defineStore('viewed', () => {
  const items = shallowRef<readonly ViewedPhoto[]>([]);
  const hasOlder = ref(false);
  const hasNewer = ref(false);
  const shown = ref<number | null>(null);
  /** True while an album is being saved. */
  const saving = ref(false);
  let run = 0;

  const index = computed(() => items.value.findIndex(({ id }) => id === shown.value));
  const photo = computed(() => items.value[index.value]);
  const hasPrevious = computed(() => index.value > 0);
  const hasNext = computed(() => index.value >= 0 && index.value < items.value.length - 1);

  /** Reads what stands around a photo. False when it is not there (any more). */
  async function open(conversationId: ConversationId, id: number): Promise<boolean> {
    run += 1;
    const mine = run;
    shown.value = id;
    // Given by the core, by way of the page.
    const at = id as AttachmentId;
    const outcome = await ask('albums.around', { conversationId, id: at, limit: part });
    if (mine !== run) return true;
    if (!outcome.ok) return false;
    ({ items: items.value, hasOlder: hasOlder.value, hasNewer: hasNewer.value } = outcome.value);
    return true;
  }

  /** To the photo so many further; reads more when the end of what is known comes near. */
  async function step(conversationId: ConversationId, by: number): Promise<boolean> {
    const next = items.value[index.value + by];
    if (!next) return false;
    shown.value = next.id;
    const left = by < 0 ? index.value : items.value.length - 1 - index.value;
    const more = by < 0 ? hasOlder.value : hasNewer.value;
    if (more && left < few) await open(conversationId, next.id);
    return true;
  }

  function close() {
    run += 1;
    items.value = [];
    shown.value = null;
  }

  /** Into a folder where the host can ask for one, else as one ZIP the browser's way. */
  async function saveAlbum(id: MessageId): Promise<void> {
    saving.value = true;
    const outcome = await ask('albums.save', { id });
    saving.value = false;
    const toasts = useToasts();
    if (!outcome.ok) return toasts.problem(outcome);
    const done = outcome.value;
    if (done.kind === 'cancelled') return;
    if (done.kind === 'download') download(done.path);
    else toasts.note(t('albums.saved', { n: done.count, folder: done.folder }));
    if (done.missing > 0) toasts.note(t('albums.missing', { n: done.missing }));
  }

  return { items, shown, index, photo, hasPrevious, hasNext, saving, open, step, close, saveAlbum };
});

function download(path: string): void {
  const link = document.createElement('a');
  link.href = path;
  link.download = '';
  link.click();
}
