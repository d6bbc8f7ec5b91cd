import { defineStore } from 'pinia';
import { reactive, ref, shallowRef } from 'vue';
import { PostcardError } from '../../../contract/errors.ts';
import type { StagedFile } from '../../../contract/files.ts';
import type { ConversationId, StagedFileId } from '../../../contract/ids.ts';
import { ask, askAside } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { fileSource } from '../../bridge/stage.ts';
import type { Problem } from '../../texts/index.ts';
import { posterOf } from './poster.ts';

/** The videos and files chosen for the conversation in view and not sent yet. */
export const useStagedFiles = defineStore('staged-files', () => {
  const conversationId = ref<ConversationId | null>(null);
  const items = shallowRef<readonly StagedFile[]>([]);
  const refused = ref<{ name: string; problem: Problem }[]>([]);
  /** Object URLs of pictures that stand for videos; null: it can't be played here. */
  const posters = reactive(new Map<StagedFileId, string | null>());
  const reading = ref(0);
  const dialog = ref(false);
  const keepLocation = ref(false);
  const sending = ref(false);
  const problem = ref<Problem | null>(null);
  bridge.on('files.stagedChanged', (changed) => {
    if (changed.conversationId === conversationId.value) items.value = changed.items;
  });

  async function open(id: ConversationId) {
    conversationId.value = id;
    items.value = [];
    closeDialog();
    keepLocation.value = false;
    const outcome = await askAside('files.staged', { conversationId: id });
    if (outcome.ok && id === conversationId.value) items.value = outcome.value;
  }

  function closeDialog() {
    dialog.value = false;
    refused.value = [];
    problem.value = null;
  }

  /** Refused by its size before a byte of it is handed over. */
  async function mustFit(file: File) {
    const outcome = await ask('files.limit', {});
    const limit = outcome.ok ? outcome.value : null;
    if (limit === 0) throw new PostcardError('upload-unsupported');
    if (limit !== null && file.size > limit) throw new PostcardError('file-too-large', { limit });
    if (file.size === 0) throw new PostcardError('file-empty');
  }

  async function stage(id: ConversationId, file: File) {
    try {
      await mustFit(file);
      const outcome = await ask('files.stage', { conversationId: id, source: await fileSource(file) });
      if (!outcome.ok) refused.value.push({ name: file.name, problem: outcome });
      else if (outcome.value.kind === 'video') await addPoster(outcome.value.id, file);
    } catch (error) {
      console.error('A chosen file could not be handed over', error);
      const known = error instanceof PostcardError ? error : { code: 'file-missing' as const, detail: {} };
      refused.value.push({ name: file.name, problem: known });
    }
  }

  async function addPoster(id: StagedFileId, file: File) {
    const poster = await posterOf(file);
    posters.set(id, poster && URL.createObjectURL(poster.picture));
    if (!poster) return;
    const { width, height } = poster;
    await ask('files.setPoster', { id, width, height, source: await fileSource(poster.picture) });
  }

  async function add(files: readonly File[]) {
    const id = conversationId.value;
    if (id === null || files.length === 0) return;
    dialog.value = true;
    problem.value = null;
    reading.value += files.length;
    for (const file of files) {
      await stage(id, file);
      reading.value -= 1;
    }
  }

  async function remove(id: StagedFileId) {
    const outcome = await ask('files.unstage', { id });
    problem.value = outcome.ok ? null : outcome;
    const url = posters.get(id);
    if (url) URL.revokeObjectURL(url);
    posters.delete(id);
  }

  async function setCaption(id: StagedFileId, caption: string) {
    const outcome = await ask('files.setCaption', { id, caption });
    if (!outcome.ok) problem.value = outcome;
  }

  async function send() {
    const id = conversationId.value;
    if (id === null || items.value.length === 0 || sending.value || reading.value > 0) return;
    sending.value = true;
    // Said once: the second Send sends it all the same.
    const anyway = problem.value?.code === 'nudge';
    const outcome = await ask('files.send', { conversationId: id, keepLocation: keepLocation.value, anyway });
    sending.value = false;
    problem.value = outcome.ok ? null : outcome;
    if (outcome.ok && id === conversationId.value) closeDialog();
  }

  return {
    ...{ conversationId, items, refused, posters, reading, dialog, keepLocation, sending, problem },
    ...{ open, closeDialog, add, remove, setCaption, send },
  };
});
