import { onBeforeUnmount, ref, shallowRef } from 'vue';
import { longestVoice } from '../../../contract/files.ts';
import type { TextKey } from '../../texts/index.ts';

/** ms between two looks at time and loudness. */
const EVERY = 100;
const types = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

/** A recording from the microphone, which is let go as soon as it ends. For setup functions. */
export function useRecorder() {
  const state = ref<'asking' | 'recording' | 'done' | 'refused'>('asking');
  const why = ref<TextKey>('media.microphoneBroken');
  /** ms */
  const elapsed = ref(0);
  /** 0 to 1 */
  const level = ref(0);
  const recording = shallowRef<Blob | null>(null);
  let release = () => undefined as void;
  let recorder: MediaRecorder | null = null;
  let gone = false;

  async function start() {
    state.value = 'asking';
    try {
      // Where the page may not even ask (no secure origin) there is no `mediaDevices`.
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (gone) return stopped(stream);
      begin(stream);
    } catch (error) {
      console.warn('No recording', error);
      why.value = reason(error);
      state.value = 'refused';
    }
  }

  function begin(stream: MediaStream) {
    const parts: Blob[] = [];
    const mimeType = types.find((type) => MediaRecorder.isTypeSupported(type));
    const made = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), audioBitsPerSecond: 48_000 });
    recorder = made;
    const loudness = listen(stream);
    const began = performance.now();
    const timer = setInterval(() => {
      elapsed.value = performance.now() - began;
      level.value = loudness.now();
      if (elapsed.value >= longestVoice) stop();
    }, EVERY);
    release = () => {
      release = () => undefined;
      clearInterval(timer);
      loudness.close();
      stopped(stream);
    };
    made.ondataavailable = ({ data }) => parts.push(data);
    made.onstop = () => {
      release();
      recording.value = new Blob(parts, { type: made.mimeType });
      const heard = recording.value.size > 0;
      if (!heard) why.value = 'media.nothingHeard';
      state.value = heard ? 'done' : 'refused';
    };
    made.onerror = () => stop();
    made.start(1_000);
    state.value = 'recording';
  }

  function stop() {
    if (recorder?.state === 'recording') recorder.stop();
  }

  onBeforeUnmount(() => {
    gone = true;
    if (recorder) recorder.onstop = null;
    stop();
    release();
  });
  return { state, why, elapsed, level, recording, start, stop };
}

const stopped = (stream: MediaStream): void => {
  for (const track of stream.getTracks()) track.stop();
};

function listen(stream: MediaStream): { now(): number; close(): void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Uint8Array(analyser.fftSize);
  return {
    now: () => {
      analyser.getByteTimeDomainData(samples);
      return Math.min(1, samples.reduce((most, one) => Math.max(most, Math.abs(one - 128)), 0) / 96);
    },
    close: () => void context.close(),
  };
}

function reason(error: unknown): TextKey {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'media.noMicrophone';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'media.microphoneRefused';
  return 'media.microphoneBroken';
}
