// XEP-0449: Stickers, version 0.2.0, section 4.3.1: a pack as an item; XEP-0446, 0447 and 0300 in it
import { JXT } from 'stanza';
import { isFileUrl } from '../shared-files.ts';
import type { LangText, WireHash, WirePack, WireSticker } from '../sticker-types.ts';
import type { XmlElement } from '../xml-stream.ts';
import { SFS } from './xep-0447-file-sharing.ts';

/** The namespace, and the name of the node (section 4.3). */
export const STICKERS = 'urn:xmpp:stickers:0';
const METADATA = 'urn:xmpp:file:metadata:0';
const HASHES = 'urn:xmpp:hashes:2';
const URL_DATA = 'http://jabber.org/protocol/url-data';
/** Of one pack that are read; what has more is none (`null`). */
const MAX_READ = 200;
/** Characters of one text. */
const MAX_TEXT = 2_000;

const langTexts = (element: XmlElement, name: string): LangText[] =>
  element
    .getChildren(name)
    .slice(0, MAX_READ)
    .map((child) => ({ lang: langOf(child), text: child.getText() }));

const langOf = (element: XmlElement): string => element.getAttribute('xml:lang') ?? '';

const readHash = (element: XmlElement): WireHash => ({
  algo: element.getAttribute('algo') ?? '',
  value: element.getText(),
});

function readPack(element: XmlElement): WirePack | null {
  const items = element.getChildren('item');
  const stickers = items.length > MAX_READ ? [] : items.flatMap((item) => readSticker(item) ?? []);
  const hash = element.getChild('hash', HASHES);
  const pack: WirePack = {
    names: langTexts(element, 'name'),
    summaries: langTexts(element, 'summary'),
    restricted: element.getChild('restricted') !== undefined,
    stickers,
    hash: hash === undefined ? null : readHash(hash),
  };
  const texts = [...pack.names, ...pack.summaries].map(({ text }) => text);
  const sound = stickers.length === items.length && texts.every((text) => text.length <= MAX_TEXT);
  return sound ? pack : null;
}

function readSticker(item: XmlElement): WireSticker | null {
  const file = item.getChild('file', METADATA);
  if (file === undefined) return null;
  const text = (name: string) => file.getChild(name)?.getText() ?? '';
  const descriptions = langTexts(file, 'desc');
  // Version 0.1 of XEP-0446 had `<dimensions>512x512</dimensions>`, as the example still has.
  const [across, down] = text('dimensions').split('x');
  const targets = item.getChild('sources', SFS)?.getChildren('url-data', URL_DATA) ?? [];
  return {
    fallback: descriptions.find(({ lang }) => lang === '')?.text ?? '',
    title: descriptions.find(({ lang }) => lang !== '')?.text ?? null,
    hashes: file.getChildren('hash', HASHES).slice(0, 8).map(readHash),
    mediaType: text('media-type') || null,
    size: whole(text('size')),
    width: whole(text('width') || across),
    height: whole(text('height') || down),
    urls: targets.map((target) => target.getAttribute('target') ?? '').filter(isFileUrl),
    suggestions: langTexts(item, 'suggest'),
  };
}

const whole = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : null;

function append(to: XmlElement, name: string, text: string, attributes: Record<string, string> = {}): void {
  to.appendChild(new JXT.XMLElement(name, attributes, [text]));
}
const inLang = (lang: string) => (lang === '' ? {} : { 'xml:lang': lang });

function writePack(element: XmlElement, pack: WirePack): void {
  for (const { lang, text } of pack.names) append(element, 'name', text, inLang(lang));
  for (const { lang, text } of pack.summaries) append(element, 'summary', text, inLang(lang));
  if (pack.restricted) element.appendChild(new JXT.XMLElement('restricted'));
  for (const sticker of pack.stickers) element.appendChild(writeSticker(sticker));
  if (pack.hash) append(element, 'hash', pack.hash.value, { xmlns: HASHES, algo: pack.hash.algo });
}

function writeSticker(sticker: WireSticker): XmlElement {
  const file = new JXT.XMLElement('file', { xmlns: METADATA });
  const add = (name: string, value: string | number | null) => {
    if (value !== null) append(file, name, String(value));
  };
  add('media-type', sticker.mediaType);
  add('desc', sticker.fallback);
  // No language is known, and only one `<desc/>` may be without any (XEP-0446).
  if (sticker.title !== null) append(file, 'desc', sticker.title, { 'xml:lang': 'und' });
  add('size', sticker.size);
  add('width', sticker.width);
  add('height', sticker.height);
  for (const { algo, value } of sticker.hashes) append(file, 'hash', value, { xmlns: HASHES, algo });
  const sources = new JXT.XMLElement('sources', { xmlns: SFS });
  for (const target of sticker.urls)
    sources.appendChild(new JXT.XMLElement('url-data', { xmlns: URL_DATA, target }));
  const item = new JXT.XMLElement('item', {}, [file, sources]);
  for (const { lang, text } of sticker.suggestions) append(item, 'suggest', text, inLang(lang));
  return item;
}

export const stickerPack = {
  aliases: JXT.pubsubItemContentAliases(),
  element: 'pack',
  namespace: STICKERS,
  type: STICKERS,
  typeField: 'itemType',
  fields: { pack: { importer: readPack, exporter: writePack } },
};
