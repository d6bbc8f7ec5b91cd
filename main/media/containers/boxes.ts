import type { ByteSource } from './source.ts';

/** A box of an ISO base media file (ISO 14496-12 section 4.2) or an atom of QuickTime. */
export interface Box {
  /** Four characters; `uuid` has its 16 bytes at the beginning of the content. */
  readonly type: string;
  /** Where it begins, its header included. */
  readonly offset: number;
  /** Bytes of the header: 8 or 16. */
  readonly header: number;
  /** Bytes of header and content. */
  readonly size: number;
}

/** What one says of itself; null where it can't be. `end`: where its container ends. */
function boxAt(head: Buffer, offset: number, end: number): Box | null {
  if (head.length < 8) return null;
  const type = head.toString('latin1', 4, 8);
  const small = head.readUInt32BE(0);
  if (small === 1 && head.length < 16) return null;
  const size = small === 0 ? end - offset : small === 1 ? Number(head.readBigUInt64BE(8)) : small;
  const header = small === 1 ? 16 : 8;
  return size < header || !Number.isSafeInteger(size) ? null : { type, offset, header, size };
}

/** More than any real file has. */
const MAX_BOXES = 10_000;

/** The boxes of a file. The last one may reach beyond its end; null where something is no box. */
export async function topBoxes(source: ByteSource): Promise<Box[] | null> {
  const found: Box[] = [];
  for (let at = 0; at < source.size && found.length < MAX_BOXES;) {
    const box = boxAt(await source.read(at, 16), at, source.size);
    if (!box) return null;
    found.push(box);
    at += box.size;
  }
  return found;
}

/** The boxes in a part of a buffer; what is none ends the list. */
export function boxesIn(bytes: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to && found.length < MAX_BOXES;) {
    const box = boxAt(bytes.subarray(at, Math.min(at + 16, to)), at, to);
    if (!box || at + box.size > to) break;
    found.push(box);
    at += box.size;
  }
  return found;
}

/** The boxes inside of one that has nothing but boxes. */
export const childrenOf = (bytes: Buffer, box: Box): Box[] =>
  boxesIn(bytes, box.offset + box.header, box.offset + box.size);

/** The content of a box. */
export const contentOf = (bytes: Buffer, box: Box): Buffer =>
  bytes.subarray(box.offset + box.header, box.offset + box.size);

/** The first box on a path of types, each inside the one before. */
export function boxOn(bytes: Buffer, box: Box, ...path: readonly string[]): Box | null {
  const [type, ...rest] = path;
  if (type === undefined) return box;
  const child = childrenOf(bytes, box).find((one) => one.type === type);
  return child ? boxOn(bytes, child, ...rest) : null;
}
