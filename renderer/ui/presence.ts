import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';
import { bridge } from '../bridge/index.ts';

/** What the host says; a page without a host that hides windows hears nothing. */
let shown = true;
bridge.on('app.shown', (now) => {
  shown = now.shown;
  globalThis.dispatchEvent(new Event('shown'));
});

/** Whether somebody is looking: the window has the focus and the page is visible. */
export function usePresence(): Ref<boolean> {
  const present = ref(false);
  const look = () => (present.value = shown && document.hasFocus() && document.visibilityState === 'visible');
  onMounted(() => {
    look();
    globalThis.addEventListener('focus', look);
    globalThis.addEventListener('blur', look);
    globalThis.addEventListener('shown', look);
    document.addEventListener('visibilitychange', look);
  });
  onBeforeUnmount(() => {
    globalThis.removeEventListener('focus', look);
    globalThis.removeEventListener('blur', look);
    globalThis.removeEventListener('shown', look);
    document.removeEventListener('visibilitychange', look);
  });
  return present;
}
