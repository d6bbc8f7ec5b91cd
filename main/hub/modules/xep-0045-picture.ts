/** XEP-0486 MUC Avatars, version 0.1.0: a room's picture is the photo of its vCard (XEP-0054, 1.2). */
import { createHash } from 'node:crypto';
import { readImageSize } from '../image-header.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { readablePart } from '../rooms/history.ts';
import { checkRight } from '../rooms/rights.ts';
import { StanzaError } from '../stanza.ts';
import { findRoomCard, saveRoomCard } from '../store/room-cards.ts';
import { child, childText, el, parseXml, serialize } from '../xml.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { XmlElement } from '../xml.ts';

/** For those who may read what is said in it, as the rest of the room. */
function get({ core, session, user }: IqRequest): XmlElement {
  const room = core.rooms.get(user);
  readablePart(room, session.user);
  const card = findRoomCard(core.db, room.id);
  return card ? parseXml(card.xml) : el('vCard', NS.vcardTemp);
}

function set({ core, session, user, payload }: IqRequest): null {
  const room = core.rooms.get(user);
  checkRight(room.standingOf(session.user), { do: 'configure' }, room.config);
  const photo = child(payload, 'PHOTO');
  const hash = photo ? hashOf(photo) : null;
  // Of the card, the picture alone: a room has its name and description elsewhere.
  const card = el('vCard', NS.vcardTemp, {}, photo ? [photo] : []);
  saveRoomCard(core.db, room.id, { xml: serialize(card), hash });
  const x = el('x', NS.mucUser, {}, [el('status', NS.mucUser, { code: 104 })]);
  room.broadcast(el('message', NS.client, { from: room.jid, type: 'groupchat' }, [x]));
  return null;
}

/** SHA-1 of the picture, hex. @throws StanzaError not-acceptable for what is none, or too large */
function hashOf(photo: XmlElement): string {
  const data = Buffer.from(childText(photo, 'BINVAL') ?? '', 'base64');
  if (data.length > LIMITS.roomPictureBytes)
    throw new StanzaError('not-acceptable', 'The picture is too large');
  if (readImageSize(data) === null) throw new StanzaError('not-acceptable', 'This is no picture');
  return createHash('sha1').update(data).digest('hex');
}

export const roomPicture: HubModule = {
  name: 'xep-0045-picture',
  iq: [
    { at: 'room', type: 'get', ns: NS.vcardTemp, name: 'vCard', handle: get },
    { at: 'room', type: 'set', ns: NS.vcardTemp, name: 'vCard', handle: set },
  ],
};
