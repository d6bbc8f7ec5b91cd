/** Lists of people and changes to them (XEP-0045 §8, §9, §10: `muc#admin`). */
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { StanzaError } from '../stanza.ts';
import { accountExists } from '../store/accounts.ts';
import { childText, el, elements, textEl } from '../xml.ts';
import { affiliate, giveRole } from './affiliations.ts';
import { accountNamed } from './people.ts';
import { checkRight } from './rights.ts';
import type { IqRequest } from '../module.ts';
import type { Affiliation } from '../store/rooms.ts';
import type { Role } from './rights.ts';
import type { Room } from './room.ts';
import type { XmlElement } from '../xml.ts';

const AFFILIATIONS = ['owner', 'admin', 'member', 'none', 'outcast'] as const;
const ROLES = ['moderator', 'participant', 'visitor', 'none'] as const;
const isAffiliation = (text: string): text is Affiliation => AFFILIATIONS.some((a) => a === text);
const isRole = (text: string): text is Role => ROLES.some((r) => r === text);

/** The list of one affiliation or role. */
export function listPeople({ core, session, payload, user }: IqRequest): XmlElement {
  const room = core.rooms.get(user);
  const asked = elements(payload, 'item')[0]?.attrs;
  const standing = room.standingOf(session.user);
  const banned = asked?.affiliation === 'outcast';
  checkRight(standing, { do: banned ? 'read banned' : 'read members' }, room.config);
  const wanted = [...room.people.values()].filter((person) =>
    asked?.role === undefined
      ? person.affiliation === asked?.affiliation
      : room.standingOf(person.user).role === asked.role && room.occupants.has(person.user),
  );
  const items = wanted.map(({ user: who, affiliation, nick, reason }) => {
    const attrs = {
      affiliation,
      jid: `${who}@localhost`,
      nick: nick || undefined,
      role: room.occupants.get(who)?.role,
    };
    return el('item', NS.mucAdmin, attrs, reason ? [textEl('reason', NS.mucAdmin, reason)] : []);
  });
  return el('query', NS.mucAdmin, {}, items);
}

interface Change {
  user: string;
  reason: string;
  affiliation?: Affiliation;
  role?: Role;
}

/** Changes several people, or nobody: everything that can be refused is refused before. @throws StanzaError */
export function changePeople({ core, session, payload, user }: IqRequest): null {
  const room = core.rooms.get(user);
  const items = elements(payload, 'item');
  if (items.length === 0 || items.length > LIMITS.roomChanges) throw new StanzaError('bad-request');
  const changes = items.map((item) => readChange(room, item));
  const named = new Set(changes.map((change) => change.user));
  if (named.size !== changes.length) throw new StanzaError('bad-request', 'Somebody is named twice');
  for (const change of changes) {
    checkChange(room, session.user, change);
    if (!room.people.has(change.user) && !accountExists(core.db, change.user))
      throw new StanzaError('item-not-found');
  }
  if (room.people.size + changes.length > LIMITS.roomPeople + LIMITS.roomChanges)
    throw new StanzaError('resource-constraint');
  checkOwnerRemains(room, changes);
  const actor = room.people.get(session.user)?.nick;
  for (const { user: who, affiliation, role, reason } of changes) {
    if (affiliation) affiliate(core, room, who, affiliation, { reason, actor });
    else if (role) giveRole(core, room, who, role, { reason, actor });
  }
  return null;
}

function readChange(room: Room, item: XmlElement): Change {
  const { affiliation, role, nick, jid } = item.attrs;
  const reason = (childText(item, 'reason') ?? '').slice(0, LIMITS.roomReasonChars);
  const named = nick !== undefined && jid === undefined ? room.occupantNamed(nick)?.user : undefined;
  if (nick !== undefined && jid === undefined && named === undefined) throw new StanzaError('item-not-found');
  const user = named ?? accountNamed(jid).user;
  if (affiliation !== undefined && role === undefined && isAffiliation(affiliation))
    return { user, reason, affiliation };
  if (role !== undefined && affiliation === undefined && isRole(role)) return { user, reason, role };
  throw new StanzaError('bad-request');
}

function checkChange(room: Room, actor: string, { user, affiliation, role }: Change): void {
  const target = room.standingOf(user);
  const standing = room.standingOf(actor);
  if (affiliation)
    checkRight(standing, { do: 'affiliate', self: user === actor, target, to: affiliation }, room.config);
  if (!role) return;
  checkRight(standing, { do: 'role', target, to: role }, room.config);
  if (!room.occupants.has(user)) throw new StanzaError('item-not-found');
}

/** §10.3: a room without an owner could never be changed again. */
function checkOwnerRemains(room: Room, changes: readonly Change[]): void {
  const owners = new Set(room.owners());
  for (const { user, affiliation } of changes) {
    if (affiliation === 'owner') owners.add(user);
    else if (affiliation) owners.delete(user);
  }
  if (owners.size === 0) throw new StanzaError('conflict', 'A room needs an owner');
}
