import { watch, type ShallowRef } from 'vue';
import type { MessageId } from '../../../contract/ids.ts';
import type { Message } from '../../../contract/messages.ts';
import { useComposing } from '../conversation/composing.ts';
import { useTimeline } from '../conversation/timeline.ts';
import { useReactions } from '../reactions/reactions.ts';
import { useSelection } from './selection.ts';

/** Selecting in the list of messages, and what single keys do on one that has the focus. */
export function useLogSelection(content: Readonly<ShallowRef<HTMLElement | null>>) {
  const timeline = useTimeline();
  const selection = useSelection();

  // Marked from here: hundreds of articles know nothing of it.
  watch(
    [() => selection.active && selection.chosen, () => timeline.rows],
    ([chosen]) => {
      if (!chosen && content.value?.querySelector('.selected') === null) return;
      for (const article of content.value?.querySelectorAll<HTMLElement>('article[data-message]') ?? [])
        mark(article, chosen !== false && chosen.has(Number(article.dataset['message']) as MessageId));
    },
    { flush: 'post' },
  );
  function mark(article: HTMLElement, selected: boolean) {
    article.classList.toggle('selected', selected);
    if (selected) article.setAttribute('aria-current', 'true');
    else article.removeAttribute('aria-current');
  }

  /** A click on a message that selects it; false: it means something else. */
  function selects(event: MouseEvent, message: Message, target: Element): boolean {
    if ((!selection.active && !event.shiftKey) || target.closest('.actions, a')) return false;
    if (event.shiftKey) selection.reach(message);
    else selection.toggle(message);
    getSelection()?.removeAllRanges();
    return true;
  }

  /** A key on a message itself; false: it means nothing there. */
  function onKey(key: string, message: Message, article: HTMLElement): boolean {
    if (key === 'escape' && selection.active) selection.end();
    else if (message.id < 0 || message.unsent) return false;
    else if (key === ' ') selection.toggle(message);
    else if (message.state === 'failed') return false;
    else if (key === 'r') useComposing().begin('reply', message);
    else if (key === 'e') useReactions().open(message, article);
    else return false;
    return true;
  }

  return { selects, onKey };
}
