import { onScopeDispose, readonly, ref, type Ref } from 'vue';

/** Whether a media query fits the window, kept up to date. For setup functions. */
export function useMediaQuery(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query);
  const fits = ref(list.matches);
  const update = () => (fits.value = list.matches);
  list.addEventListener('change', update);
  onScopeDispose(() => list.removeEventListener('change', update));
  return readonly(fits);
}
