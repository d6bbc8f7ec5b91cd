import { defineStore } from 'pinia';
import { reactive, ref, shallowRef } from 'vue';
import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import type { KeptVoice } from '../../../contract/voice-notes.ts';
import { ask } from '../../ask.ts';
import { bridge } from '../../bridge/index.ts';
import { fileSource } from '../../bridge/stage.ts';
import type { Problem } from '../../texts/index.ts';
import { createRecorder } from './recorder.ts';
import { waveformOf } from './waveform.ts';

/** A recording that can be listened to and sent. */
interface Waiting {
  readonly url: string;
  /** Of what the core keeps; null while it has none of it. */
  readonly sha256: string | null;
  /** What the core has not taken yet, or could not. */
  readonly blob: Blob | null;
}

/** Voice notes that are recorded or wait: one a conversation, like its draft. The core keeps what is not sent. */
export const useVoiceNote = defineStore('voice-note', () => {
  /** Where the microphone is asked for, on, or was refused. */
  const recordingIn = ref<ConversationId | null>(null);
  const waiting = reactive(new Map<ConversationId, Waiting>());
  const problems = reactive(new Map<ConversationId, Problem>());
  /** Where what waits was stopped because it had become as long as one can be. */
  const full = reactive(new Set<ConversationId>());
  /** Where the core keeps a part of what is still being recorded, lest a crash takes it. */
  const partly = new Set<ConversationId>();
  const sending = ref(false);
  /** Where the focus goes back to. */
  const button = shallowRef<HTMLElement | null>(null);
  const underWay = new Map<ConversationId, Promise<void>>();
  const recorder = createRecorder((blob, stopped) => {
    const id = recordingIn.value;
    recordingIn.value = null;
    if (id === null) return;
    if (stopped) full.add(id);
    partly.delete(id);
    waiting.set(id, { url: URL.createObjectURL(blob), sha256: null, blob });
    void keep(id);
  }, keepPart);
  bridge.on('voice.keptChanged', ({ conversationId: id, kept }) => {
    // What is on its way from here comes after what was told.
    if (recordingIn.value !== id && !partly.has(id) && !waiting.get(id)?.blob) note(id, kept);
  });

  function note(id: ConversationId, kept: KeptVoice | null) {
    const known = waiting.get(id);
    // What the core could not take is still to be had from here.
    if (!kept) return known?.blob ? undefined : remove(id);
    const same = known && (known.sha256 === kept.sha256 || known.blob);
    const url = same ? known.url : `/media/file/${kept.sha256}`;
    waiting.set(id, { url, sha256: kept.sha256, blob: null });
  }

  function remove(id: ConversationId) {
    const url = waiting.get(id)?.url;
    if (url?.startsWith('blob:')) URL.revokeObjectURL(url);
    waiting.delete(id);
    problems.delete(id);
    full.delete(id);
  }

  /** What waits since it was last here, in this window or before a restart. */
  async function open(id: ConversationId) {
    const outcome = await ask('voice.kept', { conversationId: id });
    if (outcome.ok && outcome.value && recordingIn.value !== id) note(id, outcome.value);
  }

  function begin(id: ConversationId) {
    if (waiting.has(id)) return;
    if (recordingIn.value !== null) leave(recordingIn.value);
    problems.delete(id);
    recordingIn.value = id;
    void recorder.start();
  }

  function keep(id: ConversationId): Promise<void> {
    const blob = waiting.get(id)?.blob;
    if (!blob) return underWay.get(id) ?? Promise.resolve();
    const work = (underWay.get(id) ?? Promise.resolve()).then(() => handOver(id, blob));
    underWay.set(id, work);
    void work.finally(() => underWay.get(id) === work && underWay.delete(id));
    return work;
  }

  /** One at a time: the next one has more. What the core can't take is handed over at the end, with a word. */
  function keepPart(blob: Blob) {
    const id = recordingIn.value;
    if (id === null || underWay.has(id)) return;
    partly.add(id);
    const work = handOverPart(id, blob)
      .catch((error: unknown) => console.warn('A part of a recording was not kept', error))
      .finally(() => underWay.get(id) === work && underWay.delete(id));
    underWay.set(id, work);
  }

  async function handOverPart(id: ConversationId, blob: Blob) {
    const source = await fileSource(new File([blob], 'voice'));
    const outcome = await ask('voice.keep', { conversationId: id, source, waveform: '' });
    if (!outcome.ok) console.warn('A part of a recording was not kept', outcome.code);
  }

  async function handOver(id: ConversationId, blob: Blob) {
    if (waiting.get(id)?.blob !== blob) return;
    try {
      const waveform = await waveformOf(blob);
      const source = await fileSource(new File([blob], 'voice'));
      const outcome = await ask('voice.keep', { conversationId: id, source, waveform });
      if (outcome.ok) note(id, outcome.value);
      else problems.set(id, outcome);
    } catch (error) {
      if (!(error instanceof PostcardError)) throw error;
      problems.set(id, error);
    }
  }

  /** Stops what is recorded here and throws it away, or what waits. */
  async function discard(id: ConversationId) {
    if (recordingIn.value === id) {
      recordingIn.value = null;
      recorder.cancel();
      if (!partly.has(id)) return;
    }
    remove(id);
    await underWay.get(id);
    const outcome = await ask('voice.discard', { conversationId: id });
    if (!outcome.ok) problems.set(id, outcome);
    else remove(id);
    partly.delete(id);
  }

  async function send(id: ConversationId) {
    if (sending.value || !waiting.has(id)) return;
    sending.value = true;
    // Said once: the second Send sends it all the same.
    const anyway = problems.get(id)?.code === 'nudge';
    problems.delete(id);
    await keep(id);
    if (!problems.has(id)) {
      const outcome = await ask('voice.send', { conversationId: id, anyway });
      if (outcome.ok) remove(id);
      else problems.set(id, outcome);
    }
    sending.value = false;
  }

  /** Another conversation comes into view: what was said so far waits here. */
  function leave(id: ConversationId) {
    if (recordingIn.value !== id) return;
    if (recorder.state.value === 'recording') return recorder.stop();
    recordingIn.value = null;
    recorder.cancel();
  }

  function forgetAll() {
    recordingIn.value = null;
    recorder.cancel();
    partly.clear();
    for (const id of [...waiting.keys()]) remove(id);
  }

  const { state, why, elapsed, level } = recorder;
  return {
    ...{ recordingIn, waiting, problems, full, sending, button, state, why, elapsed, level },
    ...{ open, begin, stop: recorder.stop, discard, send, leave, forgetAll },
  };
});
