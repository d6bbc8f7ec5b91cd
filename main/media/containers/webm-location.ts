import type { ByteSource } from './source.ts';
import type { Patch } from './types.ts';
import { CLUSTER, elementAt, SEGMENT, type Element } from './webm.ts';

// Ids of RFC 9559 section 5.1.8 (Tags) and RFC 8794 section 11.3 (global elements).
const TAGS = 0x1254c367;
const TAG = 0x7373;
const SIMPLE_TAG = 0x67c8;
const TAG_NAME = 0x45a3;
const TAG_STRING = 0x4487;
const TAG_BINARY = 0x4485;
const CRC_32 = 0xbf;

/** `RECORDING_LOCATION` and its like, and what converters carry over from phones: `com.apple.quicktime.location.…`. */
const PLACE = /location|gps|latitude|longitude|altitude|xyz|(?<![a-z])(geo|place|country|city)/i;
/** A position in the form of ISO 6709, under whatever name. */
const POSITION = /^[+-]\d{2,6}(\.\d+)?[+-]\d{3,7}(\.\d+)?/;
/** Elements that are looked at: hours of film in small clusters. */
const MAX_ELEMENTS = 2_000_000;
/** Bytes of all tags. What is longer is no text of anybody: it is overwritten as a whole. */
const MAX_TAGS = 16_000_000;
/** Tags within tags. */
const DEEPEST = 16;
const VOID = 0xec;

/**
 * What is to be overwritten so that a WebM or Matroska film does not tell where it was made: the values of its tags
 * become empty (a string ends at its first zero, RFC 8794 section 13), and checksums over them are taken out. Nothing
 * moves. Empty where no place is told. Attached files and subtitles are not looked into.
 */
export async function webmLocationPatches(source: ByteSource): Promise<Patch[]> {
  const found: Patch[] = [];
  let checksum: Element | null = null;
  let at = 0;
  for (let n = 0; at < source.size && n < MAX_ELEMENTS; n += 1) {
    const element = elementAt(await source.read(at, 12), at);
    if (!element) break;
    const { id, content, size } = element;
    if (id === CRC_32) checksum ??= element;
    if (id === TAGS && size !== null) found.push(...(await inTags(source, content, size)));
    // A cluster of unknown size has to be walked through; whatever else is no parent of tags.
    const entered = id === SEGMENT || (id === CLUSTER && size === null);
    if (!entered && size === null) break;
    at = entered ? content : content + (size ?? 0);
  }
  // Of the segment as a whole, where there is one.
  if (found.length > 0 && checksum) found.push(voided(checksum));
  return found;
}

async function inTags(source: ByteSource, start: number, size: number): Promise<Patch[]> {
  if (start + size > source.size) return [];
  if (size > MAX_TAGS) return [whole(start, size)];
  const bytes = await source.read(start, size);
  const found = placesIn(bytes, 0, bytes.length, false, 0);
  return found.map((patch) => ({ ...patch, offset: patch.offset + start }));
}

/** All of it as one element with nothing in it. */
function whole(offset: number, length: number): Patch {
  const head = Buffer.alloc(9);
  head.writeBigUInt64BE(BigInt(length - 9) | (1n << 56n), 1);
  head[0] = VOID;
  return { offset, length, head };
}

/** `told`: these are inside of a tag that names a place, so all their values go. */
function placesIn(bytes: Buffer, from: number, to: number, told: boolean, depth: number): Patch[] {
  const children = childrenOf(bytes, from, to);
  const name = children.find(({ id }) => id === TAG_NAME);
  const inPlace = told || (name !== undefined && PLACE.test(textOf(bytes, name)));
  const found = children.flatMap((child) => {
    const end = child.content + (child.size ?? 0);
    if (child.id === TAG || child.id === SIMPLE_TAG)
      return depth < DEEPEST ? placesIn(bytes, child.content, end, inPlace, depth + 1) : [];
    if (child.id !== TAG_STRING && child.id !== TAG_BINARY) return [];
    const tells = inPlace || POSITION.test(textOf(bytes, child));
    const empty = bytes.subarray(child.content, end).every((byte) => byte === 0);
    return tells && !empty
      ? [{ offset: child.content, length: end - child.content, head: Buffer.alloc(0) }]
      : [];
  });
  const checksum = children.find(({ id }) => id === CRC_32);
  return found.length > 0 && checksum ? [...found, voided(checksum)] : found;
}

function childrenOf(bytes: Buffer, from: number, to: number): Element[] {
  const found: Element[] = [];
  for (let at = from; at < to;) {
    const element = elementAt(bytes.subarray(at, at + 12), at);
    if (!element || element.size === null || element.content + element.size > to) break;
    found.push(element);
    at = element.content + element.size;
  }
  return found;
}

const textOf = (bytes: Buffer, { content, size }: Element): string =>
  bytes.toString('utf8', content, content + Math.min(size ?? 0, 256));

/** A checksum of four bytes becomes an element with nothing in it, of the same length. */
function voided({ offset, content, size }: Element): Patch {
  const length = content - offset + (size ?? 0);
  return { offset, length, head: Buffer.from([VOID, 0x80 | (length - 2)]) };
}
