// XEP-0359: Unique and Stable Stanza IDs, version 0.7.0
import type { Message } from 'stanza/protocol/index.js';

/**
 * The archive id that `by` assigned. Section 5: others' claims are worth nothing, and even `by` is only to be
 * believed where that entity is known to support this, for then it removes forged ones.
 */
export function stanzaIdBy(message: Message, by: string): string | null {
  const ids = (message as { stanzaIds?: { id?: string; by?: string }[] }).stanzaIds ?? [];
  const own = ids.filter((entry) => entry.by === by && typeof entry.id === 'string' && entry.id !== '');
  // Two of the same assigner: one is forged, and nobody can say which.
  return own.length === 1 ? (own[0]?.id ?? null) : null;
}
