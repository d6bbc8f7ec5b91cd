// XEP-0054: vcard-temp, version 1.3; XEP-0172: User Nickname, version 1.1
import type { IQ } from 'stanza/protocol/index.js';
import { IqError } from '../iq.ts';
import type { Picture, ProfileTexts } from '../types.ts';
import type { IqPort } from './iq-port.ts';
import { MAX_AVATAR } from './xep-0084-avatar.ts';

export const NICK = 'http://jabber.org/protocol/nick';

interface CardRecord {
  type: string;
  value?: string | string[];
  units?: string[];
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

const find = (card: Card | null, type: string): CardRecord | undefined =>
  card?.records.find((record) => record.type === type);

function textOf(card: Card | null, type: string): string {
  const value = find(card, type)?.value;
  return typeof value === 'string' ? value.trim() : '';
}

/** The texts in a card, as their owner wrote them; '' and [] where they are missing. */
export function readTexts(card: Card | null): ProfileTexts {
  const keywords = find(card, 'categories')?.value;
  return {
    name: card?.fullName?.trim() || textOf(card, 'nickname'),
    bio: textOf(card, 'description') || textOf(card, 'note'),
    link: textOf(card, 'url'),
    interests: Array.isArray(keywords) ? keywords : [],
  };
}

/** The picture in a card. The library hands the photo over as base64 text, whatever its type says. */
export function readPhoto(card: Card | null): Picture | null {
  const found = find(card, 'photo');
  const data = Buffer.from(String(found?.data ?? ''), 'base64');
  if (data.length === 0 || data.length > MAX_AVATAR) return null;
  return { data, mediaType: found?.mediaType ?? 'image/jpeg' };
}

const written = new Set(['nickname', 'description', 'note', 'url', 'categories']);

/**
 * The card with these texts and this picture (undefined: the one it has), and what other apps wrote there besides.
 * The photo goes out as text for the same reason: bytes would be written as they are and break the XML.
 */
export function withProfile(card: Card | null, texts: ProfileTexts, photo: Picture | null | undefined): Card {
  const kept = (card?.records ?? []).filter(
    (record) =>
      !written.has(record.type) && !isInterests(record) && (record.type !== 'photo' || photo === undefined),
  );
  const records: CardRecord[] = [...kept, { type: 'nickname', value: texts.name }];
  if (texts.bio) records.push({ type: 'description', value: texts.bio });
  if (texts.link) records.push({ type: 'url', value: texts.link });
  if (texts.interests.length > 0) {
    records.push({ type: 'categories', value: [...texts.interests] });
    // ejabberd's directory indexes no categories; of an organisation it does, so the interests stand there too.
    const employed = kept.some((record) => record.type === 'organization');
    if (!employed) records.push({ type: 'organization', units: [...texts.interests] });
  }
  if (photo) {
    records.push({
      type: 'photo',
      data: Buffer.from(photo.data).toString('base64'),
      mediaType: photo.mediaType,
    });
  }
  return { fullName: texts.name, records };
}

/** An organisation without a name is one of ours: see `withProfile`. */
const isInterests = (record: CardRecord): boolean => record.type === 'organization' && !record.value;

/** The card with this picture or none, and what else is in it. Goes out as text, as in `withProfile`. */
export function withPhoto(card: Card | null, picture: Picture | null): Card {
  const records = (card?.records ?? []).filter((record) => record.type !== 'photo');
  if (picture !== null) {
    const data = Buffer.from(picture.data).toString('base64');
    records.push({ type: 'photo', data, mediaType: picture.mediaType });
  }
  return { ...(card?.fullName ? { fullName: card.fullName } : {}), records };
}

/** My own, or (`of`) a room's. Throws IqError. */
export async function publishCard(port: IqPort, card: Card, of: string | null = null): Promise<void> {
  const to = of === null ? {} : { to: of };
  await port.send({ type: 'set', ...to, vcard: card } as unknown as IQ);
}
