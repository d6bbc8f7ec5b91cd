import { fullOf, parseJid, DOMAIN } from './jid.ts';
import { LIMITS } from './limits.ts';
import { NS } from './namespaces.ts';
import { deliverOffline } from './offline.ts';
import { listAllows, mayReach, sharesPresence } from './policy.ts';
import { leaveRooms } from './rooms/presence.ts';
import { StanzaError } from './stanza.ts';
import { listItems } from './store/roster.ts';
import { SUBSCRIPTION_TYPES, sendSubscription } from './subscriptions.ts';
import { childText, el, parseXml, withAttrs } from './xml.ts';
import type { HubCore } from './core.ts';
import type { Jid } from './jid.ts';
import type { Session } from './session.ts';
import type { XmlElement } from './xml.ts';

/** Handles presence a client sent (RFC 6121 §3, §4); `from` is stamped already. @throws StanzaError */
export function handlePresence(core: HubCore, session: Session, presence: XmlElement): void {
  const { type, to } = presence.attrs;
  if (to === undefined) {
    broadcast(core, session, presence);
    return;
  }
  const target = parseJid(to);
  if (!target) throw new StanzaError('jid-malformed');
  if (type !== undefined && SUBSCRIPTION_TYPES.has(type)) sendSubscription(core, session, presence, target);
  else if (type === undefined || type === 'unavailable') direct(core, session, presence, target);
  else if (type === 'probe' && target.user) probe(core, session, target.user);
}

function broadcast(core: HubCore, session: Session, presence: XmlElement): void {
  if (presence.attrs.type === 'unavailable') {
    broadcastUnavailable(core, session, presence);
    return;
  }
  if (presence.attrs.type !== undefined) throw new StanzaError('bad-request');
  const priority = Number(childText(presence, 'priority') ?? 0);
  if (!Number.isInteger(priority) || priority < -128 || priority > 127) throw new StanzaError('bad-request');
  const initial = session.presence === null;
  const tookMessages = session.takesMessages;
  session.presence = presence;
  session.priority = priority;
  for (const watcher of watchers(core, session)) showPresence(core, session, presence, watcher);
  if (initial) becomeAvailable(core, session);
  if (!tookMessages && session.takesMessages) deliverOffline(core, session);
  for (const module of core.modules) module.onPresence?.(core, session, initial);
}

/** A resource arrived: it learns who is there, and of requests that wait for an answer (RFC 6121 §4.2, §3.1.3). */
function becomeAvailable(core: HubCore, session: Session): void {
  for (const other of core.sessionsOf(session.user)) {
    if (other !== session && other.presence) session.send(withAttrs(other.presence, { to: session.jid }));
  }
  for (const item of listItems(core.db, session.user)) {
    if (item.request) session.send(withAttrs(parseXml(item.request), { to: session.bare }));
    const contact = parseJid(item.contact);
    if (item.to && contact?.domain === DOMAIN) probe(core, session, contact.user);
  }
}

/** Tells a resource of an account's presence, if it may know (RFC 6121 §4.3). */
function probe(core: HubCore, session: Session, user: string): void {
  if (user !== session.user && !sharesPresence(core.db, user, session.bare)) return;
  for (const other of core.sessionsOf(user)) {
    if (other !== session && other.presence) showPresence(core, other, other.presence, session);
  }
}

/** Sends one session's presence to another, if both sides' rules let it pass. */
function showPresence(core: HubCore, from: Session, presence: XmlElement, to: Session): void {
  if (from.user !== to.user) {
    const [sender, receiver] = [parseJid(from.jid), parseJid(to.jid)];
    if (!sender || !receiver) return;
    if (!listAllows(core.db, { user: from.user, session: from }, receiver, 'presence-out')) return;
    if (!mayReach(core.db, { user: to.user, session: to }, sender, 'presence-in')) return;
    if (!mayReach(core.db, { user: from.user, session: from }, receiver, 'presence-out')) return;
  }
  to.send(withAttrs(presence, { to: to.jid }));
}

/** The available resources that see a session's presence: its own account's, and those of followers. */
function watchers(core: HubCore, session: Session): Session[] {
  const bares = listItems(core.db, session.user)
    .filter((item) => item.from)
    .map((item) => parseJid(item.contact));
  const users = bares.flatMap((jid) => (jid?.domain === DOMAIN ? [jid.user] : []));
  return [session.user, ...users]
    .flatMap((user) => core.sessionsOf(user))
    .filter((other) => other.presence !== null);
}

/** A resource goes: its watchers and those it sent directed presence to are told (RFC 6121 §4.5, §4.6). */
export function broadcastUnavailable(core: HubCore, session: Session, presence?: XmlElement): void {
  const stanza = presence ?? el('presence', NS.client, { from: session.jid, type: 'unavailable' });
  const told = new Set<Session>();
  if (session.presence) for (const watcher of watchers(core, session)) told.add(watcher);
  for (const address of session.directed)
    for (const other of sessionsAt(core, parseJid(address))) told.add(other);
  leaveRooms(core, session, presence);
  session.presence = null;
  session.directed.clear();
  for (const other of told) showPresence(core, session, stanza, other);
}

function direct(core: HubCore, session: Session, presence: XmlElement, target: Jid): void {
  if (presence.attrs.type === 'unavailable') session.directed.delete(fullOf(target));
  else if (session.directed.size < LIMITS.directedPresence) session.directed.add(fullOf(target));
  for (const other of sessionsAt(core, target)) {
    if (other !== session) showPresence(core, session, presence, other);
  }
}

/** The sessions an address stands for: one resource, or all available ones of an account. */
function sessionsAt(core: HubCore, jid: Jid | null): Session[] {
  if (!jid || jid.domain !== DOMAIN) return [];
  if (!jid.resource) return core.sessionsOf(jid.user).filter((session) => session.presence !== null);
  const session = core.findSession(jid.user, jid.resource);
  return session ? [session] : [];
}

/** Shows one account's present resources to another account, or hides them, when that right changes. */
export function sharePresence(core: HubCore, owner: string, watcher: Jid, visible: boolean): void {
  for (const from of core.sessionsOf(owner)) {
    if (!from.presence) continue;
    const gone = el('presence', NS.client, { from: from.jid, type: 'unavailable' });
    const presence = visible ? from.presence : gone;
    for (const to of sessionsAt(core, { ...watcher, resource: '' })) {
      if (to.user === owner) continue;
      // What one's list keeps to oneself is not told to somebody new either.
      if (visible) showPresence(core, from, presence, to);
      else to.send(withAttrs(presence, { to: to.jid }));
    }
  }
}
