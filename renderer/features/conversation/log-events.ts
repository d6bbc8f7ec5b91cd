import type { Message } from '../../../contract/messages.ts';
import { formatFull } from '../../format/times.ts';
import { atElement, atEvent, type MenuAnchor } from '../../ui/menu.ts';
import { explainEmoji } from '../picker/explain.ts';
import { words } from './message-words.ts';

/** What happens in any message of the list, heard once for all of them. */
export function useLogEvents(o: {
  messageOf(id: number): Message | undefined;
  openMenu(anchor: MenuAnchor, message: Message): void;
  /** A click on a message that selects it; false: it means something else. */
  selects(event: MouseEvent, message: Message, target: Element): boolean;
  /** A key on a message itself. False: it means nothing there. */
  onKey(key: string, message: Message, article: HTMLElement): boolean;
}) {
  /** The message an event happened in. */
  function at(event: Event): { message: Message; article: HTMLElement; target: Element } | null {
    const target = event.target as Element;
    const article = target.closest<HTMLElement>('[data-message]');
    const message = article && o.messageOf(Number(article.dataset['message']));
    return article && message ? { message, article, target } : null;
  }
  const side = ({ outgoing }: Message) => (outgoing ? 'end' : 'start');

  function onClick(event: MouseEvent) {
    const found = at(event);
    if (found && o.selects(event, found.message, found.target)) return event.preventDefault();
    const button = found?.target.closest<HTMLElement>('.actions');
    if (found && button) o.openMenu(atElement(button, side(found.message)), found.message);
  }

  /** The browser's own menu stays where it knows more: for links and selected text. */
  function onContextMenu(event: MouseEvent) {
    const found = at(event);
    const selected = getSelection()?.isCollapsed === false;
    if (!found || selected || found.target.closest('a')) return;
    event.preventDefault();
    o.openMenu(atEvent(event), found.message);
  }

  /** The context-menu key, or Shift+F10: the menu stands at its button, the focus comes back to where it was. */
  function onMenuKey(event: KeyboardEvent) {
    if (event.key !== 'ContextMenu' && !(event.key === 'F10' && event.shiftKey)) return;
    const found = at(event);
    const button = found?.article.querySelector<HTMLElement>('.actions');
    if (!found || !button || found.target.closest('a')) return;
    event.preventDefault();
    const returnTo = found.target as HTMLElement;
    o.openMenu({ ...atElement(button, side(found.message)), returnTo }, found.message);
  }

  /** Keys without others, on a message that has the focus itself. */
  function onLetter(event: KeyboardEvent) {
    const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
    const found = modified || event.repeat ? null : at(event);
    if (found?.target !== found?.article || !found) return;
    if (o.onKey(event.key.toLowerCase(), found.message, found.article)) event.preventDefault();
  }

  /** Titles are written for the one the pointer comes to: a full date takes Intl as long as the rest of a message. */
  function onPointerOver(event: PointerEvent) {
    const element = (event.target as Element).closest<HTMLElement>('.about, .actions, .text');
    if (element?.matches('.text')) void explainEmoji(element);
    if (!element || element.title !== '' || element.matches('.text')) return;
    if (element instanceof HTMLTimeElement) element.title = formatFull(Date.parse(element.dateTime));
    else element.title = words.value.actions;
  }

  return { onClick, onContextMenu, onLetter, onMenuKey, onPointerOver };
}
