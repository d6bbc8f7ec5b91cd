// Renders the bundled sticker packs: resources/stickers/PACK/*.svg, in the order of its pack.json, become WebP of
// 512 × 512 px with a white border, and manifest.json says what they are. Run it after changing a drawing:
//   node scripts/stickers.mjs [--sheet FOLDER]
// With --sheet it also writes how each pack looks on light and on dark.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { withOutline } from '../renderer/features/stickers/outline.ts';

const EDGE = 512;
/** px of the border. */
const BORDER = 13;
const root = join(import.meta.dirname, '..', 'resources', 'stickers');

async function render(svg) {
  // Drawn larger and scaled down: its edges become finer than the renderer's own.
  const drawn = await sharp(svg, { density: 144 }).resize(EDGE, EDGE).ensureAlpha().raw().toBuffer();
  const pixels = withOutline(new Uint8ClampedArray(drawn), EDGE, BORDER);
  const raw = { raw: { width: EDGE, height: EDGE, channels: 4 } };
  return sharp(Buffer.from(pixels.buffer), raw).webp({ quality: 88, alphaQuality: 95, effort: 6 }).toBuffer();
}

async function sheet(files, file) {
  const [cell, across] = [150, 7];
  const rows = Math.ceil(files.length / across);
  const size = { width: cell * across, height: cell * rows * 2, channels: 3 };
  const dark = { create: { width: size.width, height: cell * rows, channels: 3, background: '#211f1e' } };
  const layers = [{ input: await sharp(dark).png().toBuffer(), left: 0, top: cell * rows }];
  for (const [at, data] of files.entries()) {
    const input = await sharp(data)
      .resize(cell - 10)
      .png()
      .toBuffer();
    const [left, top] = [(at % across) * cell + 5, Math.floor(at / across) * cell + 5];
    layers.push({ input, left, top }, { input, left, top: top + cell * rows });
  }
  await sharp({ create: { ...size, background: '#ffffff' } })
    .composite(layers)
    .png()
    .toFile(file);
}

const sheets = process.argv.indexOf('--sheet');
for (const pack of readdirSync(root)) {
  const folder = join(root, pack);
  const { name, summary, stickers } = JSON.parse(readFileSync(join(folder, 'pack.json'), 'utf8'));
  const rendered = [];
  for (const { file, emoji, description } of stickers) {
    const data = await render(readFileSync(join(folder, `${file}.svg`)));
    writeFileSync(join(folder, `${file}.webp`), data);
    const sha256 = createHash('sha256').update(data).digest('hex');
    rendered.push({ data, entry: { file: `${file}.webp`, emoji, description, bytes: data.length, sha256 } });
  }
  const manifest = { key: pack, name, summary, stickers: rendered.map(({ entry }) => entry) };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const bytes = rendered.reduce((sum, { data }) => sum + data.length, 0);
  console.log(`${pack}: ${rendered.length} stickers, ${Math.round(bytes / 1000)} kB`);
  if (sheets > 0)
    await sheet(
      rendered.map(({ data }) => data),
      join(process.argv[sheets + 1] ?? '.', `${pack}.png`),
    );
}
