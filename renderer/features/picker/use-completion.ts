import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue';
import { codeAt, type TypedCode } from './completion.ts';
import type { Emoji } from './emoji.ts';
import { replaceRange } from './insert.ts';
import { completeEmoji } from './search.ts';
import { useEmoji } from './use-emoji.ts';

const mostOffers = 6;

/**
 * Offers emoji for a shortcode that is typed in `box` (WAI-ARIA, "combobox" with a list; the box stays a text box).
 * Arrows choose, Enter and Tab take it, Escape leaves the text as it is.
 */
export function useCompletion(box: () => HTMLTextAreaElement | null) {
  const emoji = useEmoji();
  const typed = shallowRef<TypedCode | null>(null);
  const active = ref(0);
  /** Where Escape was pressed: that one is not asked about again. */
  let refused: number | null = null;

  const offers = computed<readonly Emoji[]>(() =>
    typed.value ? completeEmoji(emoji.all, typed.value.code, mostOffers) : [],
  );

  function close() {
    typed.value = null;
  }

  async function look() {
    const area = box();
    const found =
      area && area.selectionStart === area.selectionEnd && codeAt(area.value, area.selectionStart);
    if (!area || !found || found.start === refused) {
      if (!found) refused = null;
      return close();
    }
    if (emoji.all.length === 0) {
      await emoji.load();
      // More was typed while they were fetched: that is looked at instead.
      if (codeAt(area.value, area.selectionStart)?.code !== found.code) return;
    }
    if (found.closed) return takeClosed(found);
    if (found.code !== typed.value?.code) active.value = 0;
    typed.value = found;
  }

  /** `:smile:` becomes its emoji at once; what is no shortcode stays. */
  function takeClosed(found: TypedCode) {
    const meant = emoji.all.find(({ codes }) => codes.includes(found.code.toLowerCase()));
    close();
    if (meant) put(found, meant, 2);
  }

  function put({ start, code }: TypedCode, meant: Emoji, colons: number) {
    const area = box();
    const text = emoji.own(meant);
    if (!area) return;
    emoji.used(text);
    replaceRange(area, start, start + code.length + colons, text);
  }

  function take(index = active.value) {
    const meant = offers.value[index];
    const found = typed.value;
    close();
    if (meant && found) put(found, meant, 1);
  }

  function onKey(event: KeyboardEvent) {
    const { length } = offers.value;
    if (length === 0 || event.isComposing || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey)
      return;
    if (event.key === 'ArrowDown') active.value = (active.value + 1) % length;
    else if (event.key === 'ArrowUp') active.value = (active.value + length - 1) % length;
    else if (event.key === 'Enter' || event.key === 'Tab') take();
    else if (event.key === 'Escape') {
      refused = typed.value?.start ?? null;
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
    if (typed.value && document.activeElement === box()) void look();
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
