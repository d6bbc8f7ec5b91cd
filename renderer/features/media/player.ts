import { defineStore } from 'pinia';
import { ref } from 'vue';
import type { AttachmentId } from '../../../contract/ids.ts';

const rates = [1, 1.5, 2] as const;

/** The one thing that is heard: it belongs to no message on the screen, so that it goes on while one scrolls. */
export const usePlayer = defineStore('player', () => {
  const id = ref<AttachmentId | null>(null);
  const playing = ref(false);
  /** ms */
  const at = ref(0);
  const rate = ref<(typeof rates)[number]>(1);
  const audio = new Audio();
  audio.preload = 'auto';
  audio.addEventListener('timeupdate', () => (at.value = audio.currentTime * 1000));
  audio.addEventListener('play', () => (playing.value = true));
  audio.addEventListener('pause', () => (playing.value = false));
  audio.addEventListener('ended', () => {
    at.value = 0;
    audio.currentTime = 0;
  });
  audio.addEventListener('error', () => (playing.value = false));

  function take(next: AttachmentId) {
    if (id.value === next) return;
    audio.pause();
    audio.src = `/media/attachment/${next}`;
    audio.playbackRate = rate.value;
    id.value = next;
    at.value = 0;
  }

  function toggle(next: AttachmentId) {
    take(next);
    if (!audio.paused) return audio.pause();
    audio.playbackRate = rate.value;
    audio.play().catch((error: unknown) => console.warn('It can’t be played', error));
  }

  /** @param ms from its beginning */
  function seek(next: AttachmentId, ms: number) {
    take(next);
    at.value = Math.max(0, ms);
    audio.currentTime = at.value / 1000;
  }

  function faster() {
    rate.value = rates[(rates.indexOf(rate.value) + 1) % rates.length] ?? 1;
    audio.playbackRate = rate.value;
  }

  return { id, playing, at, rate, toggle, seek, faster };
});
