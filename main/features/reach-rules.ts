import type { Audience } from '../../contract/account-settings.ts';
import type { PrivacyRule } from '../xmpp/index.ts';

/** The list on the server that this app owns. */
export const LIST = 'postcard';

export interface ReachRules {
  readonly choice: Audience;
  /** Rules of the list that holds now: of them, whom they keep out is kept. */
  readonly existing: readonly PrivacyRule[];
  /**
   * Addresses and domains that stay reachable whatever is chosen: rooms, own devices, the hub's assistant. Never the
   * bare domain of a server: it would let in everybody on it.
   */
  readonly open: readonly string[];
}

/** A block, by XEP-0191 on servers that keep blocks in this list, or by an app that writes lists itself. */
export const isBlock = (rule: PrivacyRule): boolean => rule.action === 'deny' && rule.type === 'jid';

const message = { order: 0, kinds: ['message'] } as const;
const everybody = { type: null, value: '' } as const;
const friends: PrivacyRule = { ...message, action: 'allow', type: 'subscription', value: 'both' };
const nobody: PrivacyRule = { ...message, ...everybody, action: 'deny' };
const anybody: PrivacyRule = { ...message, ...everybody, action: 'allow' };
/** The list that a choice asks for. Pure, and the same for the same: writing it twice changes nothing. */
export function rulesFor({ choice, existing, open }: ReachRules): PrivacyRule[] {
  const blocks = existing.filter(isBlock);
  const opened = open.map((value): PrivacyRule => ({ ...message, action: 'allow', type: 'jid', value }));
  const chosen: Record<Audience, readonly PrivacyRule[]> = {
    // Not no list at all: blocks need one, and a list without rules is deleted (XEP-0016 section 2.7).
    everyone: [anybody],
    friends: [...opened, friends, nobody],
    'no-one': [...opened, nobody],
  };
  // Section 2.1: each order once.
  return [...blocks, ...chosen[choice]].map((rule, at) => ({ ...rule, order: at + 1 }));
}

/** Whether two lists say the same; the numbers only order them. */
export function sameRules(a: readonly PrivacyRule[], b: readonly PrivacyRule[]): boolean {
  const key = ({ action, type, value, kinds }: PrivacyRule) =>
    [action, type, value, ...[...kinds].sort()].join('\n');
  return a.length === b.length && a.every((rule, at) => key(rule) === key(b[at] ?? rule));
}

/** The choice that a list of ours stands for; null when it is none of them. */
export function choiceOf(rules: readonly PrivacyRule[]): Audience | null {
  const last = rules.at(-1);
  if (last === undefined || last.type !== null || !last.kinds.includes('message')) return null;
  if (last.action === 'allow') return 'everyone';
  const both = rules.some((r) => r.action === 'allow' && r.type === 'subscription' && r.value === 'both');
  return both ? 'friends' : 'no-one';
}
