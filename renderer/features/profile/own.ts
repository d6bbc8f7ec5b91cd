import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { PictureCrop } from '../../../contract/ids.ts';
import { PostcardError } from '../../../contract/errors.ts';
import type { Params } from '../../../contract/index.ts';
import { ask } from '../../ask.ts';
import { fileSource } from '../../bridge/stage.ts';
import type { Problem } from '../../texts/index.ts';

/** A new picture with the part of it that is shown; `remove` takes the old one away. */
export type PictureChange = { readonly file: File; readonly crop: PictureCrop } | 'remove' | null;

/** Saving my own profile. */
export const useOwnProfile = defineStore('own-profile', () => {
  const saving = ref(false);
  const problem = ref<Problem | null>(null);

  /** True when everything was stored; else `problem` says what was not. */
  async function save(texts: Params<'people.setOwn'>, picture: PictureChange): Promise<boolean> {
    if (saving.value) return false;
    saving.value = true;
    problem.value = (await savePicture(picture)) ?? (await saveTexts(texts));
    saving.value = false;
    return problem.value === null;
  }

  async function saveTexts(texts: Params<'people.setOwn'>): Promise<Problem | null> {
    const outcome = await ask('people.setOwn', texts);
    return outcome.ok ? null : outcome;
  }

  async function savePicture(picture: PictureChange): Promise<Problem | null> {
    if (picture === null) return null;
    try {
      const outcome = await ask(
        'accounts.setPicture',
        picture === 'remove'
          ? { picture: null }
          : { picture: await fileSource(picture.file), crop: picture.crop },
      );
      return outcome.ok ? null : outcome;
    } catch (error) {
      if (error instanceof PostcardError) return error;
      console.error('The picture could not be handed over', error);
      return { code: 'internal', detail: {} };
    }
  }

  return { saving, problem, save };
});
