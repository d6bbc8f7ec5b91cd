// XEP-0045: Multi-User Chat, version 1.35.1, sections 6.3 and 6.4; XEP-0030, version 2.5.0; XEP-0128, version 1.0.1
import type { IQ } from 'stanza/protocol/index.js';
import { PostcardError } from '../../../contract/errors.ts';
import { IqError } from '../iq.ts';
import type { RoomInfo } from '../room-types.ts';
import type { IqPort } from './iq-port.ts';
import { type DiscoInfo, discoInfo, discoItems, formValue } from './xep-0030-disco.ts';
import { OCCUPANT_IDS } from './xep-0421-occupant-ids.ts';
import { moderationIn } from './xep-0425-moderation.ts';
import { noteNamespace } from './postcard-notes.ts';

const MUC = 'http://jabber.org/protocol/muc';
const MAM = 'urn:xmpp:mam:2';
const SIDS = 'urn:xmpp:sid:0';
const ROOM_INFO = 'http://jabber.org/protocol/muc#roominfo';
/** Our hub keeps to the policy of a group itself. */
export const ENFORCED = `${noteNamespace('groups')}#enforced`;
/** As XEP-0486 has it, and as Prosody's mod_vcard_muc does. */
const pictureFields = [
  'muc#roominfo_avatarhash',
  '{http://modules.prosody.im/mod_vcard_muc}avatar#sha1',
] as const;

/** What of a room's stanzas is the room's own word: without the feature, anybody's claims pass through it. */
export interface RoomTrust {
  readonly stanzaIds: boolean;
  readonly occupantIds: boolean;
}

/** Where a server has rooms: the first of its services that says so; null for none. Throws PostcardError `offline`. */
export async function findRooms(port: IqPort): Promise<string | null> {
  const services = await discoItems(port, port.domain);
  const infos = await Promise.all(services.map((address) => discoInfo(port, address)));
  const at = infos.findIndex(
    (info) =>
      info?.features.includes(MUC) === true &&
      info.identities.some(({ category, type }) => category === 'conference' && type === 'text'),
  );
  return services[at] ?? null;
}

/** Throws PostcardError `group-not-found`, `server-not-found`; IqError where the room does not say. */
export async function fetchRoomInfo(port: IqPort, room: string): Promise<RoomInfo & { trust: RoomTrust }> {
  try {
    const answer = await port.send({ type: 'get', to: room, disco: { type: 'info' } } as unknown as IQ);
    const disco = answer.disco as Partial<DiscoInfo> | undefined;
    return readInfo({
      features: disco?.features ?? [],
      identities: disco?.identities ?? [],
      extensions: disco?.extensions ?? [],
    });
  } catch (error) {
    if (error instanceof IqError && (error.condition === 'item-not-found' || error.condition === 'gone'))
      throw new PostcardError('group-not-found', {}, { cause: error });
    throw error;
  }
}

function readInfo(info: DiscoInfo): RoomInfo & { trust: RoomTrust } {
  const has = (feature: string) => info.features.includes(feature);
  const named = info.identities.find(({ category }) => category === 'conference') as
    { name?: string } | undefined;
  const field = (name: string) => formValue(info, ROOM_INFO, name)?.trim() ?? '';
  // A list: a room might have several, of which one is shown.
  const hash = pictureFields
    .map((name) => (formValue(info, ROOM_INFO, name) ?? '').toLowerCase())
    .find((text) => /^[0-9a-f]{40}$/.test(text));
  return {
    name: (field('muc#roomconfig_roomname') || named?.name?.trim() || '').slice(0, 200),
    description: field('muc#roominfo_description').slice(0, 1000),
    membersOnly: has('muc_membersonly'),
    persistent: has('muc_persistent'),
    moderated: has('muc_moderated'),
    nonAnonymous: has('muc_nonanonymous'),
    archived: has(MAM),
    moderation: moderationIn(info.features),
    stableIds: has('http://jabber.org/protocol/muc#stable_id'),
    picture: hash ?? null,
    enforcesPolicy: has(ENFORCED),
    // An archive of rooms has to give its ids (XEP-0313 section 5.1), whether or not it says so.
    trust: { stanzaIds: has(SIDS) || has(MAM), occupantIds: has(OCCUPANT_IDS) },
  };
}
