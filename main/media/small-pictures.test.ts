import { statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { photo, testMedia } from './testing/pictures.ts';

const pictures = testMedia();

describe('small ones', () => {
  test('thumbnails are made once for a source and an edge', async () => {
    const stored = await pictures.media.store.addFile(
      await pictures.file(
        'thumb.jpg',
        await sharp(await photo(1600, 900))
          .jpeg()
          .toBuffer(),
      ),
    );
    const first = await pictures.media.thumbnail(stored.sha256);
    expect(await sharp(first.path).metadata()).toMatchObject({ width: 640, height: 360 });
    expect(await pictures.media.thumbnail(stored.sha256)).toEqual(first);
    expect(await pictures.media.thumbnail(stored.path)).toEqual(first);
    expect((await pictures.media.thumbnail(stored.sha256, 100)).sha256).not.toBe(first.sha256);
    writeFileSync(first.path, '');
    expect(await pictures.media.thumbnail(stored.sha256)).toEqual(first);
    expect(statSync(first.path).size).toBe(first.bytes);
  });

  test('avatars are small squares, placeholders tiny', async () => {
    for (const channels of [3, 4] as const) {
      const path = await pictures.file(`a${channels}.png`, await photo(900, 500, channels));
      const avatar = await pictures.media.avatar(path);
      expect(await sharp(avatar.path).metadata()).toMatchObject({ width: 256, height: 256 });
      expect(avatar.bytes).toBeLessThanOrEqual(65_536);
      const { thumbhash, thumbnail } = await pictures.media.placeholder(path);
      expect(thumbhash.length).toBeLessThanOrEqual(40);
      expect(thumbnail).toMatch(/^data:image\/(webp|jpeg);base64,/);
      expect(thumbnail.length).toBeLessThanOrEqual(2048);
    }
  });

  test('an avatar is the part that was chosen, of the picture as it is shown', async () => {
    const path = fileURLToPath(new URL('../../tests/fixtures/turned-gps.jpg', import.meta.url));
    const colours = async (crop: { x: number; y: number; side: number }) => {
      const { channels } = await sharp((await pictures.media.avatar(path, 64, crop)).path).stats();
      return channels.slice(0, 3).map(({ mean }) => Math.round(mean / 64) * 64);
    };
    const upright = await sharp(path).autoOrient().toBuffer();
    const { width, height } = await sharp(upright).metadata();
    const side = Math.round(Math.min(width, height) / 4);
    const corners = [0, 1].flatMap((x) => [0, 1].map((y) => ({ x, y })));
    for (const { x, y } of corners) {
      const cut = { left: x * (width - side), top: y * (height - side), width: side, height: side };
      const { channels } = await sharp(await sharp(upright).extract(cut).toBuffer()).stats();
      const expected = channels.slice(0, 3).map(({ mean }) => Math.round(mean / 64) * 64);
      expect(await colours({ x, y, side: 0.25 }), `${x} ${y}`).toEqual(expected);
    }
  });
});
