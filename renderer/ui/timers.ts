import { onBeforeUnmount } from 'vue';

/** Calls `run` every `ms` while the component that asks for it is there. */
export function useIntervalFn(run: () => void, ms: number): void {
  const timer = setInterval(run, ms);
  onBeforeUnmount(() => clearInterval(timer));
}
