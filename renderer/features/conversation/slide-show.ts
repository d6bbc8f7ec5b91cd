import { onBeforeUnmount, onMounted, ref, watch } from 'vue';

/** Seconds for each photo that can be chosen. */
export const intervals = [2, 4, 8, 15] as const;

/**
 * A slide show: `next` is called after each interval and says whether there was one. It ends with the last photo, and
 * when the window is hidden.
 */
export function useSlideShow(next: () => Promise<boolean>) {
  const playing = ref(false);
  const seconds = ref<number>(4);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function plan() {
    clearTimeout(timer);
    if (playing.value) timer = setTimeout(() => void turn(), seconds.value * 1000);
  }
  async function turn() {
    if (!playing.value) return;
    if (!(await next())) playing.value = false;
    plan();
  }
  const stopHidden = () => {
    if (document.visibilityState === 'hidden') playing.value = false;
  };
  watch([playing, seconds], plan);
  onMounted(() => document.addEventListener('visibilitychange', stopHidden));
  onBeforeUnmount(() => {
    playing.value = false;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', stopHidden);
  });

  /** A step by hand begins the interval anew. */
  return { playing, seconds, again: plan };
}
