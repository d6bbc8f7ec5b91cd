import { letIn } from './held.ts';
import { accountExists } from './store/accounts.ts';
import { findAcquaintance } from './store/held.ts';
import { deleteItem, findItem, newItem, saveItem, subscriptionOf } from './store/roster.ts';
import { isBlocked } from './policy.ts';
import { bareOf, DOMAIN, parseJid } from './jid.ts';
import { NS } from './namespaces.ts';
import { sharePresence } from './presence.ts';
import { StanzaError } from './stanza.ts';
import { el, serialize, textEl, withAttrs } from './xml.ts';
import type { HubCore } from './core.ts';
import type { Jid } from './jid.ts';
import type { RosterItem } from './store/roster.ts';
import type { Session } from './session.ts';
import type { XmlElement } from './xml.ts';

export const SUBSCRIPTION_TYPES: ReadonlySet<string> = new Set([
  'subscribe',
  'subscribed',
  'unsubscribe',
  'unsubscribed',
]);

/** A client changes a subscription (RFC 6121 §3 and appendix A, the user's side). @throws StanzaError */
export function sendSubscription(core: HubCore, session: Session, presence: XmlElement, target: Jid): void {
  const contact = bareOf(target);
  if (contact === session.bare) throw new StanzaError('not-allowed');
  const stanza = withAttrs(presence, { from: session.bare, to: contact });
  const type = presence.attrs.type ?? '';
  if (type === 'subscribe' && isBlocked(core.db, session.user, target)) {
    throw new StanzaError('not-acceptable', '', el('blocked', NS.blockingErrors));
  }
  // Whoever is followed is let in.
  if (type === 'subscribe') letIn(core, session.user, contact);
  const { tell, share } = changeOutbound(core, session.user, contact, type);
  if (tell) receiveSubscription(core, stanza, target);
  // After "subscribed" itself, which allows it (§3.1.5).
  if (share !== null) sharePresence(core, session.user, target, share);
}

interface Outcome {
  /** Whether the other side is to be told. */
  tell: boolean;
  /** Whether the other side now sees one's presence (true) or no more (false); null when nothing changed. */
  share: boolean | null;
}

/** Changes the sender's row. */
function changeOutbound(core: HubCore, user: string, contact: string, type: string): Outcome {
  const item = findItem(core.db, user, contact) ?? newItem(contact);
  const before = JSON.stringify(item);
  let tell = true;
  let share: boolean | null = null;
  if (type === 'subscribe') {
    item.visible = true;
    item.ask = !item.to;
  } else if (type === 'unsubscribe') {
    item.to = item.ask = false;
  } else if (type === 'subscribed') {
    tell = item.request !== '';
    if (tell) {
      item.from = item.visible = true;
      share = true;
    }
    item.request = '';
  } else {
    tell = item.from || item.request !== '';
    if (item.from) share = false;
    item.from = false;
    item.request = '';
  }
  if (JSON.stringify(item) !== before) saveAndPush(core, user, item);
  return { tell, share };
}

/** A subscription stanza reaches an account of this hub (appendix A, the contact's side). */
function receiveSubscription(core: HubCore, stanza: XmlElement, target: Jid): void {
  const from = parseJid(stanza.attrs.from);
  if (!from || target.domain !== DOMAIN || !target.user) return;
  const { type } = stanza.attrs;
  if (!accountExists(core.db, target.user)) {
    if (type === 'subscribe') answerFor(core, target, from, 'unsubscribed');
    return;
  }
  const item = findItem(core.db, target.user, bareOf(from)) ?? newItem(bareOf(from));
  if (type === 'subscribe') receiveRequest(core, stanza, target, from, item);
  else if (changeInbound(core, target, from, item, type ?? '')) deliverToAll(core, target.user, stanza);
}

function receiveRequest(core: HubCore, stanza: XmlElement, target: Jid, from: Jid, item: RosterItem): void {
  if (isBlocked(core.db, target.user, from)) return;
  if (item.from) {
    answerFor(core, target, from, 'subscribed');
    return;
  }
  const isNew = item.request === '';
  item.request = serialize(stanza);
  saveItem(core.db, target.user, item);
  if (isNew) deliverToAll(core, target.user, stanza);
}

/** Says whether anything changed, that is whether the account is to hear of it. */
function changeInbound(core: HubCore, target: Jid, from: Jid, item: RosterItem, type: string): boolean {
  if (type === 'subscribed') {
    if (!item.ask) return false;
    item.to = true;
    item.ask = false;
  } else if (type === 'unsubscribed') {
    if (!item.to && !item.ask) return false;
    item.to = item.ask = false;
  } else {
    if (!item.from && !item.request) return false;
    if (item.from) sharePresence(core, target.user, from, false);
    item.from = false;
    item.request = '';
    if (!item.to && !item.ask && leavesWith(core, target.user, item)) return true;
  }
  saveAndPush(core, target.user, item);
  return true;
}

/**
 * A follower that was not let in goes out of the roster with the following: an item that stays behind would let
 * them in. True when it is gone.
 */
function leavesWith(core: HubCore, user: string, item: RosterItem): boolean {
  if (!item.visible || findAcquaintance(core.db, user, item.contact) === 'known') return false;
  deleteItem(core.db, user, item.contact);
  pushItem(core, user, el('item', NS.roster, { jid: item.contact, subscription: 'remove' }));
  return true;
}

/** The hub answers a request in an account's name. */
function answerFor(core: HubCore, account: Jid, to: Jid, type: string): void {
  const stanza = el('presence', NS.client, { from: bareOf(account), to: bareOf(to), type });
  receiveSubscription(core, stanza, to);
}

function deliverToAll(core: HubCore, user: string, stanza: XmlElement): void {
  for (const session of core.sessionsOf(user)) if (session.presence) session.send(stanza);
}

/** Saves a roster item and tells the account's interested resources (RFC 6121 §2.1.6). */
export function saveAndPush(core: HubCore, user: string, item: RosterItem): void {
  saveItem(core.db, user, item);
  if (item.visible) pushItem(core, user, rosterItem(item));
}

/** Sends a roster push with one item. */
export function pushItem(core: HubCore, user: string, item: XmlElement): void {
  for (const session of core.sessionsOf(user)) {
    if (!session.wantsRoster) continue;
    const query = el('query', NS.roster, {}, [item]);
    const id = `push-${crypto.randomUUID()}`;
    session.send(el('iq', NS.client, { type: 'set', id, to: session.jid }, [query]));
  }
}

/** A roster item as it goes over the wire. */
export function rosterItem(item: RosterItem): XmlElement {
  const attrs = {
    jid: item.contact,
    name: item.name || undefined,
    subscription: subscriptionOf(item),
    ask: item.ask ? 'subscribe' : undefined,
  };
  return el(
    'item',
    NS.roster,
    attrs,
    item.groups.map((group) => textEl('group', NS.roster, group)),
  );
}

/** Ends both directions with a contact, as when it is removed from the roster (RFC 6121 §2.5.2). */
export function endSubscriptions(core: HubCore, user: string, bare: string, item: RosterItem): void {
  const other = parseJid(item.contact);
  if (!other) return;
  const stanza = (type: string): XmlElement =>
    el('presence', NS.client, { from: bare, to: item.contact, type });
  if (item.to || item.ask) receiveSubscription(core, stanza('unsubscribe'), other);
  if (item.from || item.request) {
    if (item.from) sharePresence(core, user, other, false);
    receiveSubscription(core, stanza('unsubscribed'), other);
  }
}
