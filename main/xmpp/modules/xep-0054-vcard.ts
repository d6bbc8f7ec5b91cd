// XEP-0054: vcard-temp, version 1.3; XEP-0292: vCard4 over XMPP, version 0.12; XEP-0172: User Nickname, version 1.1
import { JXT } from 'stanza';
import type { IQ } from 'stanza/protocol/index.js';
import { IqError } from '../iq.ts';
import type { Picture } from '../types.ts';
import type { XmlElement } from '../xml-stream.ts';
import type { IqPort } from './iq-port.ts';
import { MAX_AVATAR, publishItem } from './xep-0084-avatar.ts';

const VCARD4 = 'urn:ietf:params:xml:ns:vcard-4.0';
export const NICK = 'http://jabber.org/protocol/nick';
const VCARD4_NODE = 'urn:xmpp:vcard4';

interface CardRecord {
  type: string;
  value?: string;
  data?: string | Uint8Array;
  mediaType?: string;
}

export interface Card {
  readonly fullName?: string;
  readonly records: readonly CardRecord[];
}

/** Somebody's card; null where there is none. */
export async function fetchCard(port: IqPort, owner: string): Promise<Card | null> {
  try {
    const answer = await port.send({
      type: 'get',
      ...(owner === port.own ? {} : { to: owner }),
      vcard: {},
    } as unknown as IQ);
    const card = (answer as { vcard?: { fullName?: string; records?: CardRecord[] } }).vcard;
    return { ...(card?.fullName ? { fullName: card.fullName } : {}), records: card?.records ?? [] };
  } catch (error) {
    if (error instanceof IqError) return null;
    throw error;
  }
}

/** The name and picture in a card. The library hands the photo over as base64 text, whatever its type says. */
export function readCard(card: Card | null): { name: string | null; photo: Picture | null } {
  const text = (type: string) => card?.records.find((record) => record.type === type)?.value;
  const name = (card?.fullName || text('nickname') || '').trim().slice(0, 200);
  const found = card?.records.find((record) => record.type === 'photo');
  const data = Buffer.from(String(found?.data ?? ''), 'base64');
  const photo =
    data.length > 0 && data.length <= MAX_AVATAR
      ? { data, mediaType: found?.mediaType ?? 'image/jpeg' }
      : null;
  return { name: name || null, photo };
}

/** The photo goes out as text for the same reason: bytes would be written as they are and break the XML. */
export function withName(card: Card | null, name: string, photo: Picture | null | undefined): Card {
  const kept = (card?.records ?? []).filter(
    (record) => record.type !== 'nickname' && (record.type !== 'photo' || photo === undefined),
  );
  const records: CardRecord[] = [...kept, { type: 'nickname', value: name }];
  if (photo) {
    records.push({
      type: 'photo',
      data: Buffer.from(photo.data).toString('base64'),
      mediaType: photo.mediaType,
    });
  }
  return { fullName: name, records };
}

export async function publishCard(port: IqPort, card: Card): Promise<void> {
  await port.send({ type: 'set', vcard: card } as unknown as IQ);
}

/** Publishes the name in PEP too: as nickname and as vCard4. */
export async function publishNames(port: IqPort, name: string): Promise<void> {
  await publishItem(port, NICK, 'current', { nick: name });
  await publishItem(port, VCARD4_NODE, 'current', { fullName: name });
}

function named(card: XmlElement, element: string): string | undefined {
  return card.getChild(element)?.getChild('text')?.getText() || undefined;
}

function setName(card: XmlElement, value: string): void {
  const outer = new JXT.XMLElement('fn');
  outer.appendChild(new JXT.XMLElement('text', {}, [value]));
  card.appendChild(outer);
}

export const vcard4 = {
  aliases: JXT.pubsubItemContentAliases(),
  element: 'vcard',
  namespace: VCARD4,
  type: VCARD4_NODE,
  typeField: 'itemType',
  fields: { fullName: { importer: (card: XmlElement) => named(card, 'fn'), exporter: setName } },
};
