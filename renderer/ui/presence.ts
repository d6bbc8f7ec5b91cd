import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';

/** Whether somebody is looking: the window has the focus and the page is visible. */
export function usePresence(): Ref<boolean> {
  const present = ref(false);
  const look = () => (present.value = document.hasFocus() && document.visibilityState === 'visible');
  onMounted(() => {
    look();
    globalThis.addEventListener('focus', look);
    globalThis.addEventListener('blur', look);
    document.addEventListener('visibilitychange', look);
  });
  onBeforeUnmount(() => {
    globalThis.removeEventListener('focus', look);
    globalThis.removeEventListener('blur', look);
    document.removeEventListener('visibilitychange', look);
  });
  return present;
}
