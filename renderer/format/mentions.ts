import type { Mention } from '../../contract/messages.ts';

export interface NamedPart {
  readonly text: string;
  /** Somebody is named; null: nobody. */
  readonly mention: Mention | null;
}

/**
 * Cuts `text` where people are named. The parts together are the text, character for character; a mention that is not
 * in it, or stands in another, counts as none.
 */
export function splitMentions(text: string, mentions: readonly Mention[]): readonly NamedPart[] {
  const parts: NamedPart[] = [];
  let end = 0;
  for (const mention of mentions.toSorted((a, b) => a.start - b.start)) {
    const { start, length } = mention;
    if (start < end || length < 1 || start + length > text.length) continue;
    if (start > end) parts.push({ text: text.slice(end, start), mention: null });
    parts.push({ text: text.slice(start, start + length), mention });
    end = start + length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), mention: null });
  return parts;
}
