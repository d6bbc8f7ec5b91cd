import { carbonCopies } from './modules/xep-0280-carbons.ts';
import { archiveFor, isArchivable } from './modules/xep-0313-archive.ts';
import { Delivery } from './delivery.ts';
import { DOMAIN, bareOf, parseJid } from './jid.ts';
import { LIMITS } from './limits.ts';
import { NS } from './namespaces.ts';
import { isBlocked } from './policy.ts';
import { StanzaError, timestamp } from './stanza.ts';
import {
  addHeld,
  countHeld,
  deleteHeld,
  listHeld,
  markKnown,
  measureHeld,
  type HeldCount,
  type HeldKind,
} from './store/held.ts';
import { addOffline } from './store/offline.ts';
import { el, parseXml, serialize, withChildren } from './xml.ts';
import type { HubCore } from './core.ts';
import type { Jid } from './jid.ts';
import type { Session } from './session.ts';
import type { XmlElement } from './xml.ts';

/**
 * Takes a message without delivering it: its sender has it in the archive and on all devices, the other side is
 * told how much there is. `lets`: it lets that other side in. @throws StanzaError where too much is held; the answer is that of a refusal
 */
export function holdBack(
  core: HubCore,
  session: Session,
  target: Jid,
  message: XmlElement,
  o: { kind: HeldKind; lets: boolean },
): void {
  const at = Date.now();
  const kept = withChildren(
    message,
    message.children.filter((n) => typeof n === 'string' || n.ns !== NS.carbons || n.name !== 'private'),
  );
  const xml = serialize(kept);
  const { user } = target;
  const one = measureHeld(core.db, user, session.bare);
  const all = measureHeld(core.db, user);
  const tooMuch =
    one.count >= LIMITS.heldFromOne ||
    one.chars + xml.length > LIMITS.heldCharsFromOne ||
    all.count >= LIMITS.heldForOne ||
    all.chars + xml.length > LIMITS.heldCharsForOne;
  if (tooMuch) throw new StanzaError('service-unavailable');
  // Whoever is written to is let in, although this waits; what they had sent comes before it.
  if (o.lets) letIn(core, session.user, bareOf(target));
  addHeld(core.db, { user, peer: session.bare, at, kind: o.kind, xml });
  const to = message.attrs.to ?? bareOf(target);
  const outgoing = isArchivable(message) ? archiveFor(core, session.user, to, kept, at) : message;
  carbonCopies(core, { session, target, message, incoming: kept, outgoing, recipients: [] });
  tell(core, user, session.bare);
}

/**
 * An account lets somebody in, by writing to them or by its roster: what was held is delivered, in order, with the
 * times it was sent. All of it is one turn, so it is done once or, after a crash, not at all.
 */
export function letIn(core: HubCore, user: string, peer: string): void {
  const other = parseJid(peer);
  if (!other || other.user === user || !markKnown(core.db, user, peer)) return;
  // It was allowed when it came, and is asked for now: only a block (of the sender's domain, say) is in its way.
  if (!isBlocked(core.db, user, other))
    for (const { at, xml } of listHeld(core.db, user, peer)) release(core, user, at, parseXml(xml));
  throwAway(core, user, peer);
}

function release(core: HubCore, user: string, at: number, message: XmlElement): void {
  const from = message.attrs.from ?? '';
  const incoming = isArchivable(message) ? archiveFor(core, user, from, message, at) : message;
  const takers = core.sessionsOf(user).filter((s) => s.takesMessages);
  if (takers.length === 0) {
    addOffline(core.db, user, at, serialize(incoming));
    return;
  }
  const delay = el('delay', NS.delay, { from: DOMAIN, stamp: timestamp(at) });
  const delayed = withChildren(incoming, [...incoming.children, delay]);
  const delivery = new Delivery(user, at, serialize(incoming));
  for (const taker of takers) taker.send(delayed, delivery);
}

/** Nothing is kept of what somebody sent and nobody saw. */
export function throwAway(core: HubCore, user: string, peer: string): void {
  if (deleteHeld(core.db, user, peer)) tell(core, user, peer);
}

/** Says to an account's devices how much is held from somebody; no content. */
function tell(core: HubCore, user: string, peer: string): void {
  const count = countHeld(core.db, user, peer) ?? { peer, messages: 0, photos: 0, at: Date.now() };
  for (const session of core.sessionsOf(user)) {
    if (!session.presence) continue;
    const attrs = { type: 'headline', from: DOMAIN, to: session.jid };
    session.send(el('message', NS.client, attrs, [heldElement(count), el('no-store', NS.hints)]));
  }
}

/** What is held from one sender, as it goes over the wire. */
export function heldElement({ peer, messages, photos, at }: HeldCount): XmlElement {
  return el('held', NS.requests, { from: peer, messages, photos, stamp: timestamp(at) });
}
