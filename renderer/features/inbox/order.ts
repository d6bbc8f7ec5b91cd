import type { Conversation } from '../../../contract/conversations.ts';

/** What `mutedUntil` is when it is for always: the last instant that a Date can hold, Unix ms. */
export const always = 8_640_000_000_000_000;

/** The order of the inbox: pinned ones first, then the newest first. */
export const inOrder = (a: Conversation, b: Conversation): number =>
  Number(b.pinned) - Number(a.pinned) || b.lastActivity - a.lastActivity || b.id - a.id;

/** Whether what was typed into the search box is in a name, whatever its case and accents. */
export function nameMatches(name: string, query: string): boolean {
  const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
  return plain(name).includes(plain(query.trim()));
}

/** Whether notifications of a conversation are off at `now` (Unix ms). */
export const isMuted = ({ mutedUntil }: Conversation, now: number): boolean =>
  mutedUntil !== null && mutedUntil > now;
