/** XEP-0045 §6: what the service and a room say of themselves. */
import { buildForm } from '../forms.ts';
import { ROOMS_DOMAIN } from '../jid.ts';
import { NS } from '../namespaces.ts';
import { HISTORY_FIELD } from '../rooms/config.ts';
import { StanzaError } from '../stanza.ts';
import { findRoomCard } from '../store/room-cards.ts';
import { listPublicRooms } from '../store/rooms.ts';
import { el } from '../xml.ts';
import { identity, info } from './xep-0030-disco.ts';
import type { HubModule, IqRequest } from '../module.ts';
import type { XmlElement } from '../xml.ts';

const FEATURES = [
  NS.muc,
  NS.mam,
  NS.mamExtended,
  NS.sid,
  NS.occupantId,
  NS.moderation,
  NS.retraction,
  NS.ping,
];
const OPTIMIZATION = 'http://jabber.org/protocol/muc#self-ping-optimization';
/** A group's policy is kept to by the room, not only by apps. */
const ENFORCED = `${NS.groups}#enforced`;
const STABLE_ID = 'http://jabber.org/protocol/muc#stable_id';

const serviceInfo = (): XmlElement =>
  info([identity('conference', 'text', 'Groups')], [NS.muc, NS.occupantId, NS.ping]);

function serviceItems({ core }: IqRequest): XmlElement {
  const items = listPublicRooms(core.db, 500).map(({ name, config }) =>
    el('item', NS.discoItems, { jid: `${name}@${ROOMS_DOMAIN}`, name: config.name || name }),
  );
  return el('query', NS.discoItems, {}, items);
}

function roomInfo({ core, user, payload }: IqRequest): XmlElement {
  const { config, configured, id, name, occupants } = core.rooms.get(user);
  const hash = findRoomCard(core.db, id)?.hash;
  if (!configured || payload.attrs.node) throw new StanzaError('item-not-found');
  const states = [
    config.membersOnly ? 'muc_membersonly' : 'muc_open',
    config.persistent ? 'muc_persistent' : 'muc_temporary',
    config.public ? 'muc_public' : 'muc_hidden',
    config.moderated ? 'muc_moderated' : 'muc_unmoderated',
    'muc_nonanonymous',
    'muc_unsecured',
  ];
  const form = buildForm(NS.mucRoomInfo, 'result', [
    { name: 'muc#roomconfig_roomname', values: [config.name] },
    { name: 'muc#roominfo_description', values: [config.description] },
    // How many are there is the business of those who could be there.
    ...(config.membersOnly ? [] : [{ name: 'muc#roominfo_occupants', values: [String(occupants.size)] }]),
    { name: 'muc#roomconfig_allowinvites', type: 'boolean', values: [config.allowInvites ? '1' : '0'] },
    { name: 'muc#roomconfig_changesubject', type: 'boolean', values: [config.changeSubject ? '1' : '0'] },
    ...(hash ? [{ name: 'muc#roominfo_avatarhash', type: 'text-multi', values: [hash] }] : []),
    { name: HISTORY_FIELD, type: 'boolean', values: [config.history ? '1' : '0'] },
  ]);
  const features = [...FEATURES, OPTIMIZATION, STABLE_ID, ENFORCED, NS.vcardTemp, ...states];
  return info([identity('conference', 'text', config.name || name)], features, [form]);
}

/** Who is there is told to those who are there too. */
function roomItems({ core, user, session }: IqRequest): XmlElement {
  const room = core.rooms.get(user);
  const inside = room.occupantOf(session) !== undefined;
  const items = [...(inside ? room.occupants.values() : [])].map(({ nick }) =>
    el('item', NS.discoItems, { jid: room.at(nick) }),
  );
  return el('query', NS.discoItems, {}, items);
}

export const roomDisco: HubModule = {
  name: 'xep-0045-disco',
  iq: [
    { at: 'rooms', type: 'get', ns: NS.discoInfo, name: 'query', handle: serviceInfo },
    { at: 'rooms', type: 'get', ns: NS.discoItems, name: 'query', handle: serviceItems },
    { at: 'room', type: 'get', ns: NS.discoInfo, name: 'query', handle: roomInfo },
    { at: 'room', type: 'get', ns: NS.discoItems, name: 'query', handle: roomItems },
  ],
};
