import type { Audience } from '../../contract/account-settings.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { PrivacyRule, ReachCalls } from '../xmpp/index.ts';
import { choiceOf, LIST, rulesFor, sameRules } from './reach-rules.ts';

/** What the server's list says now. */
export interface ServerList {
  /** The rules that hold: those of the default list. */
  readonly rules: readonly PrivacyRule[];
  /** Whether that list is ours. */
  readonly ours: boolean;
  /** What it stands for, where it is ours. */
  readonly choice: Audience | null;
}

/** Conditions by which a server says that it has no privacy lists (XEP-0016, RFC 6120 section 8.3.3). */
const unsupported = new Set([
  'service-unavailable',
  'feature-not-implemented',
  'item-not-found',
  'not-allowed',
]);

/** The condition of an error answer; null for any other failure. */
export function conditionOf(error: unknown): string | null {
  const condition = error instanceof PostcardError ? error.detail['condition'] : undefined;
  return typeof condition === 'string' ? condition : null;
}

/** Null where the server has no privacy lists. Rejects with `offline`, `no-answer`, `server-error`. */
export async function readServerList(calls: ReachCalls): Promise<ServerList | null> {
  try {
    const name = await calls.defaultList();
    const rules = name === '' ? [] : ((await calls.rules(name)) ?? []);
    const ours = name === LIST;
    return { rules, ours, choice: ours ? choiceOf(rules) : null };
  } catch (error) {
    if (unsupported.has(conditionOf(error) ?? '')) return null;
    throw error;
  }
}

interface WantedList {
  readonly choice: Audience;
  readonly open: readonly string[];
}

/** Whether the server's list says something else than what is wanted. */
export const differs = (now: ServerList, wanted: WantedList): boolean =>
  !now.ours || !sameRules(rulesFor({ ...wanted, existing: now.rules }), now.rules);

/**
 * The one function that writes the list: keeps whom it blocks, changes the rest, and makes it the default. Rejects
 * with what the server said.
 */
export async function writeServerList(calls: ReachCalls, now: ServerList, wanted: WantedList): Promise<void> {
  await calls.saveRules(LIST, rulesFor({ ...wanted, existing: now.rules }));
  if (!now.ours) await calls.setDefaultList(LIST);
}
