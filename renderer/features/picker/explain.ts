import { emojiIn } from '../../format/emoji.ts';
import { useEmoji } from './use-emoji.ts';

/** More than these in one text are decoration. */
const most = 12;

/** Says in an element's title what the emoji in its text mean, once the pointer is there. */
export async function explainEmoji(element: HTMLElement): Promise<void> {
  const found = emojiIn(element.textContent ?? '').slice(0, most);
  // Texts change when they are edited.
  if (found.length === 0) return void element.removeAttribute('title');
  const emoji = useEmoji();
  if (emoji.all.length === 0) await emoji.load();
  const names = found.flatMap((text) => {
    const name = emoji.nameOf(text);
    return name === null ? [] : [found.length === 1 ? name : `${text} ${name}`];
  });
  element.title = names.join(', ');
}
