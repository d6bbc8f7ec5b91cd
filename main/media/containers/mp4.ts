import { boxOn, boxesIn, childrenOf, contentOf, topBoxes, type Box } from './boxes.ts';
import type { ByteSource } from './source.ts';
import type { ContainerFacts } from './types.ts';

/** Bytes: the index of hours of film has a few MB. */
const MAX_INDEX = 64_000_000;

/** The index of a film, and what stands around it. */
export interface Film {
  readonly top: readonly Box[];
  readonly moov: Box;
  /** The whole box; its own boxes have offsets within it. */
  readonly bytes: Buffer;
}

/** Null where there is no whole film: no index, one that is too large, or a file that ends too early. */
export async function openFilm(source: ByteSource): Promise<Film | null> {
  const top = await topBoxes(source);
  const moov = top?.find(({ type }) => type === 'moov');
  const last = top?.at(-1);
  if (!top || !moov || !last || last.offset + last.size > source.size || moov.size > MAX_INDEX) return null;
  const bytes = await source.read(moov.offset, moov.size);
  return bytes.length === moov.size ? { top, moov, bytes } : null;
}

export interface Track {
  readonly box: Box;
  /** `vide`, `soun`, `meta`, … */
  readonly handler: string;
  /** Of the first sample entry: `avc1`, `mebx`, … */
  readonly format: string;
}

/** Tracks of a film, offsets within its index. */
export function tracksOf(bytes: Buffer): Track[] {
  const whole = boxesIn(bytes, 0, bytes.length)[0];
  if (!whole) return [];
  return childrenOf(bytes, whole).flatMap((box) => {
    if (box.type !== 'trak') return [];
    const hdlr = boxOn(bytes, box, 'mdia', 'hdlr');
    const stsd = boxOn(bytes, box, 'mdia', 'minf', 'stbl', 'stsd');
    const handler = hdlr ? contentOf(bytes, hdlr).toString('latin1', 8, 12) : '';
    return [{ box, handler, format: stsd ? contentOf(bytes, stsd).toString('latin1', 12, 16) : '' }];
  });
}

/** What an MP4 or QuickTime file says of itself; null for one that is damaged or cut short. */
export async function readMp4(source: ByteSource): Promise<ContainerFacts | null> {
  const film = await openFilm(source);
  if (!film) return null;
  const tracks = tracksOf(film.bytes);
  const picture = tracks.find(({ handler }) => handler === 'vide');
  if (!picture && !tracks.some(({ handler }) => handler === 'soun')) return null;
  return {
    hasPicture: picture !== undefined,
    durationMs: durationOf(film.bytes),
    ...(picture ? sizeOf(film.bytes, picture.box) : { width: null, height: null }),
  };
}

/** Fragmented films have it in `mvex/mehd` (section 8.8.2), or nowhere. */
function durationOf(bytes: Buffer): number | null {
  const [whole] = boxesIn(bytes, 0, bytes.length);
  const mvhd = whole && boxOn(bytes, whole, 'mvhd');
  const header = mvhd && contentOf(bytes, mvhd);
  if (!whole || !header || header.length < 20) return null;
  const long = header[0] === 1;
  if (long && header.length < 32) return null;
  const scale = header.readUInt32BE(long ? 20 : 12);
  const mehd = boxOn(bytes, whole, 'mvex', 'mehd');
  const units =
    (long ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16)) || fragments(bytes, mehd);
  return scale === 0 || units === 0 || units === 0xffffffff ? null : Math.round((units / scale) * 1000);
}

function fragments(bytes: Buffer, mehd: Box | null): number {
  const content = mehd && contentOf(bytes, mehd);
  if (!content || content.length < 8) return 0;
  if (content[0] !== 1) return content.readUInt32BE(4);
  return content.length < 12 ? 0 : Number(content.readBigUInt64BE(4));
}

/** px as shown: the track's own size, turned by its matrix (section 8.3.2). */
function sizeOf(bytes: Buffer, track: Box): { width: number | null; height: number | null } {
  const tkhd = boxOn(bytes, track, 'tkhd');
  const header = tkhd && contentOf(bytes, tkhd);
  const matrix = header?.[0] === 1 ? 52 : 40;
  if (!header || header.length < matrix + 44) return { width: null, height: null };
  const width = header.readUInt32BE(matrix + 36) >>> 16;
  const height = header.readUInt32BE(matrix + 40) >>> 16;
  if (width === 0 || height === 0) return { width: null, height: null };
  const turned = header.readInt32BE(matrix) === 0 && header.readInt32BE(matrix + 4) !== 0;
  return turned ? { width: height, height: width } : { width, height };
}
