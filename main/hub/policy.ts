import { getSetting } from './store/accounts.ts';
import { findPrivacyList, isBlockedAny } from './store/safety.ts';
import { findItem, subscriptionOf } from './store/roster.ts';
import { DOMAIN, bareOf, fullOf, parseJid } from './jid.ts';
import type { Db } from './store/database.ts';
import type { Jid } from './jid.ts';
import type { PrivacyItem, PrivacyKind } from './store/safety.ts';
import type { Session } from './session.ts';

export const DEFAULT_LIST = 'privacy:default';

/** Whether an account has blocked an address (XEP-0191 §2; matching as in XEP-0016 §2.1). */
export function isBlocked(db: Db, user: string, other: Jid): boolean {
  return isBlockedAny(db, user, addressForms(other));
}

/** Every form of an address that a rule may name it by. */
function addressForms(jid: Jid): string[] {
  const forms = [fullOf(jid), bareOf(jid), jid.domain];
  if (jid.resource) forms.push(`${jid.domain}/${jid.resource}`);
  return forms;
}

/**
 * Whether an account's privacy list lets a stanza from (or, for presence-out, to) another address pass.
 * With a session its active list counts, else the default list (XEP-0016 §2.2). Outgoing messages and
 * IQs are only touched by rules that cover everything (`outgoing`).
 */
export function listAllows(
  db: Db,
  owner: { user: string; session?: Session | undefined },
  other: Jid,
  kind: PrivacyKind | 'outgoing',
): boolean {
  // One's own devices always reach each other, and the server its users.
  if (other.domain === DOMAIN && (other.user === '' || other.user === owner.user)) return true;
  const active = owner.session?.activeList;
  const name = active === undefined ? getSetting(db, owner.user, DEFAULT_LIST) : active;
  if (name === null) return true;
  const items = findPrivacyList(db, owner.user, name);
  if (!items) return true;
  const rule = items.find((item) => covers(item, kind) && matches(db, owner.user, item, other));
  return rule ? rule.action === 'allow' : true;
}

function covers(item: PrivacyItem, kind: PrivacyKind | 'outgoing'): boolean {
  return item.kinds.length === 0 || (kind !== 'outgoing' && item.kinds.includes(kind));
}

function matches(db: Db, user: string, item: PrivacyItem, other: Jid): boolean {
  if (item.type === null) return true;
  if (item.type === 'jid') {
    const wanted = parseJid(item.value);
    return wanted !== null && addressForms(other).includes(fullOf(wanted));
  }
  const contact = findItem(db, user, bareOf(other));
  if (item.type === 'group') return contact?.groups.includes(item.value) ?? false;
  return subscriptionOf(contact) === item.value;
}

/** Whether a stanza from `other` may reach an account (or one session of it). */
export function mayReach(
  db: Db,
  owner: { user: string; session?: Session | undefined },
  other: Jid,
  kind: PrivacyKind,
): boolean {
  if (other.domain === DOMAIN && other.user === owner.user) return true;
  return !isBlocked(db, owner.user, other) && listAllows(db, owner, other, kind);
}

/** Whether one account receives another's presence. */
export function sharesPresence(db: Db, owner: string, watcherBare: string): boolean {
  return findItem(db, owner, watcherBare)?.from ?? false;
}
