import { asBuffer, iptcText } from './place-text.ts';
import { keptExif } from './exif.ts';
import type { KeptExif, RawEntry } from './exif.ts';

/** A picture's metadata blocks as its container holds them; null where it has none. */
export interface MetadataBlocks {
  /** A TIFF structure, without JPEG's "Exif\0\0". */
  readonly exif: Uint8Array | null;
  /** An XMP packet. */
  readonly xmp: Uint8Array | null;
  /** Photoshop's image resource blocks, without "Photoshop 3.0\0". */
  readonly iptc: Uint8Array | null;
}

const ARTIST = 0x013b;
const COPYRIGHT = 0x8298;
const TAKEN_AT = 0x9003;
/** bytes of a packet that is looked into. */
const MAX_PACKET = 1024 * 1024;

/**
 * Author, copyright and date as EXIF entries: those of EXIF itself, and where it is silent, what XMP and IPTC say
 * (editors write it there). Null when nobody says anything. `places`: the GPS entries too.
 */
export function creditOf(blocks: MetadataBlocks, places: boolean): KeptExif | null {
  const own = blocks.exif && keptExif(blocks.exif, places);
  const kept = own ?? { littleEndian: true, image: [], exif: [], gps: [] };
  const image = [...kept.image];
  const exif = [...kept.exif];
  const said = (entries: readonly RawEntry[], tag: number) => entries.some((entry) => entry.tag === tag);
  const add = (entries: RawEntry[], tag: number, text: string) => {
    if (text !== '' && !said(entries, tag)) entries.push(textEntry(tag, text));
  };
  const more = { xmp: xmpCredit(blocks.xmp), iptc: iptcCredit(blocks.iptc) };
  add(image, ARTIST, more.xmp.author || more.iptc.author);
  add(image, COPYRIGHT, more.xmp.copyright || more.iptc.copyright);
  if (exif.length === 0) add(exif, TAKEN_AT, exifDate(more.xmp.date || more.iptc.date));
  return image.length + exif.length + kept.gps.length > 0 ? { ...kept, image, exif } : null;
}

interface Credit {
  readonly author: string;
  readonly copyright: string;
  readonly date: string;
}

function xmpCredit(packet: Uint8Array | null): Credit {
  const text = packet && packet.length <= MAX_PACKET ? asBuffer(packet).toString('utf8') : '';
  return {
    author: property(text, 'dc:creator'),
    copyright: property(text, 'dc:rights'),
    date: property(text, 'photoshop:DateCreated') || property(text, 'xmp:CreateDate'),
  };
}

/** A property as attribute, as text, or as a list of which all items count. */
function property(packet: string, name: string): string {
  const attribute = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(packet);
  if (attribute) return plain(attribute[1] ?? attribute[2] ?? '');
  const open = packet.indexOf(`<${name}`);
  const close = packet.indexOf(`</${name}>`, open);
  if (open < 0 || close < 0) return '';
  const inside = packet.slice(packet.indexOf('>', open) + 1, close);
  const items = [...inside.matchAll(/<rdf:li[^>]*>([^<]*)<\/rdf:li>/g)].map((item) => plain(item[1] ?? ''));
  return items.length > 0 ? items.filter(Boolean).join('; ') : inside.includes('<') ? '' : plain(inside);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_whole, name: string) => ENTITIES[name] ?? '').trim();

/** IPTC-IIM 4.2: 2:80 by-line, 2:116 copyright notice, 2:55 date created (CCYYMMDD). */
function iptcCredit(blocks: Uint8Array | null): Credit {
  if (!blocks) return { author: '', copyright: '', date: '' };
  const day = iptcText(blocks, 55)[0] ?? '';
  return {
    author: iptcText(blocks, 80).join('; '),
    copyright: iptcText(blocks, 116).join('; '),
    date: /^\d{8}$/.test(day) ? `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}` : '',
  };
}

/** `2026-05-04T10:11:12…` and shorter, as EXIF writes it; '' where it is no date. */
function exifDate(text: string): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d))?)?/.exec(text);
  if (!found) return '';
  const [, year, month, day, hour = '00', minute = '00', second = '00'] = found;
  return `${year}:${month}:${day} ${hour}:${minute}:${second}`;
}

/** ASCII by the letter of EXIF; UTF-8 by what everybody writes and reads. */
function textEntry(tag: number, text: string): RawEntry {
  const data = Buffer.from(`${text.slice(0, 1000)}\0`, 'utf8');
  return { tag, type: 2, count: data.length, data };
}
