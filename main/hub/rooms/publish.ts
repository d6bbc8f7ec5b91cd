import { isArchivable } from '../modules/xep-0313-archive.ts';
import { NS } from '../namespaces.ts';
import { uploadTokens } from '../retraction.ts';
import { addRoomUploadUse } from '../store/retraction.ts';
import { addRoomMessage, setRoomMessage } from '../store/room-archive.ts';
import { child, el, serialize, withAttrs, withChildren } from '../xml.ts';
import { parseJid } from '../jid.ts';
import { occupantIdElement } from './room.ts';
import type { HubCore } from '../core.ts';
import type { Room } from './room.ts';
import type { XmlElement } from '../xml.ts';

/** Who wrote a message; not always somebody who is still there. */
export interface Author {
  readonly user: string;
  readonly nick: string;
  readonly occupantId: string;
}

/** A message as the room passes it on, before it has the room's ids. */
export const spoken = (room: Room, author: Author, message: XmlElement): XmlElement =>
  withAttrs(el('message', NS.client, {}, message.children), {
    from: room.at(author.nick),
    type: 'groupchat',
    id: message.attrs.id,
  });

/**
 * Archives a message if it is worth it, and sends it to everybody in the room (`moderators`: to them alone, and nobody
 * else reads it later); its XML is returned.
 */
export function publish(
  core: HubCore,
  room: Room,
  message: XmlElement,
  author: Author,
  moderators = false,
): string {
  const identified = withChildren(message, [...message.children, occupantIdElement(author.occupantId)]);
  const stored = isArchivable(withAttrs(message, { type: undefined }));
  const send = (stanza: XmlElement): void =>
    moderators ? room.tellModerators(stanza) : room.broadcast(stanza);
  if (!stored) {
    send(identified);
    return serialize(identified);
  }
  const id = addRoomMessage(core.db, room.id, Date.now(), {
    occupant: author.occupantId,
    nick: author.nick,
    moderators,
  });
  const stamp = el('stanza-id', NS.sid, { id, by: room.jid });
  const stamped = withChildren(identified, [...identified.children, stamp]);
  const kept = withChildren(stamped, [...stamped.children, whose(room, author)]);
  const xml = serialize(kept);
  setRoomMessage(core.db, id, xml);
  for (const token of uploadTokens(xml))
    addRoomUploadUse(core.db, { token, user: author.user, archiveId: id });
  send(stamped);
  return serialize(stamped);
}

/** In the archive alone (XEP-0313 §5.1.2): live, everybody knows who has which nickname. */
function whose(room: Room, { user }: Author): XmlElement {
  const { affiliation, role } = room.standingOf(user);
  return el('x', NS.mucUser, {}, [el('item', NS.mucUser, { affiliation, role, jid: `${user}@localhost` })]);
}

/** Who wrote an archived message: `whose` alone puts that in. Undefined for what the room itself said. */
export function authorOf(archived: XmlElement): string | undefined {
  const x = child(archived, 'x', NS.mucUser);
  return x && parseJid(child(x, 'item')?.attrs.jid)?.user;
}
