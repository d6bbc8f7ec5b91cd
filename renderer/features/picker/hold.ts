import { onBeforeUnmount } from 'vue';

/** ms a button is held until that means its other forms. */
const holdMs = 450;

/** Tells a long press from a click. `held`: whether the press that just ended was one; asked once, by the click. */
export function useHold(onHold: (event: PointerEvent) => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let was = false;

  function begin(event: PointerEvent) {
    was = false;
    clearTimeout(timer);
    if (event.button !== 0) return;
    timer = setTimeout(() => {
      was = true;
      onHold(event);
    }, holdMs);
  }
  const end = () => clearTimeout(timer);
  function held() {
    const before = was;
    was = false;
    return before;
  }

  onBeforeUnmount(end);
  return { begin, end, held };
}
