import { carbonCopies } from './modules/xep-0280-carbons.ts';
import { archiveFor, isArchivable } from './modules/xep-0313-archive.ts';
import { Delivery } from './delivery.ts';
import { holdBack, letIn } from './held.ts';
import { DOMAIN, SEARCH_DOMAIN, UPLOAD_DOMAIN, bareOf, parseJid } from './jid.ts';
import { LIMITS } from './limits.ts';
import { NS } from './namespaces.ts';
import { isBlocked, listAllows, mayReach } from './policy.ts';
import { isAbuseDesk, takeReport } from './reports.ts';
import { eraseRetracted } from './retraction.ts';
import { StanzaError } from './stanza.ts';
import { admission, isWriting } from './strangers.ts';
import { accountExists } from './store/accounts.ts';
import { markAsked } from './store/held.ts';
import { addOffline, countOffline } from './store/offline.ts';
import { child, el, elements, serialize, withAttrs, withChildren } from './xml.ts';
import type { HubCore } from './core.ts';
import type { Jid } from './jid.ts';
import type { Session } from './session.ts';
import type { XmlElement } from './xml.ts';

const TYPES = new Set(['chat', 'error', 'groupchat', 'headline', 'normal']);

/**
 * Routes a message a session sent (RFC 6121 §8.5); `from` is stamped already.
 * Everything that can be refused is refused before anything is written or sent.
 * @throws StanzaError to be returned to the sender
 */
export function handleMessage(core: HubCore, session: Session, received: XmlElement): void {
  const target = parseJid(received.attrs.to ?? session.bare);
  if (!target) throw new StanzaError('jid-malformed');
  const type = TYPES.has(received.attrs.type ?? '') ? (received.attrs.type ?? 'normal') : 'normal';
  const message = withAttrs(stripForged(received), { to: received.attrs.to ?? session.bare });
  if (isAbuseDesk(target)) return takeReport(core, session, message, type);
  checkTarget(core, session, target, type);
  const recipients = findRecipients(core, session, target, type);
  const waits = recipients.length === 0 && mayWait(message, type, session, target);
  if (recipients.length === 0 && !waits && type !== 'chat' && type !== 'normal') {
    if (type === 'groupchat') throw new StanzaError('service-unavailable');
    return; // RFC 6121 §8.5.2.2: a headline or an error nobody can take is dropped
  }
  if (waits && countOffline(core.db, target.user) >= LIMITS.offlineMessages) {
    throw new StanzaError('resource-constraint', 'Too many messages are waiting for this person');
  }
  const judged = admission(core, session.user, target.user, type, message);
  const known = eraseRetracted(core, session, target, message);
  if (judged.way === 'hold' && !known) {
    holdBack(core, session, target, message, { kind: judged.kind, lets: isWriting(message, type) });
    return;
  }
  if (judged.way === 'drop' && !known) return;
  if (judged.way === 'first') markAsked(core.db, target.user, session.bare);
  // Before it is archived: what they had sent came first.
  if (isWriting(message, type)) letIn(core, session.user, bareOf(target));
  deliver(core, session, message, target, recipients, waits);
}

function checkTarget(core: HubCore, session: Session, target: Jid, type: string): void {
  const known = target.domain === DOMAIN && target.user && accountExists(core.db, target.user);
  if (!known) {
    const ours = [DOMAIN, UPLOAD_DOMAIN, SEARCH_DOMAIN].includes(target.domain);
    throw new StanzaError(ours ? 'service-unavailable' : 'remote-server-not-found');
  }
  if (target.user === session.user) return;
  if (type !== 'error' && isBlocked(core.db, session.user, target)) {
    throw new StanzaError('not-acceptable', '', el('blocked', NS.blockingErrors));
  }
  if (!listAllows(core.db, { user: session.user, session }, target, 'outgoing')) {
    throw new StanzaError('not-acceptable');
  }
}

/** The sessions that get it; none when it has to wait. @throws StanzaError when its rules refuse it */
function findRecipients(core: HubCore, session: Session, target: Jid, type: string): Session[] {
  const from = parseJid(session.jid);
  if (!from) throw new StanzaError('internal-server-error');
  const exact = target.resource ? core.findSession(target.user, target.resource) : undefined;
  const waitsForBare = type === 'chat' || type === 'normal';
  const bare =
    target.resource && !waitsForBare ? [] : core.sessionsOf(target.user).filter((s) => s.takesMessages);
  const candidates = exact ? [exact] : type === 'groupchat' || (type === 'error' && !exact) ? [] : bare;
  const allowed = candidates.filter((s) => mayReach(core.db, { user: s.user, session: s }, from, 'message'));
  const refused =
    candidates.length > 0 ? allowed.length === 0 : !mayReach(core.db, { user: target.user }, from, 'message');
  if (refused) throw new StanzaError('service-unavailable');
  return allowed;
}

/** XEP-0160 §3: what may wait for somebody who is away. Notes to self are in the archive already. */
function mayWait(message: XmlElement, type: string, session: Session, target: Jid): boolean {
  if (type !== 'chat' && type !== 'normal') return false;
  if (target.user === session.user) return false;
  if (child(message, 'no-store', NS.hints)) return false;
  const content = elements(message).filter(
    (e) => e.ns !== NS.chatStates && e.ns !== NS.hints && e.ns !== NS.sid,
  );
  return content.some((e) => e.name !== 'thread');
}

function deliver(
  core: HubCore,
  session: Session,
  message: XmlElement,
  target: Jid,
  recipients: Session[],
  waits: boolean,
): void {
  const at = Date.now();
  const toSelf = target.user === session.user;
  const forOther = withChildren(
    message,
    message.children.filter((n) => typeof n === 'string' || n.ns !== NS.carbons || n.name !== 'private'),
  );
  const archivable = isArchivable(message);
  const incoming = archivable ? archiveFor(core, target.user, session.jid, forOther, at, toSelf) : forOther;
  const outgoing =
    archivable && !toSelf ? archiveFor(core, session.user, message.attrs.to ?? '', forOther, at) : message;
  if (waits) addOffline(core.db, target.user, at, serialize(incoming));
  const lasting = !toSelf && mayWait(message, message.attrs.type ?? 'normal', session, target);
  const delivery = lasting ? new Delivery(target.user, at, serialize(incoming)) : null;
  for (const recipient of recipients) recipient.send(incoming, delivery);
  carbonCopies(core, {
    session,
    target,
    message,
    incoming,
    outgoing: toSelf ? incoming : outgoing,
    recipients,
  });
}

/**
 * Removes what only the hub may say: ids it assigns (XEP-0359 §6) and times it vouches for (XEP-0203).
 */
export function stripForged(message: XmlElement): XmlElement {
  const isOurs = (address: string | undefined): boolean => {
    const jid = parseJid(address);
    return jid === null || jid.domain === DOMAIN || jid.domain.endsWith(`.${DOMAIN}`);
  };
  const kept = message.children.filter((node) => {
    if (typeof node === 'string') return false;
    if (node.name === 'stanza-id' && node.ns === NS.sid) return !isOurs(node.attrs.by);
    return !(node.name === 'delay' && node.ns === NS.delay && isOurs(node.attrs.from));
  });
  return withChildren(message, kept);
}
