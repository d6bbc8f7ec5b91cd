import type { Mention } from '../../../contract/messages.ts';

/** An @ and what follows it, right before the caret; `start`: of the @, UTF-16 units. */
export interface TypedMention {
  readonly start: number;
  readonly query: string;
}

/** Somebody who was chosen while writing: how they stand in the text (with the @), and who they are. */
export interface ChosenMention {
  readonly label: string;
  /** Bare. */
  readonly address: string;
}

/** Names have spaces; a second one is where a sentence goes on as often as not. */
const typed = /(?<![\p{L}\p{N}_.])@(?<query>(?:[\p{L}\p{N}_.'’-]+(?: [\p{L}\p{N}_.'’-]*)?)?)$/u;

/** What is being typed at the caret, if that is somebody's name after an @; null inside of words and addresses. */
export function mentionAt(text: string, caret: number): TypedMention | null {
  const from = Math.max(0, caret - 100);
  const found = typed.exec(text.slice(from, caret));
  const query = found?.groups?.['query'];
  if (!found || query === undefined || /^[\p{L}\p{N}_]/u.test(text.slice(caret))) return null;
  return { start: from + found.index, query };
}

/**
 * Where those who were chosen stand in a text that may have been changed since. Of two with one name the first stands
 * first; who was taken out again is left out.
 */
export function placesOf(
  text: string,
  chosen: readonly ChosenMention[],
): Pick<Mention, 'address' | 'start' | 'length'>[] {
  const from = new Map<string, number>();
  return chosen
    .flatMap(({ label, address }) => {
      const start = wordAt(text, label, from.get(label) ?? 0);
      if (start < 0) return [];
      from.set(label, start + label.length);
      return [{ address, start, length: label.length }];
    })
    .toSorted((a, b) => a.start - b.start);
}

/** Where `label` stands as a whole word from `from` on; -1: nowhere. */
function wordAt(text: string, label: string, from: number): number {
  for (let at = text.indexOf(label, from); at >= 0; at = text.indexOf(label, at + 1)) {
    if (!/^[\p{L}\p{N}_]/u.test(text.slice(at + label.length))) return at;
  }
  return -1;
}
