// XEP-0292: vCard4 over XMPP, version 0.12 (RFC 6351: vCard as XML)
import { JXT } from 'stanza';
import type { XmlElement } from '../xml-stream.ts';

const VCARD4 = 'urn:ietf:params:xml:ns:vcard-4.0';
export const VCARD4_NODE = 'urn:xmpp:vcard4';
/** Interests that are read of one card. */
const MAX_CATEGORIES = 50;

/** What Postcard reads and writes of a card. All of it is text by somebody else: to be cleaned before use. */
export interface Card4 {
  readonly fullName?: string;
  readonly note?: string;
  readonly categories?: readonly string[];
  readonly url?: string;
  /** What else the card has, by other apps; kept when it is written anew. */
  readonly rest?: readonly XmlElement[];
}

const own = new Set(['fn', 'note', 'categories', 'url']);

const textOf = (card: XmlElement, element: string, value: string): string | undefined =>
  card.getChild(element)?.getChild(value)?.getText() || undefined;

function property(card: XmlElement, element: string, value: string, texts: readonly string[]): void {
  if (texts.length === 0) return;
  const outer = new JXT.XMLElement(element);
  for (const text of texts) outer.appendChild(new JXT.XMLElement(value, {}, [text]));
  card.appendChild(outer);
}

function categoriesOf(card: XmlElement): string[] {
  const texts = card.getChild('categories')?.getChildren('text') ?? [];
  return texts
    .slice(0, MAX_CATEGORIES)
    .map((text) => text.getText())
    .filter((text) => text !== '');
}

const single = (element: string, value: string) => ({
  importer: (card: XmlElement) => textOf(card, element, value),
  exporter: (card: XmlElement, text: string) => property(card, element, value, text === '' ? [] : [text]),
});

export const vcard4 = {
  aliases: JXT.pubsubItemContentAliases(),
  element: 'vcard',
  namespace: VCARD4,
  type: VCARD4_NODE,
  typeField: 'itemType',
  fields: {
    fullName: single('fn', 'text'),
    note: single('note', 'text'),
    url: single('url', 'uri'),
    categories: {
      importer: categoriesOf,
      exporter: (card: XmlElement, texts: string[]) => property(card, 'categories', 'text', texts),
    },
    rest: {
      importer: (card: XmlElement) =>
        card.children.filter(
          (child): child is XmlElement => typeof child !== 'string' && !own.has(child.name),
        ),
      exporter: (card: XmlElement, rest: XmlElement[]) => {
        for (const element of rest) card.appendChild(element);
      },
    },
  },
};
