import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { pngChunk } from './metadata/png.ts';
import type { MediaError } from './index.ts';
import { photo, standard, testMedia } from './testing/pictures.ts';

const pictures = testMedia();

/** Everything that decodes a picture somebody has chosen or sent; Original is what was inspected before, as it is. */
const ways = {
  inspect: (path: string) => pictures.media.inspect(path),
  encode: (path: string) => pictures.media.encode(path, standard()),
  thumbnail: (path: string) => pictures.media.thumbnail(path),
  placeholder: (path: string) => pictures.media.placeholder(path),
  avatar: (path: string) => pictures.media.avatar(path),
  sticker: (path: string) => pictures.media.sticker(path, 320, 65_536),
};

/** The code each way refuses with; fails when one takes the picture. */
async function refusals(name: string, bytes: Uint8Array): Promise<Set<string>> {
  const path = await pictures.file(name, bytes);
  const codes = await Promise.all(
    Object.entries(ways).map(([way, run]) =>
      run(path).then(
        () => `${way} took it`,
        (error: MediaError) => error.code,
      ),
    ),
  );
  return new Set(codes);
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

function png(width: number, height: number, pixels: Uint8Array): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0], 8);
  const data = deflateSync(pixels);
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', data),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A GIF of so many frames of one pixel each (GIF89a sections 18 to 27). */
function gif(frames: number): Buffer {
  const head = Buffer.from('GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff', 'latin1');
  const frame = Buffer.from('\x21\xf9\x04\0\x02\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0', 'latin1');
  return Buffer.concat([head, ...Array<Buffer>(frames).fill(frame), Buffer.from(';')]);
}

/** A JPEG with this as its EXIF (APP1) right after its beginning. */
const withExif = (jpeg: Buffer, tiff: Buffer) => {
  const content = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const size = Buffer.alloc(2);
  size.writeUInt16BE(content.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.from([0xff, 0xe1]), size, content, jpeg.subarray(2)]);
};

describe('what no computer should be asked to decode', () => {
  test('65,000 px in a row, as PNG and as JPEG', async () => {
    expect(await refusals('wide.png', png(65_000, 4, Buffer.alloc(4 * 65_001)))).toEqual(
      new Set(['image-too-large']),
    );
    const flat = { create: { width: 65_000, height: 8, channels: 3 as const, background: '#888' } };
    expect(await refusals('wide.jpg', await sharp(flat).jpeg().toBuffer())).toEqual(
      new Set(['image-too-large']),
    );
  });

  test('10,000 frames', async () => {
    expect(await refusals('frames.gif', gif(10_000))).toEqual(new Set(['image-too-large']));
  });

  test('a handful of bytes that unpack to far more rows than were announced', async () => {
    const path = await pictures.file('rows.png', png(64, 64, Buffer.alloc(1 << 26)));
    // What is more than was announced is not decoded: it is a picture of 64 × 64.
    expect(await pictures.media.inspect(path)).toMatchObject({ width: 64, height: 64 });
  });
});

describe('what is broken', () => {
  test('nothing at all, an animation without frames, a picture without size', async () => {
    expect(await refusals('zero.jpg', Buffer.alloc(0))).toEqual(new Set(['image-broken']));
    expect(await refusals('none.gif', gif(0))).toEqual(new Set(['image-broken']));
    expect(await refusals('sizeless.png', png(0, 0, Buffer.alloc(0)))).toEqual(new Set(['image-broken']));
  });

  test('a PNG whose pixels were damaged on the way', async () => {
    const whole = Buffer.from(await photo(300, 200));
    const data = whole.indexOf('IDAT') + 40;
    whole.fill(0xaa, data, data + 64);
    expect(await refusals('damaged.png', whole)).toEqual(new Set(['image-broken']));
  });

  test('a checksum that is right about nonsense', async () => {
    const nonsense = Buffer.from('not deflated at all');
    const header = Buffer.alloc(13);
    header.writeUInt32BE(8, 0);
    header.writeUInt32BE(8, 4);
    header.set([8, 0], 8);
    const bytes = [
      signature,
      pngChunk('IHDR', header),
      pngChunk('IDAT', nonsense),
      pngChunk('IEND', Buffer.alloc(0)),
    ];
    expect(await refusals('nonsense.png', Buffer.concat(bytes))).toEqual(new Set(['image-broken']));
  });
});

describe('what calls itself something else', () => {
  test.each([
    ['png', 'a.jpg'],
    ['jpeg', 'a.png'],
    ['webp', 'a.gif'],
    ['gif', 'a.webp'],
  ] as const)('a %s named %s is what its bytes say', async (kind, name) => {
    const bytes = await sharp(await photo(80, 60))
      .toFormat(kind)
      .toBuffer();
    const path = await pictures.file(name, bytes);
    expect(await pictures.media.inspect(path)).toMatchObject({ mediaType: `image/${kind}`, width: 80 });
  });

  test('a page or an archive behind a photo does not travel with it', async () => {
    const jpeg = await sharp(await photo(900, 600))
      .jpeg()
      .toBuffer();
    const page = Buffer.from('<html><script>alert(1)</script></html>');
    const archive = Buffer.from('PK\x03\x04\x14\0\0\0\0\0secret.txt', 'latin1');
    const path = await pictures.file('polyglot.jpg', Buffer.concat([jpeg, page, archive]));
    expect(await pictures.media.inspect(path)).toMatchObject({ mediaType: 'image/jpeg', width: 900 });
    for (const quality of ['standard', 'high', 'original'] as const) {
      const sent = await pictures.media.encode(path, standard('credit', quality));
      const bytes = readFileSync(sent.file.path);
      expect(sent.mediaType).toMatch(/^image\//);
      expect(bytes.includes('<script>') || bytes.includes('secret.txt'), quality).toBe(false);
    }
  });

  test('a page that begins like a GIF is no picture', async () => {
    const page = Buffer.from('GIF89a/*<script>*/=1;alert(1)</script>');
    expect([...(await refusals('page.gif', page))]).not.toContain(expect.stringContaining('took'));
  });
});

describe('broken EXIF', () => {
  const ifd = (...entries: Buffer[]) => {
    const count = Buffer.alloc(2);
    count.writeUInt16LE(entries.length);
    return Buffer.concat([Buffer.from('II*\0\x08\0\0\0', 'latin1'), count, ...entries]);
  };
  const entry = (tag: number, type: number, count: number, value: number) => {
    const bytes = Buffer.alloc(12);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(type, 2);
    bytes.writeUInt32LE(count, 4);
    bytes.writeUInt32LE(value, 8);
    return bytes;
  };
  test.each([
    ['cut in the middle', ifd(entry(0x0112, 3, 1, 6)).subarray(0, 13)],
    ['of nothing but noise', Buffer.from(Array.from({ length: 400 }, (_, n) => (n * 151) % 256))],
    ['an orientation that there is not', ifd(entry(0x0112, 3, 1, 99), Buffer.alloc(4))],
    ['a directory that leads to itself', ifd(entry(0x8825, 4, 1, 8), Buffer.from([8, 0, 0, 0]))],
    ['a value far behind its end', ifd(entry(0x010f, 2, 0xff_ff_ff, 0x7f_ff_ff_ff), Buffer.alloc(4))],
    [
      'more entries than it has',
      Buffer.concat([Buffer.from('MM\0*\0\0\0\x08', 'latin1'), Buffer.from([255, 255])]),
    ],
  ])('%s: the photo is sent, without it', async (what, tiff) => {
    const jpeg = await sharp(await photo(400, 300))
      .jpeg()
      .toBuffer();
    const path = await pictures.file('exif.jpg', withExif(jpeg, tiff));
    expect(await pictures.media.inspect(path), what).toMatchObject({ width: 400, height: 300 });
    for (const quality of ['standard', 'original'] as const) {
      const sent = await pictures.media.encode(path, standard('all-but-location', quality));
      const bytes = readFileSync(sent.file.path);
      expect(await pictures.media.inspect(sent.file.path)).toMatchObject({ width: 400, hasLocation: false });
      expect((await sharp(bytes).metadata()).orientation ?? 1).toBeLessThanOrEqual(8);
    }
  });
});
