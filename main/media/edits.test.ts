import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BLUR_SHARE, colourNumbers } from '../../contract/photo-arithmetic.ts';
import { editedSize, mapped, sourceOf } from '../../contract/photo-geometry.ts';
import { changeInStrips } from '../../contract/photo-pixels.ts';
import { neutralRecipe, type PhotoRecipe } from '../../contract/photo-recipe.ts';
import { openMedia } from './index.ts';
import type { Media } from './index.ts';

let folder: string;
let media: Media;
let wasm: Media;
let scene: string;

const size = { width: 1200, height: 800 };
const recipe = (change: Partial<PhotoRecipe>): PhotoRecipe => ({ ...neutralRecipe, ...change });
const original = { quality: 'original', metadata: 'credit', sharpen: false } as const;
const area = { x: 0.1, y: 0.2, width: 0.5, height: 0.6 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postcard-edits-'));
  media = await openMedia({ folder: join(folder, 'files') });
  wasm = await openMedia({ folder: join(folder, 'wasm'), build: 'wasm' });
  scene = join(folder, 'scene.png');
  const { width, height } = size;
  await sharp(smooth(width, height), { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toFile(scene);
});

afterAll(async () => {
  await media.close();
  await wasm.close();
  await rm(folder, { recursive: true });
});

/** Every corner is another colour, and in between it is soft: where a pixel came from can be read off it. */
function smooth(width: number, height: number): Buffer {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      data[at++] = 20 + Math.round((200 * x) / width);
      data[at++] = 20 + Math.round((200 * y) / height);
      data[at++] = 128 + Math.round(60 * Math.sin(x / 40) * Math.cos(y / 30));
    }
  }
  return data;
}

async function pixelsOf(path: string, width?: number, height?: number) {
  const pipeline = sharp(readFileSync(path)).removeAlpha().toColourspace('srgb');
  if (width !== undefined && height !== undefined) pipeline.resize(width, height, { fit: 'fill' });
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels: 3 as const };
}

/** Mean and largest difference, in levels of 255. */
function difference(one: Uint8Array, other: Uint8Array): { mean: number; worst: number } {
  expect(one.length).toBe(other.length);
  let [sum, worst] = [0, 0];
  one.forEach((value, at) => {
    const off = Math.abs(value - (other[at] ?? 0));
    sum += off;
    worst = Math.max(worst, off);
  });
  return { mean: sum / one.length, worst };
}

const shapes: [string, Partial<PhotoRecipe>][] = [
  ...[0, 1, 2, 3].flatMap((turns) =>
    [false, true].map((mirrored): [string, Partial<PhotoRecipe>] => [
      `${turns} quarters${mirrored ? ', mirrored' : ''}`,
      { turns: turns as 0 | 1 | 2 | 3, mirrored, crop: area },
    ]),
  ),
  ['7.5°', { angle: 7.5, crop: { x: 0.2, y: 0.2, width: 0.6, height: 0.6 } }],
  [
    '-20°, a quarter, mirrored',
    { angle: -20, turns: 1, mirrored: true, crop: { ...area, x: 0.25, y: 0.25, height: 0.5 } },
  ],
];

describe('the full picture', () => {
  test.each(shapes)('takes each pixel from where the geometry says: %s', async (_name, change) => {
    for (const [one, edge] of [
      [media, 30_000],
      [wasm, 300],
    ] as const) {
      const asked = recipe(change);
      const file = await one.render(scene, asked, edge);
      const made = await pixelsOf(file.path);
      const whole = editedSize(size, asked);
      if (edge > 1200) expect(made).toMatchObject(whole);
      expect(made.width / made.height).toBeCloseTo(whole.width / whole.height, 1);
      const from = sourceOf(size, asked);
      for (const [u, v] of [
        [0.1, 0.1],
        [0.9, 0.1],
        [0.5, 0.5],
        [0.1, 0.9],
        [0.9, 0.9],
      ] as const) {
        const [x, y] = mapped(from, u, v);
        const at = (Math.floor(v * made.height) * made.width + Math.floor(u * made.width)) * 3;
        expect(Math.abs((made.data[at] ?? 0) - (20 + 200 * x)), `x at ${u} ${v}`).toBeLessThan(5);
        expect(Math.abs((made.data[at + 1] ?? 0) - (20 + 200 * y)), `y at ${u} ${v}`).toBeLessThan(5);
      }
    }
  });

  test('looks like the preview: a mean difference under 1.5 of 255 levels', async () => {
    const asked = recipe({
      brightness: 30,
      contrast: 40,
      shadows: 50,
      highlights: -40,
      saturation: 30,
      warmth: 35,
      sharpness: 60,
      whites: 10,
      blacks: -10,
    });
    // The page: a proxy, the same numbers, its blur at the proxy's scale.
    const proxy = await pixelsOf(scene, 600, 400);
    changeInStrips(proxy, colourNumbers(asked), BLUR_SHARE * 600);
    for (const one of [media, wasm]) {
      const full = await pixelsOf((await one.render(scene, asked, 30_000)).path, 600, 400);
      expect(difference(proxy.data, full.data).mean).toBeLessThan(1.5);
    }
  });

  test('is sent at each quality, cut, and with no more bytes than were chosen', async () => {
    const asked = recipe({ angle: 3, crop: { x: 0.1, y: 0.1, width: 0.8, height: 0.8 }, contrast: 20 });
    const sent = await media.encode(scene, { ...original, recipe: asked });
    expect(sent).toMatchObject({ width: 960, height: 640, unchanged: false, mediaType: 'image/jpeg' });
    expect(sent.bytes).toBeLessThanOrEqual(readFileSync(scene).length);
    const large = join(folder, 'large.jpg');
    await sharp(scene).resize(5000, 3000, { fit: 'fill' }).jpeg().toFile(large);
    const standard = await media.encode(large, {
      ...original,
      quality: 'standard',
      sharpen: true,
      recipe: asked,
    });
    expect(standard).toMatchObject({ width: 2048, height: 1229 });
    // A recipe that changes nothing leaves every byte.
    expect(await media.encode(large, { ...original, recipe: neutralRecipe })).toMatchObject({
      unchanged: true,
    });
  });

  test('16 bits are changed with 16, grey and transparency stay sound', async () => {
    const { width, height } = size;
    // 64 dark steps that 8 bits can't tell from each other.
    const deep = new Uint16Array(width * height * 3).map((_, i) => 2000 + (Math.floor(i / 3) % width) * 2);
    const path = join(folder, 'deep.png');
    await sharp(Buffer.from(deep.buffer), { raw: { width, height, channels: 3, depth: 'ushort' } as never })
      .toColourspace('rgb16')
      .png()
      .toFile(path);
    expect((await sharp(path).metadata()).depth).toBe('ushort');
    const lifted = await pixelsOf(
      (await media.render(path, recipe({ shadows: 100, brightness: 100 }), 30_000)).path,
    );
    expect(new Set(lifted.data.filter((_, i) => i % 3 === 0)).size).toBeGreaterThan(14);
    const grey = join(folder, 'grey.png');
    await sharp(scene).greyscale().toColourspace('b-w').png().toFile(grey);
    expect(
      await pixelsOf((await media.render(grey, recipe({ turns: 1, contrast: 20 }), 30_000)).path),
    ).toMatchObject({ width: 800, height: 1200 });
    const clear = join(folder, 'clear.png');
    await sharp({
      create: { width: 60, height: 40, channels: 4, background: { r: 200, g: 0, b: 0, alpha: 0.5 } },
    })
      .png()
      .toFile(clear);
    const file = await media.render(
      clear,
      recipe({ angle: 10, crop: { x: 0.2, y: 0.2, width: 0.6, height: 0.6 }, saturation: -50 }),
      640,
    );
    const { data } = await sharp(file.path).raw().toBuffer({ resolveWithObject: true });
    expect(Math.abs((data[3] ?? 0) - 128)).toBeLessThan(3);
  });

  test('what moves can’t be changed, and a cut asked for outside is made to fit', async () => {
    const moving = new URL('../../tests/fixtures/three-frames.gif', import.meta.url).pathname;
    await expect(media.render(moving, recipe({ contrast: 10 }), 640)).rejects.toMatchObject({
      code: 'image-unsupported',
    });
    const wild = recipe({ angle: 45, crop: { x: 0.9, y: 0.9, width: 1, height: 0.001 } });
    expect((await media.render(scene, wild, 640)).bytes).toBeGreaterThan(0);
  });
});
