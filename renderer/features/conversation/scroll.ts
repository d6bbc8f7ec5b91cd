import { nextTick, onBeforeUnmount, onMounted, ref, watch, type ShallowRef } from 'vue';
import type { MessageId } from '../../../contract/ids.ts';
import type { ReadingPlace } from './timeline.ts';

/** Closer to the end than this (px) counts as being there. */
const endPx = 48;
/** More messages are read when less than this (px) is left in a direction. */
const nearPx = 2400;

interface Options {
  /** Called when there is little left to scroll through; may be called often. */
  nearStart(): void;
  nearEnd(): void;
}

type Scroller = Readonly<ShallowRef<HTMLElement | null>>;

/**
 * Keeps the reading position of a list whose ends grow and shrink: the first message in view stays where it
 * is, and a reader at the end stays at the end. Needs `overflow-anchor: none` on the scroller, since the
 * browser's own anchoring gives up at the very top, where older messages come in.
 */
export function useReadingPosition(scroller: Scroller, content: Scroller, options: Options) {
  const atEnd = ref(true);
  let anchor: ReadingPlace | null = null;
  let frame = 0;
  let due = 0;

  const elements = () => content.value?.querySelectorAll<HTMLElement>('[data-message]') ?? [];

  /** The first element whose lower edge is below `y` (px from the top of the window); elements are in order. */
  function firstBelow(list: ArrayLike<HTMLElement>, y: number): HTMLElement | undefined {
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.getBoundingClientRect().bottom ?? 0) > y) high = middle;
      else low = middle + 1;
    }
    return list[low];
  }

  const idOf = (element: HTMLElement): MessageId | null => {
    const id = Number(element.dataset['message']);
    // Ids in the page were given by the core; messages it does not know yet have negative ones.
    return id > 0 ? (id as MessageId) : null;
  };

  function remember() {
    const box = scroller.value;
    // What has grown is not a reader who went up.
    if (!box || due) return;
    atEnd.value = box.scrollHeight - box.scrollTop - box.clientHeight < endPx;
    const top = box.getBoundingClientRect().top;
    const element = firstBelow(elements(), top);
    const id = element ? idOf(element) : null;
    anchor = element && id !== null ? { id, offset: element.getBoundingClientRect().top - top } : null;
  }

  function toEnd() {
    const box = scroller.value;
    if (box) box.scrollTop = box.scrollHeight;
    atEnd.value = true;
  }

  /** As `toEnd`, in the coming frame, where the list is laid out anyway: doing it now would be one layout more. */
  function toEndInFrame() {
    due ||= requestAnimationFrame(() => {
      due = 0;
      toEnd();
      askForMore();
    });
  }

  /** Brings a message to `offset` px below the top of the list; false when it isn't there. */
  function toPlace({ id, offset }: ReadingPlace): boolean {
    const box = scroller.value;
    const element = content.value?.querySelector(`[data-message="${id}"]`);
    if (!box || !element) return false;
    const moved = element.getBoundingClientRect().top - box.getBoundingClientRect().top - offset;
    if (Math.abs(moved) >= 1) box.scrollTop += moved;
    return true;
  }

  function keep() {
    if (atEnd.value) toEnd();
    else if (anchor) toPlace(anchor);
    askForMore();
  }

  function askForMore() {
    const box = scroller.value;
    if (!box) return;
    if (box.scrollTop < nearPx) options.nearStart();
    if (box.scrollHeight - box.scrollTop - box.clientHeight < nearPx) options.nearEnd();
  }

  function onScroll() {
    if (frame) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      remember();
      askForMore();
    });
  }

  // Called between layout and paint: what has grown is put right before it is seen.
  const observer = new ResizeObserver(keep);
  onMounted(() => {
    if (content.value) observer.observe(content.value);
    if (scroller.value) observer.observe(scroller.value);
  });
  onBeforeUnmount(() => {
    observer.disconnect();
    cancelAnimationFrame(frame);
    cancelAnimationFrame(due);
  });

  /** Calls `keep` after each change of `rows`, before it is painted. */
  function follow(rows: () => unknown) {
    watch(rows, () => remember(), { flush: 'pre' });
    watch(rows, () => (atEnd.value ? toEndInFrame() : keep()), { flush: 'post' });
  }

  /** The newest message whose end is in view. */
  function lastInView(): MessageId | null {
    const box = scroller.value;
    if (!box) return null;
    const list = [...elements()];
    const below = firstBelow(list, box.getBoundingClientRect().bottom);
    const last = below ? list[list.indexOf(below) - 1] : list.at(-1);
    return last ? idOf(last) : null;
  }

  /** Goes to a message (a third down the list) or to the end, and keeps it there. */
  async function land(place: ReadingPlace | MessageId | null) {
    if (place === null && atEnd.value) return toEndInFrame();
    await nextTick();
    const third = (scroller.value?.clientHeight ?? 0) / 3;
    const wanted = typeof place === 'number' ? { id: place, offset: third } : place;
    atEnd.value = false;
    anchor = wanted;
    if (!wanted || !toPlace(wanted)) toEnd();
    remember();
    askForMore();
  }

  const place = (): ReadingPlace | null => (atEnd.value ? null : anchor);
  return { atEnd, onScroll, follow, land, place, lastInView };
}
