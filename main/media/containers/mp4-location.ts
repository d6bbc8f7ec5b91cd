import { boxesIn, childrenOf, contentOf, type Box } from './boxes.ts';
import { openFilm, tracksOf, type Track } from './mp4.ts';
import { sampleRanges } from './mp4-samples.ts';
import type { ByteSource } from './source.ts';
import type { Patch } from './types.ts';

/** Where a place is written: QuickTime's `©xyz`, 3GPP's `loci` (TS 26.244 section 8.2), XMP and cameras' own. */
const PLACES: ReadonlySet<string> = new Set(['\xa9xyz', 'loci', 'XMP_', 'GPS ', 'gps0', 'gps ']);
/** Tracks that tell, moment by moment, where the camera is: iPhones, GoPros, Android's Camera Motion. */
const TELEMETRY: ReadonlySet<string> = new Set(['mebx', 'gpmd', 'camm', 'gps ', 'fdsc']);
const CONTAINERS: ReadonlySet<string> = new Set(['moov', 'trak', 'udta', 'mdia', 'minf']);
/** Extensible Metadata Platform, part 3: the uuid of XMP in MPEG-4. */
const XMP = 'be7acfcb97a942e89c71999491e3afac';
const MAX_XMP = 16_000_000;

/**
 * What is to be overwritten so that a film does not tell where it was made: boxes become `free` and empty, telemetry
 * loses its samples. Nothing moves, so that no index needs to change. Empty where no place is told.
 */
export async function locationPatches(source: ByteSource): Promise<Patch[]> {
  const film = await openFilm(source);
  if (!film) return [];
  const { bytes, moov, top } = film;
  const [whole] = boxesIn(bytes, 0, bytes.length);
  const inIndex = whole ? places(bytes, whole) : [];
  const telemetry = tracksOf(bytes).filter(isTelemetry);
  const patches = [...inIndex, ...telemetry.map(({ box }) => box)].map((box) => freed(box, moov.offset));
  const samples = telemetry.flatMap((track) => sampleRanges(bytes, track.box, source.size));
  const zeros = samples.map((range) => ({ ...range, head: Buffer.alloc(0) }));
  return [...patches, ...zeros, ...(await outside(source, top))];
}

const isTelemetry = ({ handler, format }: Track): boolean => handler === 'meta' || TELEMETRY.has(format);

/** The box stays where it is and has nothing in it any more (section 8.1.2). */
function freed(box: Box, base: number): Patch {
  const header = Buffer.alloc(box.header);
  header.writeUInt32BE(box.header === 16 ? 1 : box.size);
  header.write('free', 4, 'latin1');
  if (box.header === 16) header.writeBigUInt64BE(BigInt(box.size), 8);
  return { offset: base + box.offset, length: box.size, head: header };
}

function places(bytes: Buffer, container: Box): Box[] {
  return childrenOf(bytes, container).flatMap((box) => {
    if (PLACES.has(box.type) || isXmp(bytes, box)) return [box];
    if (box.type === 'meta') return inMetadata(bytes, box);
    return CONTAINERS.has(box.type) ? places(bytes, box) : [];
  });
}

const isXmp = (bytes: Buffer, box: Box): boolean =>
  box.type === 'uuid' && contentOf(bytes, box).toString('hex', 0, 16) === XMP;

/** `meta` has a version in MPEG-4 (section 8.11.1) and none in QuickTime; items go by key numbers or are `©xyz`. */
function inMetadata(bytes: Buffer, meta: Box): Box[] {
  const start = meta.offset + meta.header;
  const versioned = bytes.toString('latin1', start + 4, start + 8) !== 'hdlr';
  const children = boxesIn(bytes, start + (versioned ? 4 : 0), meta.offset + meta.size);
  const keys = children.find(({ type }) => type === 'keys');
  const list = children.find(({ type }) => type === 'ilst');
  if (!list) return [];
  const numbers = keys ? placeKeys(contentOf(bytes, keys)) : new Set<number>();
  return childrenOf(bytes, list).filter(
    ({ type }) => PLACES.has(type) || numbers.has(Buffer.from(type, 'latin1').readUInt32BE(0)),
  );
}

/** Numbers, from 1, of the keys that name a place, such as `com.apple.quicktime.location.ISO6709`. */
function placeKeys(content: Buffer): Set<number> {
  const found = new Set<number>();
  let number = 0;
  for (let at = 8; at + 8 <= content.length;) {
    number += 1;
    const size = content.readUInt32BE(at);
    if (size < 8) break;
    if (/location|gps|geo/i.test(content.toString('latin1', at + 8, at + size))) found.add(number);
    at += size;
  }
  return found;
}

async function outside(source: ByteSource, top: readonly Box[]): Promise<Patch[]> {
  const found: Patch[] = [];
  for (const box of top) {
    if ((box.type !== 'uuid' && box.type !== 'meta') || box.size > MAX_XMP) continue;
    const bytes = await source.read(box.offset, box.size);
    const here: Box = { ...box, offset: 0 };
    if (isXmp(bytes, here)) found.push(freed(box, 0));
    if (box.type === 'meta') found.push(...inMetadata(bytes, here).map((item) => freed(item, box.offset)));
  }
  return found;
}
