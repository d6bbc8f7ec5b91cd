import { ref } from 'vue';
import { longestVoice } from '../../../contract/voice-notes.ts';
import type { TextKey } from '../../texts/index.ts';

/** ms between two looks at time and loudness. */
const EVERY = 100;
/** ms between two times that what has been said so far is told, at least. */
const TELL = 2_000;
/** As a share of the recording: what is handed over, all in all, stays within some times its size. */
const TELL_SHARE = 0.05;
const types = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];

/**
 * Records from the microphone, which is let go as soon as it ends. `done` gets what was recorded, at the stop; `full`: the
 * stop came from the longest time there is. `soFar` gets what there is every now and then before.
 */
export function createRecorder(
  done: (recording: Blob, full: boolean) => void,
  soFar: (recording: Blob) => void,
) {
  const state = ref<'idle' | 'asking' | 'recording' | 'refused'>('idle');
  const why = ref<TextKey>('media.microphoneBroken');
  /** ms */
  const elapsed = ref(0);
  /** 0 to 1 */
  const level = ref(0);
  let release = () => undefined as void;
  let recorder: MediaRecorder | null = null;
  /** Counts starts: an answer to one that was given up comes to nothing. */
  let turn = 0;

  async function start() {
    const mine = (turn += 1);
    state.value = 'asking';
    elapsed.value = 0;
    level.value = 0;
    try {
      // Where the page may not even ask (no secure origin) there is no `mediaDevices`.
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      if (mine !== turn) return stopped(stream);
      begin(stream);
    } catch (error) {
      if (mine !== turn) return;
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
    let told = 0;
    release = () => {
      release = () => undefined;
      clearInterval(timer);
      loudness.close();
      stopped(stream);
    };
    made.ondataavailable = ({ data }) => {
      parts.push(data);
      const now = performance.now() - began;
      // A window that nobody sees has few ticks of its timers.
      if (now >= longestVoice) return stop();
      if (made.state !== 'recording' || now - told < Math.max(TELL, now * TELL_SHARE)) return;
      told = now;
      soFar(new Blob(parts, { type: made.mimeType }));
    };
    made.onstop = () => {
      const full = performance.now() - began >= longestVoice;
      release();
      const recording = new Blob(parts, { type: made.mimeType });
      const heard = recording.size > 0;
      state.value = heard ? 'idle' : 'refused';
      if (heard) done(recording, full);
      else why.value = 'media.nothingHeard';
    };
    made.onerror = () => stop();
    made.start(1_000);
    state.value = 'recording';
  }

  function stop() {
    if (recorder?.state === 'recording') recorder.stop();
  }

  /** What was recorded is thrown away. */
  function cancel() {
    turn += 1;
    if (recorder) recorder.onstop = recorder.ondataavailable = null;
    stop();
    release();
    recorder = null;
    state.value = 'idle';
  }

  return { state, why, elapsed, level, start, stop, cancel };
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
