// XEP-0402: PEP Native Bookmarks, version 1.2.0
import { JXT } from 'stanza';
import type { IQ } from 'stanza/protocol/index.js';
import { IqError } from '../iq.ts';
import type { Bookmark } from '../room-types.ts';
import { bareAddress } from '../server-address.ts';
import type { XmlElement } from '../xml-stream.ts';
import type { IqPort } from './iq-port.ts';
import { fetchItems, publishItem } from './xep-0223-private-storage.ts';

export const BOOKMARKS = 'urn:xmpp:bookmarks:1';
/** Characters of a name. */
const MAX_NAME = 200;

interface Conference {
  readonly itemType?: unknown;
  readonly name?: string;
  readonly autojoin?: boolean;
  readonly nick?: string;
  readonly rest?: readonly XmlElement[];
}

export const conference = {
  aliases: JXT.pubsubItemContentAliases(),
  element: 'conference',
  namespace: BOOKMARKS,
  type: BOOKMARKS,
  typeField: 'itemType',
  fields: {
    name: JXT.attribute('name'),
    autojoin: JXT.booleanAttribute('autojoin'),
    nick: JXT.childText(null, 'nick'),
    // Section 3.3: what other apps keep there (a password, `<extensions/>`) stays when it is written anew.
    rest: {
      importer: (element: XmlElement) =>
        element.children.filter(
          (child): child is XmlElement => typeof child !== 'string' && child.getName() !== 'nick',
        ),
      exporter: (element: XmlElement, rest: XmlElement[]) => {
        for (const child of rest) element.appendChild(child);
      },
    },
  },
};

interface Item {
  readonly id?: unknown;
  readonly content?: Conference;
}

/** An item of an answer or an event; null when it is no room's. */
export function readBookmark(item: unknown): Bookmark | null {
  const { id, content } = (item ?? {}) as Item;
  const room = typeof id === 'string' ? bareAddress(id) : null;
  if (room === null || room !== id || !room.includes('@') || content?.itemType !== BOOKMARKS) return null;
  return {
    room,
    name: (content.name ?? '').trim().slice(0, MAX_NAME),
    nick: content.nick?.trim().slice(0, MAX_NAME) || null,
    autojoin: content.autojoin === true,
  };
}

/** Throws IqError where there is no PEP. */
export async function fetchBookmarks(port: IqPort): Promise<Bookmark[]> {
  return (await fetchItems(port, BOOKMARKS)).flatMap((item) => readBookmark(item) ?? []);
}

/** Throws IqError. */
export async function publishBookmark(port: IqPort, bookmark: Bookmark): Promise<void> {
  const { room, name, nick, autojoin } = bookmark;
  const there = (await fetchItems(port, BOOKMARKS)).find((item) => (item as Item).id === room);
  const rest = (there as Item | undefined)?.content?.rest ?? [];
  const content = { itemType: BOOKMARKS, name, autojoin, ...(nick === null ? {} : { nick }), rest };
  await publishItem(port, BOOKMARKS, { id: room, content });
}

/** Section 3.4: other devices are told. One that is not there is removed. Throws IqError. */
export async function retractBookmark(port: IqPort, room: string): Promise<void> {
  const retract = { node: BOOKMARKS, notify: true, id: room };
  try {
    await port.send({ type: 'set', pubsub: { retract } } as unknown as IQ);
  } catch (error) {
    if (!(error instanceof IqError) || error.condition !== 'item-not-found') throw error;
  }
}
