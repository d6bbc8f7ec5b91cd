import { memorySource, type ByteSource } from './source.ts';
import type { ContainerFacts } from './types.ts';

// Ids of RFC 9559 (Matroska), of which WebM is a part.
export const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TRACKS = 0x1654ae6b;
export const CLUSTER = 0x1f43b675;
const SEEK_HEAD = 0x114d9b74;
const SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const TRACK_ENTRY = 0xae;
const TRACK_TYPE = 0x83;
const VIDEO = 0xe0;
const WIDTH = 0xb0;
const HEIGHT = 0xba;
/** What is gone into; everything else is passed over. */
const ENTERED: ReadonlySet<number> = new Set([
  SEGMENT,
  INFO,
  TRACKS,
  CLUSTER,
  BLOCK_GROUP,
  TRACK_ENTRY,
  VIDEO,
]);
const VALUES: ReadonlySet<number> = new Set([SCALE, DURATION, TIMESTAMP, TRACK_TYPE, WIDTH, HEIGHT]);
/** Hours of film in blocks of 20 ms. */
const MAX_ELEMENTS = 2_000_000;

/** An element of EBML (RFC 8794). */
export interface Element {
  readonly id: number;
  readonly offset: number;
  /** Where its content begins. */
  readonly content: number;
  /** Bytes of the content; null when it is not told (live recordings). */
  readonly size: number | null;
}

/** An element's id or size (RFC 8794 section 4); null where there is none. */
function variable(bytes: Buffer, at: number, keepMarker: boolean): { value: number; width: number } | null {
  const first = bytes[at] ?? 0;
  const width = Math.clz32(first) - 23;
  if (first === 0 || width > 8 || at + width > bytes.length) return null;
  let value = keepMarker ? first : first & (0xff >> width);
  let ones = value === 0xff >> width;
  for (let n = 1; n < width; n += 1) {
    const byte = bytes[at + n] ?? 0;
    ones &&= byte === 0xff;
    value = value * 256 + byte;
  }
  return { value: ones && !keepMarker ? -1 : value, width };
}

/** The element that these bytes begin with, at `offset` of its file; null where there is none. */
export function elementAt(bytes: Buffer, offset: number): Element | null {
  const id = variable(bytes, 0, true);
  const size = id && variable(bytes, id.width, false);
  if (!id || !size) return null;
  return {
    id: id.value,
    offset,
    content: offset + id.width + size.width,
    size: size.value < 0 ? null : size.value,
  };
}

interface Walk {
  scale: number;
  duration: number | null;
  cluster: number;
  /** Of the last two blocks, in units of the scale. */
  last: number;
  before: number;
  picture: boolean;
  sound: boolean;
  width: number | null;
  height: number | null;
  cut: boolean;
}

/** What a WebM or Matroska file says of itself, or its last block; null for one that is damaged or cut short. */
export async function readWebm(source: ByteSource): Promise<ContainerFacts | null> {
  const walk: Walk = {
    ...{ scale: 1_000_000, duration: null, cluster: 0, last: 0, before: 0 },
    ...{ picture: false, sound: false, width: null, height: null, cut: false },
  };
  await through(source, walk);
  if (walk.cut || (!walk.picture && !walk.sound)) return null;
  const units = walk.duration ?? (walk.last > 0 ? walk.last + Math.max(0, walk.last - walk.before) : 0);
  const durationMs = Math.round((units * walk.scale) / 1_000_000);
  const { picture: hasPicture, width, height } = walk;
  return { hasPicture, durationMs: durationMs > 0 ? durationMs : null, width, height };
}

/** One element after the other: to its content where that is known, else past it. */
async function through(source: ByteSource, walk: Walk): Promise<void> {
  let at = 0;
  for (let n = 0; at < source.size && n < MAX_ELEMENTS; n += 1) {
    const element = elementAt(await source.read(at, 12), at);
    if (!element) return void (walk.cut ||= !walk.last && walk.duration === null);
    const { id, content, size } = element;
    const end = content + (size ?? 0);
    if (size !== null && end > source.size) walk.cut = true;
    if (VALUES.has(id) && size !== null && size <= 8) take(walk, id, await source.read(content, size));
    else if (id === SIMPLE_BLOCK || id === BLOCK) noteBlock(walk, await source.read(content, 12));
    // What it says is enough: the clusters need not be read.
    if (id === CLUSTER && walk.duration !== null && size !== null) at = end;
    else if (id === CLUSTER && walk.duration !== null) return;
    else at = ENTERED.has(id) ? content : end;
    if (size === null && !ENTERED.has(id)) return void (walk.cut = true);
  }
}

function noteBlock(walk: Walk, head: Buffer): void {
  const track = variable(head, 0, false);
  if (!track || head.length < track.width + 2) return;
  const time = walk.cluster + head.readInt16BE(track.width);
  if (time <= walk.last) return;
  walk.before = walk.last;
  walk.last = time;
}

function take(walk: Walk, id: number, content: Buffer): void {
  if (id === DURATION) {
    const value =
      content.length === 4 ? content.readFloatBE(0) : content.length === 8 ? content.readDoubleBE(0) : 0;
    if (Number.isFinite(value) && value > 0) walk.duration = value;
    return;
  }
  const value = content.reduce((sum, byte) => sum * 256 + byte, 0);
  if (id === SCALE && value > 0) walk.scale = value;
  if (id === TIMESTAMP) walk.cluster = value;
  if (id === TRACK_TYPE) {
    walk.picture ||= value === 1;
    walk.sound ||= value === 2;
  }
  if (id === WIDTH) walk.width = value;
  if (id === HEIGHT) walk.height = value;
}

/**
 * A recording of a browser with the duration it lacks, so that players show its length and go to places in it. Null
 * where it has one, or where others of its bytes say where something is and would have to change.
 */
export async function withDuration(bytes: Buffer): Promise<Buffer | null> {
  const facts = await readWebm(memorySource(bytes));
  const [info, movable] = findInfo(bytes);
  if (!facts?.durationMs || !info || info.size === null || !movable) return null;
  const content = bytes.subarray(info.content, info.content + info.size);
  const scale = scaleOf(content);
  if (scale === null) return null;
  const duration = Buffer.from('448988ffffffffffffffff', 'hex');
  duration.writeDoubleBE((facts.durationMs * 1_000_000) / scale, 3);
  const header = Buffer.from('1549a9660100000000000000', 'hex');
  header.writeUInt32BE(content.length + duration.length, 8);
  return Buffer.concat([
    bytes.subarray(0, info.offset),
    header,
    content,
    duration,
    bytes.subarray(info.content + info.size),
  ]);
}

/** Its index of places can be left out, and a segment of unknown size grows by itself. */
function findInfo(bytes: Buffer): [info: Element | null, movable: boolean] {
  let movable = false;
  for (let at = 0; at < bytes.length;) {
    const element = elementAt(bytes.subarray(at, at + 12), at);
    if (!element || element.id === SEEK_HEAD || element.id === CLUSTER) break;
    if (element.id === INFO) return [element, movable];
    if (element.id === SEGMENT) movable = element.size === null;
    at = element.id === SEGMENT ? element.content : element.content + (element.size ?? bytes.length);
  }
  return [null, false];
}

/** Null where a duration is there. */
function scaleOf(info: Buffer): number | null {
  let scale = 1_000_000;
  for (let at = 0; at < info.length;) {
    const element = elementAt(info.subarray(at, at + 12), at);
    if (!element || element.size === null || element.id === DURATION) return null;
    if (element.id === SCALE) scale = info.readUIntBE(element.content, Math.min(element.size, 6));
    at = element.content + element.size;
  }
  return scale;
}
