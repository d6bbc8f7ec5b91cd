/** Words separated by commas (of any script) or line breaks, without empty ones, each at most `length` characters. */
export function wordsOf(text: string, max: { readonly words: number; readonly length: number }): string[] {
  const words = text
    .split(/[,،、，\n]/u)
    .map((word) => [...word.trim()].slice(0, max.length).join(''))
    .filter((word) => word !== '');
  return [...new Set(words)].slice(0, max.words);
}
