/** Mediated invitations and declining them (XEP-0045 §7.8.2). */
import { Delivery } from '../delivery.ts';
import { LIMITS } from '../limits.ts';
import { bareOf, bareOfUser, parseJid } from '../jid.ts';
import { NS } from '../namespaces.ts';
import { isBlocked, listAllows } from '../policy.ts';
import { StanzaError } from '../stanza.ts';
import { accountExists } from '../store/accounts.ts';
import { addOffline, countOffline } from '../store/offline.ts';
import { child, childText, el, elements, serialize, textEl, withAttrs } from '../xml.ts';
import { affiliate } from './affiliations.ts';
import { accountNamed } from './people.ts';
import { checkRight, rankOf } from './rights.ts';
import type { HubCore } from '../core.ts';
import type { Jid } from '../jid.ts';
import type { Room } from './room.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

/** Invites people; in a members-only room that makes them members. @throws StanzaError, with nobody invited */
export function invitePeople(core: HubCore, session: Session, room: Room, x: XmlElement): void {
  const invites = elements(x, 'invite');
  if (invites.length === 0 || invites.length > 50) throw new StanzaError('bad-request');
  const standing = room.standingOf(session.user);
  if (rankOf(standing) < 2 && !room.occupantOf(session)) throw new StanzaError('forbidden');
  checkRight(standing, { do: 'invite' }, room.config);
  if (standing.role !== 'moderator' && rankOf(standing) < 2 && !room.policy.membersMay.invite)
    throw new StanzaError('forbidden');
  const people = invites.map((invite) => ({ invite, jid: accountNamed(invite.attrs.to) }));
  for (const { jid } of people) checkInvited(core, session, room, jid);
  if (room.people.size + people.length > LIMITS.roomPeople) throw new StanzaError('resource-constraint');
  core.rooms.countInvitations(session.user, people.length);
  for (const { invite, jid } of people) {
    const reason = (childText(invite, 'reason') ?? '').slice(0, LIMITS.roomReasonChars);
    if (room.config.membersOnly && room.affiliationOf(jid.user) === 'none')
      affiliate(core, room, jid.user, 'member', { invitedBy: session.user });
    deliver(core, room, jid, invitation(room, session.bare, reason));
  }
}

/** @throws StanzaError for somebody who is banned, is not there or does not want this one's or the room's invitations */
function checkInvited(core: HubCore, session: Session, room: Room, jid: Jid): void {
  const [inviter, roomJid] = [parseJid(session.jid), parseJid(room.jid)];
  if (!inviter || !roomJid) throw new StanzaError('internal-server-error');
  if (room.affiliationOf(jid.user) === 'outcast') throw new StanzaError('forbidden', 'They are banned');
  const refused =
    !accountExists(core.db, jid.user) ||
    isBlocked(core.db, jid.user, inviter) ||
    isBlocked(core.db, jid.user, roomJid) ||
    !listAllows(core.db, { user: jid.user }, roomJid, 'message') ||
    countOffline(core.db, jid.user) >= LIMITS.offlineMessages;
  if (refused) throw new StanzaError('service-unavailable');
}

function invitation(room: Room, from: string, reason: string): XmlElement {
  const why = reason ? [textEl('reason', NS.mucUser, reason)] : [];
  const x = el('x', NS.mucUser, {}, [el('invite', NS.mucUser, { from }, why)]);
  return el('message', NS.client, { from: room.jid }, [x]);
}

/** Whoever was invited says no: who invited them hears of it, and a membership that came with it ends. */
export function declineInvitation(core: HubCore, session: Session, room: Room, x: XmlElement): void {
  const decline = child(x, 'decline');
  const person = room.people.get(session.user);
  const inviter = accountNamed(decline?.attrs.to);
  // Only to who did invite them, and once: a room is no way round anybody's rules.
  if (!decline || !person?.invitedBy || person.invitedBy !== inviter.user) throw new StanzaError('forbidden');
  // Who has become more than a member goes as everybody of that rank does: an owner has to remain.
  if (rankOf(person) > 1) throw new StanzaError('not-allowed');
  const reason = (childText(decline, 'reason') ?? '').slice(0, LIMITS.roomReasonChars);
  const why = reason ? [textEl('reason', NS.mucUser, reason)] : [];
  affiliate(core, room, session.user, 'none', {});
  const sender = parseJid(session.jid);
  if (!sender || isBlocked(core.db, inviter.user, sender) || !accountExists(core.db, inviter.user)) return;
  const answer = el('x', NS.mucUser, {}, [el('decline', NS.mucUser, { from: session.bare }, why)]);
  deliver(core, room, inviter, el('message', NS.client, { from: room.jid }, [answer]));
}

/** To all devices that take messages, or into offline storage: exactly once, like any message. */
function deliver(core: HubCore, room: Room, jid: Jid, message: XmlElement): void {
  const addressed = withAttrs(message, { to: bareOf(jid) });
  const roomJid = parseJid(room.jid);
  const takers = core
    .sessionsOf(jid.user)
    .filter(
      (s) =>
        s.takesMessages && roomJid && listAllows(core.db, { user: s.user, session: s }, roomJid, 'message'),
    );
  if (takers.length === 0) {
    addOffline(core.db, jid.user, Date.now(), serialize(addressed));
    return;
  }
  const delivery = new Delivery(jid.user, Date.now(), serialize(addressed));
  for (const taker of takers) taker.send(withAttrs(addressed, { to: bareOfUser(jid.user) }), delivery);
}
