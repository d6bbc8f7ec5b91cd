import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { maxPhotos } from '../../../contract/albums.ts';
import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId, StagedPhotoId } from '../../../contract/ids.ts';
import type { MetadataProfile, PhotoChoice, Quality, StagedPhoto } from '../../../contract/photos.ts';
import { ask, askAside } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { fileSource } from '../../bridge/stage.ts';
import { t, type Problem } from '../../texts/index.ts';
import { useToasts } from '../../ui/toasts.ts';
import { useSettings } from '../settings/settings.ts';
import { useAlbum } from './album.ts';
import { useCaptions } from './captions.ts';
import { moved } from './pictures.ts';

export interface Refused {
  readonly name: string;
  readonly problem: Problem;
}

/** The photos chosen for the conversation in view and not sent yet. */
export const useStaged = defineStore('staged', () => {
  const settings = useSettings();
  const captions = useCaptions();
  const album = useAlbum();
  const conversationId = ref<ConversationId | null>(null);
  const items = shallowRef<readonly StagedPhoto[]>([]);
  const refused = ref<readonly Refused[]>([]);
  /** Files that are still to be read, and how many were chosen with them. */
  const reading = ref(0);
  const chosen = ref(0);
  const dialog = ref(false);
  const quality = ref<Quality>('standard');
  const metadata = ref<MetadataProfile>('credit');
  const sending = ref(false);
  const problem = ref<Problem | null>(null);
  const anyLocation = computed(() => items.value.some(({ hasLocation }) => hasLocation));
  /** How all of them are to be sent. */
  const how = computed(() => ({
    quality: quality.value,
    metadata: metadata.value,
    sharpen: settings.current?.sharpenSmaller ?? true,
  }));

  // What is chosen before the stored choice has been read goes before it.
  let chosenHere = false;
  let stops = 0;

  /** Remembers how photos go out in this conversation, and in no other. */
  function choose(change: Partial<PhotoChoice>) {
    quality.value = change.quality ?? quality.value;
    metadata.value = change.metadata ?? metadata.value;
    chosenHere = true;
    const id = conversationId.value;
    if (id === null) return;
    void ask('photos.choose', { conversationId: id, quality: quality.value, metadata: metadata.value });
  }

  async function recall(id: ConversationId) {
    const outcome = await askAside('photos.choice', { conversationId: id });
    if (!outcome.ok || outcome.value === null || id !== conversationId.value || chosenHere) return;
    chosenHere = true;
    quality.value = outcome.value.quality;
    metadata.value = outcome.value.metadata;
  }

  async function open(id: ConversationId) {
    conversationId.value = id;
    items.value = [];
    refused.value = [];
    problem.value = null;
    dialog.value = false;
    metadata.value = 'credit';
    chosenHere = false;
    quality.value = 'standard';
    void recall(id);
    void album.open(id);
    const outcome = await askAside('photos.staged', { conversationId: id });
    if (outcome.ok && id === conversationId.value) items.value = outcome.value;
  }

  function openDialog() {
    problem.value = null;
    dialog.value = true;
  }

  /** They wait: nothing chosen is lost by closing. */
  function closeDialog() {
    dialog.value = false;
    refused.value = [];
    void captions.save();
    void album.save();
  }

  async function stage(id: ConversationId, file: File) {
    const failed = (why: Problem) => {
      if (id === conversationId.value) refused.value = [...refused.value, { name: file.name, problem: why }];
    };
    try {
      const source = await fileSource(file);
      const outcome = await ask('photos.stage', { conversationId: id, source });
      if (!outcome.ok) failed(outcome);
      else if (id === conversationId.value && !items.value.some((one) => one.id === outcome.value.id)) {
        items.value = [...items.value, outcome.value];
      }
    } catch (error) {
      console.error('A chosen file could not be handed over', error);
      failed(error instanceof PostcardError ? error : { code: 'file-missing', detail: {} });
    }
  }

  /** One after the other, so that they stand in the order they were chosen. */
  async function add(files: readonly File[]) {
    const id = conversationId.value;
    if (id === null || files.length === 0) return;
    openDialog();
    const taken = files.slice(0, Math.max(0, maxPhotos - items.value.length - reading.value));
    const left = files.length - taken.length;
    if (left > 0) refuse(left === 1 ? (files.at(-1)?.name ?? '') : t('albums.tooMany', { n: left }));
    if (reading.value === 0) chosen.value = 0;
    reading.value += taken.length;
    chosen.value += taken.length;
    const run = stops;
    for (const file of taken) {
      if (run === stops) await stage(id, file);
      reading.value -= 1;
    }
  }

  const refuse = (name: string) => {
    const detail = { limit: maxPhotos };
    refused.value = [...refused.value, { name, problem: { code: 'too-many-photos', detail } }];
  };

  /** What has been read stays; the rest is left. */
  const stopReading = () => void (stops += 1);

  async function reorder(from: number, to: number) {
    const id = conversationId.value;
    const before = items.value;
    items.value = moved(before, from, to);
    if (id === null || items.value === before) return;
    const outcome = await ask('photos.reorder', {
      conversationId: id,
      ids: items.value.map((one) => one.id),
    });
    if (outcome.ok) return;
    items.value = before;
    useToasts().problem(outcome);
  }

  async function remove(id: StagedPhotoId) {
    const before = items.value;
    items.value = before.filter((one) => one.id !== id);
    captions.forget(id);
    const outcome = await ask('photos.unstage', { id });
    if (outcome.ok) return;
    items.value = before;
    useToasts().problem(outcome);
  }

  /** Sends all of them, in order. What was chosen stays where that does not work. Returns whether it did. */
  async function send(): Promise<boolean> {
    const id = conversationId.value;
    if (id === null || items.value.length === 0 || sending.value || reading.value > 0) return false;
    sending.value = true;
    // Said once: the second Send sends it all the same.
    const anyway = problem.value?.code === 'nudge';
    problem.value = (await captions.save()) ?? (await album.save());
    if (!problem.value) {
      const outcome = await ask('photos.send', { conversationId: id, ...how.value, anyway });
      problem.value = outcome.ok ? null : outcome;
    }
    sending.value = false;
    // Stopped by hand: all is as it was before Send.
    if (problem.value?.code === 'cancelled') problem.value = null;
    else if (!problem.value) return done(id);
    return false;
  }

  function done(id: ConversationId): true {
    if (id === conversationId.value) {
      items.value = [];
      album.sent();
      closeDialog();
    }
    return true;
  }

  function start() {
    album.start();
    bridge.on('photos.stagedChanged', (changed) => {
      if (changed.conversationId === conversationId.value) items.value = changed.items;
    });
  }

  const dismissRefused = () => (refused.value = []);
  return {
    conversationId,
    items,
    refused,
    reading,
    chosen,
    stopReading,
    dialog,
    quality,
    metadata,
    how,
    choose,
    anyLocation,
    sending,
    problem,
    start,
    open,
    openDialog,
    closeDialog,
    add,
    reorder,
    remove,
    send,
    dismissRefused,
  };
});
