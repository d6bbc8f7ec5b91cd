// XEP-0045: Multi-User Chat, version 1.35.1: what a room says in presences and messages (`muc#user`)
import { JXT } from 'stanza';
import { bareAddress } from '../server-address.ts';
import type { Affiliation, LeftWhy, Role } from '../room-types.ts';
import type { XmlElement } from '../xml-stream.ts';
import { clipped } from './xep-0249-direct-invitations.ts';

export const MUC_USER = 'http://jabber.org/protocol/muc#user';

/** `<item/>`: somebody's standing. */
export interface SaidItem {
  /** Bare; null where the room does not say. */
  readonly address: string | null;
  /** null where it does not say, as the archives of some servers. */
  readonly affiliation: Affiliation | null;
  readonly role: Role;
  /** In a change of it, the nickname that will be theirs. */
  readonly nick: string | null;
  readonly reason: string;
  /** Who did it: bare address, or a nickname; null where the room does not say. */
  readonly actor: string | null;
}

/** What stands in the one element that a room puts in. */
export interface RoomSays {
  readonly items: readonly SaidItem[];
  readonly codes: ReadonlySet<string>;
  /** Section 10.9: the room is no more. The reason. */
  readonly destroyed: string | null;
  /** Section 7.8.2. */
  readonly declined: { readonly address: string; readonly reason: string } | null;
  /** Section 7.8.2. The address is whom the room names, bare; null when it names nobody. */
  readonly invited: {
    readonly address: string | null;
    readonly reason: string;
    readonly password: string | null;
  } | null;
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    roomSays?: RoomSays | 'forged';
  }
  interface Presence {
    roomSays?: RoomSays | 'forged';
  }
}

const affiliations = new Set<Affiliation>(['owner', 'admin', 'member', 'none', 'outcast']);
const roles = new Set<Role>(['moderator', 'participant', 'visitor', 'none']);

const affiliationOf = (text: string | undefined): Affiliation | null =>
  affiliations.has(text as Affiliation) ? (text as Affiliation) : null;
const roleOf = (text: string | undefined): Role => (roles.has(text as Role) ? (text as Role) : 'none');

const textIn = (element: XmlElement | undefined, name: string): string =>
  clipped(element?.getChild(name)?.getText());

function readItem(item: XmlElement): SaidItem {
  const actor = item.getChild('actor');
  return {
    address: bareAddress(item.getAttribute('jid')),
    affiliation: affiliationOf(item.getAttribute('affiliation')),
    role: roleOf(item.getAttribute('role')),
    nick: item.getAttribute('nick') || null,
    reason: textIn(item, 'reason'),
    actor: bareAddress(actor?.getAttribute('jid')) ?? (actor?.getAttribute('nick') || null),
  };
}

function readInvite(x: XmlElement): RoomSays['invited'] {
  const invite = x.getChild('invite');
  if (invite === undefined) return null;
  return {
    address: bareAddress(invite.getAttribute('from')),
    reason: textIn(invite, 'reason'),
    password: textIn(x, 'password') || null,
  };
}

/** Undefined where there is none. Two of them: one is its sender's own, and nobody can say which. */
function parse(stanza: XmlElement): RoomSays | 'forged' | undefined {
  const [x, second] = stanza.getChildren('x', MUC_USER);
  if (x === undefined) return undefined;
  if (second !== undefined) return 'forged';
  const destroy = x.getChild('destroy');
  const decline = x.getChild('decline');
  const decliner = bareAddress(decline?.getAttribute('from'));
  return {
    items: x.getChildren('item').slice(0, 20).map(readItem),
    codes: new Set(x.getChildren('status').map((status) => status.getAttribute('code') ?? '')),
    destroyed: destroy === undefined ? null : textIn(destroy, 'reason'),
    declined: decliner === null ? null : { address: decliner, reason: textIn(decline, 'reason') },
    invited: readInvite(x),
  };
}

// What goes out is written by the library's own definition (`muc`).
const roomSays = { importer: parse, exporter: () => undefined };
export const saidInMessage = JXT.extendMessage({ roomSays });
export const saidInPresence = JXT.extendPresence({ roomSays });

/** Why somebody is gone (sections 7.14, 8.2, 9.1, 9.3, 10.9 and 15.6.2). */
export function whyGone({ codes, destroyed }: RoomSays): LeftWhy {
  if (destroyed !== null) return 'destroyed';
  if (codes.has('301')) return 'banned';
  if (codes.has('321') || codes.has('322')) return 'removed';
  // A fault of a connection (333) is told as a kick by some, the end of the service (332) by all.
  if (codes.has('332') || codes.has('333')) return 'lost';
  return codes.has('307') ? 'kicked' : 'left';
}
