import type { Outcome } from '../../../contract/errors.ts';
import type { GroupMember } from '../../../contract/groups.ts';

export interface MemberPage {
  readonly items: readonly GroupMember[];
  readonly next: string | null;
  readonly total: number;
}

/** People the core gives at once. */
const mostAtOnce = 200;

export const keyOf = ({ address, nick }: Pick<GroupMember, 'address' | 'nick'>): string => address ?? nick;

/**
 * The beginning of a list, as many people as are wanted of it. Null where nobody wants it any more; who moved in the
 * list between two pages stands there once.
 */
export async function readMembers(
  page: (o: { before: string | null; limit: number }) => Promise<Outcome<MemberPage>>,
  wanted: number,
  isWanted: () => boolean,
): Promise<Outcome<MemberPage> | null> {
  const found = new Map<string, GroupMember>();
  let before: string | null = null;
  for (let left = wanted; ;) {
    const outcome: Outcome<MemberPage> = await page({ before, limit: Math.min(mostAtOnce, left) });
    if (!isWanted()) return null;
    if (!outcome.ok) return outcome;
    const { items, next, total } = outcome.value;
    for (const member of items) found.set(keyOf(member), member);
    left -= items.length;
    before = next;
    if (next === null || left <= 0) return { ok: true, value: { items: [...found.values()], next, total } };
  }
}
