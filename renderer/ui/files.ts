import { defineStore } from 'pinia';
import { ref } from 'vue';

/** What the dialog offers unless told otherwise. */
export const pictures = 'image/*,.heic,.heif';

interface Choice {
  readonly multiple: boolean;
  done(files: readonly File[]): void;
}

/**
 * The page's one file input. Whoever needs files asks with `choose`; files that arrive without a question
 * go to the screen that said it takes them (`receiver`).
 */
export const useFiles = defineStore('files', () => {
  const input = ref<HTMLInputElement | null>(null);
  const receiver = ref<((files: readonly File[]) => void) | null>(null);
  let waiting: Choice | null = null;

  /** Opens the system's file dialog; an empty list when it was cancelled. Must follow a click or a key. */
  function choose(multiple: boolean, accept = pictures): Promise<readonly File[]> {
    waiting?.done([]);
    return new Promise((done) => {
      waiting = { multiple, done };
      if (!input.value) return done([]);
      input.value.multiple = multiple;
      input.value.accept = accept;
      input.value.click();
    });
  }

  function answer(files: readonly File[]) {
    const choice = waiting;
    waiting = null;
    if (choice) choice.done(choice.multiple ? files : files.slice(0, 1));
    else if (files.length > 0) receiver.value?.(files);
  }

  return { input, receiver, choose, answer };
});
