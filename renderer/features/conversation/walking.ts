import { onBeforeUnmount, onMounted, type ShallowRef } from 'vue';

/** What in a message can be used; a tab stop only while the focus is in that message. */
const usable = 'a[href], button, input, select, textarea, video, audio, summary';
const steps: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  Home: -Infinity,
  End: Infinity,
};

interface Options {
  /** The message to begin with, when Tab comes to the list for the first time. */
  begin(): HTMLElement | null;
  /** End: what is newer may have to be read first. Resolves when the newest message is in the page. */
  toNewest(): Promise<void>;
}

/**
 * The list of messages is one tab stop: the arrow keys, Home and End go from message to message, Tab from a message
 * to what can be used in it and then out of the list (WAI-ARIA, "roving tabindex"). The stops are set when Tab is
 * pressed, so that a message costs nothing for it, however it changes in the meantime.
 */
export function useWalking(content: Readonly<ShallowRef<HTMLElement | null>>, options: Options) {
  let current: HTMLElement | null = null;

  const articles = () => [...(content.value?.querySelectorAll<HTMLElement>('article') ?? [])];
  const withFocus = () => {
    const article = document.activeElement?.closest<HTMLElement>('article') ?? null;
    return article && content.value?.contains(article) ? article : null;
  };

  function arrange(event: KeyboardEvent) {
    const list = content.value;
    if (event.key !== 'Tab' || !list) return;
    const focused = withFocus();
    current = focused ?? (current?.isConnected ? current : options.begin());
    for (const article of articles()) article.tabIndex = article === current ? 0 : -1;
    for (const element of list.querySelectorAll<HTMLElement>(usable)) {
      element.tabIndex = focused?.contains(element) ? 0 : -1;
    }
  }

  async function walk(event: KeyboardEvent) {
    const from = withFocus();
    const step = steps[event.key];
    const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    if (!from || step === undefined || modified || (event.target as Element).matches('input, textarea'))
      return;
    event.preventDefault();
    if (step === Infinity) await options.toNewest();
    const list = articles();
    const at = Math.min(list.length - 1, Math.max(0, list.indexOf(from) + step));
    current = list[at] ?? null;
    current?.focus();
  }

  onMounted(() => globalThis.addEventListener('keydown', arrange, { capture: true }));
  onBeforeUnmount(() => globalThis.removeEventListener('keydown', arrange, { capture: true }));
  return { walk };
}
