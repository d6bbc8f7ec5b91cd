import { BLUR_SHARE, colourNumbers } from '../../../contract/photo-arithmetic.ts';
import {
  editedSize,
  mapped,
  sound,
  straighten,
  turnedSize,
  unturn,
} from '../../../contract/photo-geometry.ts';
import { changeInStrips } from '../../../contract/photo-pixels.ts';
import { keepsColours, wholeArea, type PhotoRecipe } from '../../../contract/photo-recipe.ts';
import { MediaError } from '../errors.ts';
import { ownBytes } from '../sharp-build.ts';
import type { Sharp } from '../sharp-build.ts';
import type { RawPixels } from './candidates.ts';
import { resampled } from './resample.ts';
import { withRoom } from './memory-gate.ts';
import { OPEN, decodeError, decodedBytes, readSource } from './source.ts';
import type { Source } from './source.ts';

/** bytes; deeper pixels that would take more are changed with 8 bits. */
const MAX_DEEP = 300 * 1024 * 1024;

type Deep = Uint8Array | Uint16Array;

interface Placed {
  data: Deep;
  width: number;
  height: number;
  channels: 3 | 4;
}

/**
 * A still picture changed as the recipe says: sRGB, 8 bits, at most `edge` px on its long edge. Pictures of 16 bits
 * are changed with 16, so that lifted shadows have no steps.
 */
export async function editedPixels(
  sharp: Sharp,
  source: Source,
  asked: PhotoRecipe,
  target: { edge: number; sharpen: boolean },
): Promise<RawPixels> {
  if (source.frames > 1) throw new MediaError('image-unsupported', { format: 'animated' });
  const recipe = sound(source, asked);
  const size = editedSize(source, recipe);
  const scale = Math.min(1, target.edge / Math.max(size.width, size.height));
  const placed = await (recipe.angle === 0 ? cut : straightened)(sharp, source, recipe, { ...target, scale });
  changeColours(placed, source, recipe, scale);
  const { width, height, channels } = placed;
  return { data: eightBits(placed.data), raw: { width, height, channels } };
}

/** As it will look, for showing: JPEG, or WebP with transparency, without metadata, at most `maxEdge` px. */
export async function renderEdited(
  sharp: Sharp,
  path: string,
  recipe: PhotoRecipe,
  maxEdge: number,
): Promise<Uint8Array> {
  const source = await readSource(sharp, path);
  const made = await withRoom(2 * decodedBytes(source), async () => {
    const { data, raw } = await editedPixels(sharp, source, recipe, { edge: maxEdge, sharpen: false });
    const pipeline = sharp(data, { raw, limitInputPixels: false });
    if (raw.channels === 4) return pipeline.webp({ quality: 90, effort: 2 }).toBuffer();
    return pipeline.jpeg({ quality: 92, chromaSubsampling: '4:4:4' }).toBuffer();
  }).catch((error: unknown) => {
    throw decodeError(error, source.mediaType);
  });
  return ownBytes(made);
}

interface Scaled {
  scale: number;
  sharpen: boolean;
}

const scaled = (length: number, scale: number): number => Math.max(1, Math.round(length * scale));

/** Without straightening, all of it is done by the decoder and the resizer. */
async function cut(sharp: Sharp, source: Source, recipe: PhotoRecipe, how: Scaled): Promise<Placed> {
  const box = uprightBox(source, recipe);
  const turn = recipe.turns % 2 === 1;
  const size = editedSize(source, recipe);
  const [width, height] = [scaled(size.width, how.scale), scaled(size.height, how.scale)];
  const pipeline = sharp(source.bytes, OPEN)
    .autoOrient()
    .extract(box)
    .resize(turn ? height : width, turn ? width : height, { fit: 'fill' });
  return read(pipeline, source, recipe, how);
}

/** The crop in px of the upright picture. */
function uprightBox(source: Source, recipe: PhotoRecipe) {
  const back = unturn(recipe);
  const { x, y, width, height } = recipe.crop;
  const [x1, y1] = mapped(back, x, y);
  const [x2, y2] = mapped(back, x + width, y + height);
  const span = (one: number, other: number, length: number) => {
    const start = Math.min(length - 1, Math.max(0, Math.round(Math.min(one, other) * length)));
    return {
      start,
      length: Math.max(1, Math.min(length, Math.round(Math.max(one, other) * length)) - start),
    };
  };
  const [across, down] = [span(x1, x2, source.width), span(y1, y2, source.height)];
  return { left: across.start, top: down.start, width: across.length, height: down.length };
}

/** The whole picture at the scale of the result, then the crop out of it, turned by the angle. */
async function straightened(sharp: Sharp, source: Source, recipe: PhotoRecipe, how: Scaled): Promise<Placed> {
  const pipeline = sharp(source.bytes, OPEN).autoOrient();
  pipeline.resize(scaled(source.width, how.scale), scaled(source.height, how.scale), { fit: 'fill' });
  const whole = await read(pipeline, source, { ...recipe, crop: wholeArea }, how);
  const size = editedSize(source, recipe);
  const [width, height] = [scaled(size.width, how.scale), scaled(size.height, how.scale)];
  const from = straighten(turnedSize(source, recipe.turns), recipe.angle, recipe.crop);
  return { ...whole, width, height, data: resampled(whole, from, width, height) };
}

type Pipeline = ReturnType<Sharp>;

/** Mirrors, turns (in this order, whatever they are called in) and decodes. */
async function read(pipeline: Pipeline, source: Source, recipe: PhotoRecipe, how: Scaled): Promise<Placed> {
  if (recipe.mirrored) pipeline.flop();
  if (recipe.turns !== 0) pipeline.rotate(recipe.turns * 90);
  if (how.sharpen && how.scale < 1) pipeline.sharpen();
  const pixels = source.width * source.height * how.scale ** 2;
  const deep = source.metadata.depth === 'ushort' && pixels * 4 * 2 <= MAX_DEEP;
  const opened = deep
    ? pipeline.toColourspace('rgb16').raw({ depth: 'ushort' })
    : pipeline.toColourspace('srgb').raw({ depth: 'uchar' });
  const { data: view, info } = await opened.toBuffer({ resolveWithObject: true });
  const bytes = ownBytes(view);
  const data = deep ? asSixteen(bytes) : bytes;
  const { width, height, channels } = info;
  return {
    data: channels < 3 ? coloured(data, channels) : data,
    width,
    height,
    channels: channels % 2 ? 3 : 4,
  };
}

function asSixteen(bytes: Buffer): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : Buffer.from(bytes);
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2);
}

/** Grey, and grey with transparency, as red, green and blue. */
function coloured(data: Deep, channels: number): Deep {
  const wide = channels + 2;
  const length = (data.length / channels) * wide;
  const result = data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  for (let from = 0, to = 0; from < data.length; from += channels, to += wide) {
    const grey = data[from] ?? 0;
    result[to] = grey;
    result[to + 1] = grey;
    result[to + 2] = grey;
    if (channels === 2) result[to + 3] = data[from + 1] ?? 0;
  }
  return result;
}

function changeColours(placed: Placed, source: Source, recipe: PhotoRecipe, scale: number): void {
  if (keepsColours(recipe)) return;
  const numbers = colourNumbers(recipe, placed.data instanceof Uint16Array ? 65_536 : 256);
  changeInStrips(placed, numbers, BLUR_SHARE * Math.max(source.width, source.height) * scale);
}

function eightBits(data: Deep): Buffer {
  if (!(data instanceof Uint16Array)) return Buffer.from(data.buffer, data.byteOffset, data.length);
  const result = Buffer.allocUnsafe(data.length);
  for (let at = 0; at < data.length; at += 1) result[at] = Math.round((data[at] ?? 0) / 257);
  return result;
}
