import type { Group } from '../../../contract/groups.ts';
import { formatFull, formatTime } from '../../format/times.ts';
import { t } from '../../texts/index.ts';
import { always } from '../inbox/order.ts';

/** What stands in the way of writing in a group. `closed`: the text box is away, the draft stays. */
export type Barrier =
  | { readonly kind: 'out'; readonly words: string; readonly rejoin: boolean }
  | { readonly kind: 'silent'; readonly words: string }
  | { readonly kind: 'guidelines'; readonly words: string }
  | { readonly kind: 'wait'; readonly words: string };

const DAY = 86_400_000;

/** The first of all that stands in the way at `now` (Unix ms); null: nothing. `wait` hides nothing. */
export function barrierOf(group: Group, now: number): Barrier | null {
  const { state, reason, mutedUntil, may, nextMessageAt } = group;
  if (state === 'joining') return { kind: 'wait', words: t('groups.bar.joining') };
  if (state !== 'joined') {
    const words = t(`groups.state.${state}`);
    const rejoin = state === 'left' || state === 'removed';
    return { kind: 'out', words: reason ? `${words}: ${reason}` : words, rejoin };
  }
  if (mutedUntil !== null && (mutedUntil > now || !may.write))
    return { kind: 'silent', words: mutedWords(mutedUntil, now) };
  if (!may.write) return { kind: 'silent', words: t('groups.bar.announcements') };
  if (!group.guidelinesAccepted) return { kind: 'guidelines', words: t('groups.bar.guidelines') };
  if (nextMessageAt > now)
    return { kind: 'wait', words: t('groups.bar.slow', { time: countdown(nextMessageAt - now) }) };
  return null;
}

const mutedWords = (until: number, now: number) =>
  until >= always
    ? t('groups.bar.mutedForGood')
    : until <= now
      ? t('groups.bar.muteEnds')
      : t('groups.bar.muted', { when: until - now < DAY ? formatTime(until) : formatFull(until) });

/** `M:SS`, rounded up. */
export function countdown(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
