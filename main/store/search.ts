import type { SearchHit } from '../../contract/messages.ts';
import type { ReadableDb } from './db.ts';

/**
 * Messages whose text contains `query`, newest first. A page may hold fewer than `limit` items, even none, and still
 * have a `next`: the amount of work for one page is bounded.
 */
export function searchMessages(
  _db: ReadableDb,
  _o: { query: string; before: string | null; limit: number },
): { items: SearchHit[]; next: string | null } {
  throw new Error('not there yet');
}
