import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { StagedPhotoId } from '../../../contract/ids.ts';
import type { StagedPhoto } from '../../../contract/photos.ts';
import { ask } from '../../ask.ts';
import type { Problem } from '../../texts/index.ts';

/** How long after the last key a caption is saved, ms. */
const settleMs = 400;

/** What has been written under the chosen photos, ahead of what the core has stored. */
export const useCaptions = defineStore('captions', () => {
  const written = ref(new Map<StagedPhotoId, string>());
  const unsaved = new Set<StagedPhotoId>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const of = ({ id, caption }: StagedPhoto) => written.value.get(id) ?? caption;

  function set(id: StagedPhotoId, caption: string) {
    written.value.set(id, caption);
    unsaved.add(id);
    clearTimeout(timer);
    timer = setTimeout(() => void save(), settleMs);
  }

  function forget(id: StagedPhotoId) {
    written.value.delete(id);
    unsaved.delete(id);
  }

  /** Stores what has not been stored; returns what went wrong, and then keeps it. */
  async function save(): Promise<Problem | null> {
    clearTimeout(timer);
    for (const id of [...unsaved]) {
      unsaved.delete(id);
      const outcome = await ask('photos.setCaption', { id, caption: written.value.get(id) ?? '' });
      if (!outcome.ok && outcome.code !== 'not-found') {
        unsaved.add(id);
        return outcome;
      }
    }
    return null;
  }

  return { of, set, forget, save };
});
