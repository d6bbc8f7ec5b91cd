/** One character as it is compared: no upper case, no accents; '' for an accent that stands by itself. */
const folded = (character: string): string =>
  character
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();

/** Where `query` stands in `text`, whatever case and accents; from and to in UTF-16 units, not overlapping. */
export function matchesIn(text: string, query: string): [from: number, to: number][] {
  const wanted = [...query.normalize('NFD')].map(folded).join('');
  if (wanted === '') return [];
  let plain = '';
  /** Of each unit of `plain`: where it comes from. */
  const from: number[] = [];
  let at = 0;
  for (const character of text) {
    const part = folded(character);
    for (let unit = 0; unit < part.length; unit += 1) from.push(at);
    plain += part;
    at += character.length;
  }
  const found: [number, number][] = [];
  for (let i = plain.indexOf(wanted); i >= 0; i = plain.indexOf(wanted, i + wanted.length)) {
    found.push([from[i] ?? 0, from[i + wanted.length] ?? text.length]);
  }
  return found;
}

function* textNodes(element: Element): Generator<Text> {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  // The walker shows text nodes alone.
  for (let node = walker.nextNode(); node; node = walker.nextNode()) yield node as Text;
}

function rangesIn(element: Element, query: string): Range[] {
  return [...textNodes(element)].flatMap((node) =>
    matchesIn(node.data, query).map(([start, end]) => {
      const range = new Range();
      range.setStart(node, start);
      range.setEnd(node, end);
      return range;
    }),
  );
}

/**
 * Marks what was found in the messages that are shown, and the one that is looked at more strongly. The browser paints
 * the marks: messages themselves are not touched (CSS Custom Highlight API).
 */
export function highlight(query: string, current: number | null): void {
  if (!('highlights' in CSS)) return;
  const found = new Highlight();
  const here = new Highlight();
  for (const text of query.trim() === '' ? [] : document.querySelectorAll('[role="log"] article .text')) {
    const id = text.closest<HTMLElement>('[data-message]')?.dataset['message'];
    for (const range of rangesIn(text, query.trim())) (Number(id) === current ? here : found).add(range);
  }
  CSS.highlights.set('found', found);
  CSS.highlights.set('found-here', here);
}

export function clearHighlight(): void {
  if (!('highlights' in CSS)) return;
  CSS.highlights.delete('found');
  CSS.highlights.delete('found-here');
}
