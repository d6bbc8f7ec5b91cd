import { onBeforeUnmount, ref, shallowRef, watch, type Ref } from 'vue';

/** What is being typed at the caret: where it begins in the text, UTF-16 units. */
export interface Typed {
  readonly start: number;
}

/** What a text box completes, and with what. */
export interface Completing<Found extends Typed, Offer> {
  /** What is typed at the caret, if it can be completed. */
  readonly find: (text: string, caret: number) => Found | null;
  /** What to offer for it; null: it is done with, and nothing is to be offered. May fetch. */
  readonly offer: (found: Found) => readonly Offer[] | null | Promise<readonly Offer[] | null>;
  /** Somebody chose this one. */
  readonly put: (area: HTMLTextAreaElement, found: Found, offer: Offer) => void;
}

/**
 * Offers to complete what is typed in `box` (WAI-ARIA, "combobox" with a list; the box stays a text box). Arrows choose,
 * Enter and Tab take it, Escape leaves the text as it is.
 */
export function useCompletion<Found extends Typed, Offer>(
  box: () => HTMLTextAreaElement | null,
  what: Completing<Found, Offer>,
): { offers: Readonly<Ref<readonly Offer[]>>; active: Ref<number>; take: (index?: number) => void } {
  const offers = shallowRef<readonly Offer[]>([]);
  const active = ref(0);
  let typed: Found | null = null;
  /** What was taken, or where Escape was pressed: that one is not asked about again. */
  let refused: number | null = null;
  /** Counts the looks: an answer to an earlier one is of no use. */
  let looked = 0;

  function close() {
    looked += 1;
    typed = null;
    offers.value = [];
  }

  async function look() {
    const area = box();
    const found =
      area && area.selectionStart === area.selectionEnd ? what.find(area.value, area.selectionStart) : null;
    if (!area || !found || found.start === refused) {
      if (!found) refused = null;
      return close();
    }
    looked += 1;
    const mine = looked;
    const offered = await what.offer(found);
    if (mine !== looked) return;
    if (offered === null) return close();
    if (JSON.stringify(found) !== JSON.stringify(typed)) active.value = 0;
    typed = found;
    offers.value = offered;
  }

  function take(index = active.value) {
    const [area, found, offer] = [box(), typed, offers.value[index]];
    close();
    if (!area || !found || offer === undefined) return;
    // What was taken is finished, also where more could follow.
    refused = found.start;
    what.put(area, found, offer);
  }

  function onKey(event: KeyboardEvent) {
    const { length } = offers.value;
    if (length === 0 || event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey)
      return;
    if (event.key === 'ArrowDown') active.value = (active.value + 1) % length;
    else if (event.key === 'ArrowUp') active.value = (active.value + length - 1) % length;
    else if (event.key === 'Enter' || event.key === 'Tab') take();
    else if (event.key === 'Escape') {
      refused = typed?.start ?? null;
      close();
    } else return;
    // The list's keys are not the text box's: Enter does not send.
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  const onInput = (event: Event) => {
    // While an input method composes, nothing is replaced under it.
    if (!(event as InputEvent).isComposing) void look();
  };
  const onCaret = () => {
    if (typed && document.activeElement === box()) void look();
  };

  function listen(area: HTMLTextAreaElement | null, on: boolean) {
    const change = on ? 'addEventListener' : 'removeEventListener';
    area?.[change]('input', onInput);
    area?.[change]('keydown', onKey as EventListener, { capture: true });
    area?.[change]('blur', close);
  }
  watch(
    box,
    (area, before) => {
      listen(before ?? null, false);
      listen(area, true);
    },
    { immediate: true },
  );
  document.addEventListener('selectionchange', onCaret);
  onBeforeUnmount(() => {
    listen(box(), false);
    document.removeEventListener('selectionchange', onCaret);
  });

  return { offers, active, take };
}
