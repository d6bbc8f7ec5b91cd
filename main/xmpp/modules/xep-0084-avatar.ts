// XEP-0084: User Avatar, version 1.1.4; XEP-0163: PEP, version 1.2.1
import { createHash } from 'node:crypto';
import type { IQ } from 'stanza/protocol/index.js';
import { IqError } from '../iq.ts';
import type { Picture } from '../types.ts';
import type { IqPort } from './iq-port.ts';

export const AVATAR_DATA = 'urn:xmpp:avatar:data';
export const AVATAR_METADATA = 'urn:xmpp:avatar:metadata';
/** Bytes of a picture that are accepted. */
export const MAX_AVATAR = 1024 * 1024;

/** Readable by everybody, not only by contacts. */
export const openAccess = {
  type: 'submit',
  fields: [
    { name: 'FORM_TYPE', type: 'hidden', value: 'http://jabber.org/protocol/pubsub#publish-options' },
    { name: 'pubsub#access_model', value: 'open' },
  ],
};

export interface AvatarInfo {
  /** SHA-1, lower case hex. */
  readonly hash: string;
  readonly mediaType: string;
}

/** The metadata's first picture that is not elsewhere on the web; null: no avatar. */
export function readMetadata(content: unknown): AvatarInfo | null {
  const versions = (content as { versions?: { id?: string; mediaType?: string; uri?: string }[] } | undefined)
    ?.versions;
  const found = versions?.find((version) => !version.uri && /^[0-9a-f]{40}$/i.test(version.id ?? ''));
  if (found?.id === undefined) return null;
  return { hash: found.id.toLowerCase(), mediaType: found.mediaType ?? 'image/png' };
}

export function sha1(data: Uint8Array): string {
  return createHash('sha1').update(data).digest('hex');
}

/** Content of a node's newest item (or the one with this id); null where there is none. */
export async function fetchItem(port: IqPort, owner: string, node: string, id?: string): Promise<unknown> {
  const items = id === undefined ? {} : { items: [{ id }] };
  const fetch = { node, ...(id === undefined ? { max: 1 } : {}), ...items };
  try {
    const answer = await port.send({ type: 'get', to: owner, pubsub: { fetch } } as unknown as IQ);
    const found = (answer.pubsub as { fetch?: { items?: { content?: unknown }[] } } | undefined)?.fetch
      ?.items;
    return found?.[0]?.content ?? null;
  } catch (error) {
    // No such node or item, closed to me, or a server without PEP: there is nothing to see.
    if (error instanceof IqError) return null;
    throw error;
  }
}

/** Publishes to an open node of my own. */
export async function publishItem(port: IqPort, node: string, id: string, content: object): Promise<void> {
  const item = { id, content: { itemType: node, ...content } };
  await port.send({
    type: 'set',
    pubsub: { publish: { node, item }, publishOptions: openAccess },
  } as unknown as IQ);
}

/** Somebody's picture, its hash verified; null where there is none or it is not what it says. */
export async function fetchAvatar(port: IqPort, owner: string): Promise<({ hash: string } & Picture) | null> {
  const info = readMetadata(await fetchItem(port, owner, AVATAR_METADATA));
  if (info === null) return null;
  const content = (await fetchItem(port, owner, AVATAR_DATA, info.hash)) as { data?: Uint8Array } | null;
  const data = content?.data;
  if (data === undefined || data.length > MAX_AVATAR || sha1(data) !== info.hash) return null;
  return { hash: info.hash, data, mediaType: info.mediaType };
}

/** Sets or (null) removes my picture. Section 4.2: data first, then the metadata that tells of it. */
export async function publishAvatar(
  port: IqPort,
  avatar: (Picture & { width: number; height: number }) | null,
): Promise<void> {
  if (avatar === null) return publishItem(port, AVATAR_METADATA, 'current', { versions: [] });
  const id = sha1(avatar.data);
  await publishItem(port, AVATAR_DATA, id, { data: Buffer.from(avatar.data) });
  const { mediaType, width, height } = avatar;
  const version = { id, bytes: avatar.data.length, mediaType, width, height };
  await publishItem(port, AVATAR_METADATA, id, { versions: [version] });
}
