import { defineStore } from 'pinia';
import { ref, watch } from 'vue';
import type { PhotoResult, StagedPhoto } from '../../../contract/photos.ts';
import { ask } from '../../ask.ts';
import type { Problem } from '../../texts/index.ts';
import { useStaged } from './staged.ts';

export type Preview = { readonly result: PhotoResult } | { readonly problem: Problem };

/** How many photos are encoded at once: each takes a core of the machine. */
const atOnce = 2;

/** What each chosen photo would be when sent in the chosen quality. */
export const usePreviews = defineStore('previews', () => {
  const staged = useStaged();
  const made = ref(new Map<string, Preview>());
  const running = new Set<string>();

  const keyOf = ({ id, recipe }: StagedPhoto) => `${id} ${JSON.stringify([staged.how, recipe])}`;
  const of = (photo: StagedPhoto): Preview | null => made.value.get(keyOf(photo)) ?? null;

  async function make(photo: StagedPhoto) {
    const key = keyOf(photo);
    running.add(key);
    const outcome = await ask('photos.preview', { id: photo.id, ...staged.how });
    running.delete(key);
    made.value.set(key, outcome.ok ? { result: outcome.value } : { problem: outcome });
    next();
  }

  /** Begins with what is still wanted, in the order shown; an earlier choice's rest is never begun. */
  function next() {
    if (!staged.dialog) return;
    for (const photo of staged.items) {
      if (running.size >= atOnce) return;
      const key = keyOf(photo);
      if (!made.value.has(key) && !running.has(key)) void make(photo);
    }
  }

  watch(() => [staged.dialog, staged.items, staged.how], next, { immediate: true });
  return { of };
});
