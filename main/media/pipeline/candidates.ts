import type { Sharp as Pipeline, SharpOptions } from 'sharp';
import { ownBytes } from '../sharp-build.ts';
import type { Sharp } from '../sharp-build.ts';
import { MAX_DECODED_ANIMATION } from './limits.ts';
import { OPEN } from './source.ts';
import type { Source } from './source.ts';

export interface Encoding {
  data: Uint8Array;
  mediaType: string;
  /** px, as shown. */
  width: number;
  height: number;
}

export interface Target {
  /** px of the long edge. */
  edge: number;
  /** 1 to 100, of JPEG and WebP alike. */
  quality: number;
  /** bytes the result may have at most. */
  room: number;
  /** Try lower qualities too, because the input can't be sent instead. */
  patient: boolean;
  /** Sharpens mildly where the picture becomes smaller. */
  sharpen: boolean;
}

/** Steps below the quality asked for; pictures that need them were small for their pixels before. */
const LOWER = [90, 86, 70, 50, 30, 15, 6, 2];
/** A graphic has no more colours than a palette; photos pass it within their first lines. */
const FEW_COLOURS = 256;

/**
 * The picture upright, fitted into `edge`, in sRGB with 8 bits, as JPEG, WebP or PNG, in at most `room` bytes.
 * Null when none of them is small enough. The source is decoded once, further tries start from its pixels.
 */
export async function smallestEncoding(
  sharp: Sharp,
  source: Source,
  target: Target,
): Promise<Encoding | null> {
  if (source.frames > 1) return animated(sharp, source, target);
  const opaque = !source.metadata.hasAlpha;
  const pipeline = fit(sharp, source, target, {});
  const lossless = mayBeGraphic(source);
  // A photo in JPEG has one try nearly always: it goes straight from the decoder into the encoder.
  if (!lossless) {
    const direct = await finish(lossy(pipeline.clone(), opaque, target.quality), source, opaque);
    if (direct.data.length <= target.room) return direct;
    if (!target.patient) return null;
  }
  const { data: view, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  const data = ownBytes(view);
  const raw = { width: info.width, height: info.height, channels: info.channels };
  return tryAll(sharp, { data, raw, source, opaque, lossless, tried: !lossless }, target);
}

/** As `smallestEncoding`, of pixels that were made from the source. */
export const encodePixels = (
  sharp: Sharp,
  source: Source,
  pixels: RawPixels,
  target: Target,
): Promise<Encoding | null> =>
  tryAll(
    sharp,
    { ...pixels, source, opaque: !source.metadata.hasAlpha, lossless: mayBeGraphic(source), tried: false },
    target,
  );

/** sRGB with 8 bits. */
export interface RawPixels {
  data: Buffer;
  raw: { width: number; height: number; channels: 1 | 2 | 3 | 4 };
}

interface Pixels extends RawPixels {
  source: Source;
  opaque: boolean;
  lossless: boolean;
  /** The quality asked for was too big already. */
  tried: boolean;
}

async function tryAll(sharp: Sharp, pixels: Pixels, target: Target): Promise<Encoding | null> {
  const { data, raw, source } = pixels;
  const opaque = pixels.opaque || isOpaque(data, raw.channels);
  const open = () => {
    const pipeline = sharp(data, { raw, limitInputPixels: false });
    return opaque ? pipeline.removeAlpha() : pipeline;
  };
  let best: Encoding | null = null;
  const take = (encoding: Encoding) => {
    if (encoding.data.length <= (best?.data.length ?? target.room)) best = encoding;
  };
  const takeLossy = async (quality: number) =>
    take(await finish(lossy(open(), opaque, quality), source, opaque));
  const takePng = async () => take(await finish(graphic(open()), source, opaque, 'image/png'));
  const few = pixels.lossless && hasFewColours(data, raw.channels);
  if (!pixels.tried) await takeLossy(target.quality);
  if (few) await takePng();
  if (best || !target.patient) return best;
  for (const quality of LOWER.filter((lower) => lower < target.quality)) {
    await takeLossy(quality);
    if (best) return best;
  }
  if (!few) await takePng();
  return best;
}

/** Upright, never enlarged, in sRGB: sharp converts by the embedded profile unless told to keep it. */
function fit(
  sharp: Sharp,
  source: Source,
  { edge, sharpen }: Pick<Target, 'edge' | 'sharpen'>,
  options: SharpOptions,
): Pipeline {
  const pipeline = sharp(source.bytes, { ...OPEN, ...options }).autoOrient();
  if (Math.max(source.width, source.height) > edge) {
    pipeline.resize(edge, edge, { fit: 'inside', withoutEnlargement: true });
    if (sharpen) pipeline.sharpen();
  }
  return pipeline.toColourspace('srgb');
}

function lossy(pipeline: Pipeline, opaque: boolean, quality: number): Pipeline {
  // 4:4:4 from 90 on is sharp's own rule for "original" quality; below it the eye does not see the difference.
  if (opaque) return pipeline.jpeg({ quality, chromaSubsampling: quality >= 90 ? '4:4:4' : '4:2:0' });
  return pipeline.webp({ quality, alphaQuality: 100, effort: 4 });
}

function graphic(pipeline: Pipeline): Pipeline {
  return pipeline.png({ compressionLevel: 9, adaptiveFiltering: false });
}

async function finish(
  pipeline: Pipeline,
  source: Source,
  opaque: boolean,
  mediaType = opaque ? 'image/jpeg' : 'image/webp',
): Promise<Encoding> {
  const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
  const height = source.frames > 1 ? (info.pageHeight ?? info.height) : info.height;
  return { data: ownBytes(data), mediaType, width: info.width, height };
}

/** Every frame resized, as animated WebP; very long ones are not, since all frames are in memory at once. */
async function animated(sharp: Sharp, source: Source, target: Target): Promise<Encoding | null> {
  if (source.frames * source.width * source.height > MAX_DECODED_ANIMATION) return null;
  // Frames lie one above the other: sharpening would mix their borders.
  const pipeline = fit(sharp, source, { edge: target.edge, sharpen: false }, { pages: -1 });
  const encoding = await finish(pipeline.webp({ quality: target.quality, effort: 4 }), source, false);
  return encoding.data.length <= target.room ? encoding : null;
}

/** Formats screenshots and drawings come in. */
function mayBeGraphic(source: Source): boolean {
  return ['image/png', 'image/gif', 'image/tiff', 'image/webp'].includes(source.mediaType);
}

/** Screenshots often carry an alpha channel that hides nothing. */
function isOpaque(data: Buffer, channels: number): boolean {
  if (channels !== 4) return channels !== 2;
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 255) return false;
  return true;
}

function hasFewColours(data: Buffer, channels: number): boolean {
  const seen = new Set<number>();
  for (let at = 0; at + channels <= data.length; at += channels) {
    let colour = 0;
    for (let part = 0; part < channels; part += 1) colour = colour * 256 + (data[at + part] ?? 0);
    seen.add(colour);
    if (seen.size > FEW_COLOURS) return false;
  }
  return true;
}
