import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { measureContainer, placePatches } from './facts.ts';
import { patched } from './patched.ts';
import { withDuration } from './webm.ts';

const folder = await mkdtemp(join(tmpdir(), 'postcard-containers-'));
afterAll(() => rm(folder, { recursive: true }));

const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, n) => bytes.writeUInt32BE(value >>> 0, n * 4));
  return bytes;
};
const latin = (text: string) => Buffer.from(text, 'latin1');
const box = (type: string, ...content: Buffer[]) => {
  const body = Buffer.concat(content);
  return Buffer.concat([u32(8 + body.length), latin(type), body]);
};
const hdlr = (type: string) => box('hdlr', u32(0, 0), latin(type), u32(0, 0, 0), Buffer.from([0]));
const mvhd = (units: number, scale = 1000) => box('mvhd', u32(0, 0, 0, scale, units), Buffer.alloc(80));

function tkhd(turned: boolean) {
  const matrix = turned ? [0, 0x10000, 0, -0x10000, 0, 0] : [0x10000, 0, 0, 0, 0x10000, 0];
  return box('tkhd', Buffer.alloc(40), u32(...matrix, 0, 0, 0x40000000), u32(640 << 16, 360 << 16));
}

function track(
  handler: string,
  format: string,
  o: { turned?: boolean; chunk?: number; bytes?: number } = {},
) {
  const stbl = box(
    'stbl',
    box('stsd', u32(0, 1, 8), latin(format)),
    box('stsc', u32(0, 1, 1, 1, 1)),
    box('stsz', u32(0, o.bytes ?? 0, 1)),
    box('stco', u32(0, 1, o.chunk ?? 0)),
  );
  return box('trak', tkhd(o.turned ?? false), box('mdia', hdlr(handler), box('minf', stbl)));
}

const ftyp = box('ftyp', latin('isom'), u32(0));
const place = '+52.5163+013.3777/';
const keysOfApple = (() => {
  const key = latin('com.apple.quicktime.location.ISO6709');
  const other = latin('com.apple.quicktime.make');
  const keys = box(
    'keys',
    u32(0, 2, 8 + other.length),
    latin('mdta'),
    other,
    u32(8 + key.length),
    latin('mdta'),
    key,
  );
  const item = (number: number, text: string) =>
    box(u32(number).toString('latin1'), box('data', u32(1, 0), latin(text)));
  return box('meta', hdlr('mdta'), keys, box('ilst', item(1, 'Apple'), item(2, place)));
})();

/** A film whose telemetry lies at the beginning of `mdat`, before the pictures. */
function film(o: { places?: boolean; units?: number; turned?: boolean } = {}) {
  const secret = latin('GPS 52.5163N');
  const mdat = box('mdat', o.places ? secret : Buffer.alloc(0), latin('pictures'));
  const told = o.places
    ? [
        track('meta', 'mebx', { chunk: ftyp.length + 8, bytes: secret.length }),
        box(
          'udta',
          box('\xa9xyz', u32(place.length << 16), latin(place)),
          box('\xa9nam', latin('Berlin wall')),
        ),
        keysOfApple,
      ]
    : [];
  const moov = box(
    'moov',
    mvhd(o.units ?? 4200),
    track('vide', 'avc1', { turned: o.turned ?? false }),
    ...told,
  );
  return Buffer.concat([ftyp, mdat, moov]);
}

let count = 0;
async function kept(bytes: Buffer): Promise<string> {
  const path = join(folder, String((count += 1)));
  await writeFile(path, bytes);
  return path;
}

async function* pieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

async function withoutPlace(bytes: Buffer, piece: number): Promise<Buffer> {
  const patches = await placePatches(await kept(bytes), 'video/mp4');
  const found: Uint8Array[] = [];
  for await (const chunk of patched(pieces(bytes, piece), patches)) found.push(chunk);
  return Buffer.concat(found);
}

describe('MP4', () => {
  it('tells length and size as shown', async () => {
    const facts = await measureContainer(await kept(film()), 'video/mp4');
    expect(facts).toEqual({
      hasPicture: true,
      durationMs: 4200,
      width: 640,
      height: 360,
      mediaType: 'video/mp4',
    });
    const turned = await measureContainer(await kept(film({ turned: true })), 'video/mp4');
    expect(turned).toMatchObject({ width: 360, height: 640 });
  });

  it('believes no length of months', async () => {
    const facts = await measureContainer(await kept(film({ units: 0xfffffff0 })), 'video/mp4');
    expect(facts).toMatchObject({ durationMs: null });
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['cut short', film().subarray(0, -20)],
    ['without an index', Buffer.concat([ftyp, box('mdat', latin('x'))])],
    ['a box of size 3', Buffer.concat([ftyp, u32(3), latin('moov')])],
    ['a box larger than all there is', Buffer.concat([ftyp, u32(0x7fffffff), latin('moov')])],
    ['no track that is seen or heard', Buffer.concat([ftyp, box('moov', mvhd(1))])],
  ])('%s is broken', async (_name, bytes) => {
    expect(await measureContainer(await kept(bytes), 'video/mp4')).toBe('broken');
  });

  it('is of sound where it has no picture', async () => {
    const bytes = Buffer.concat([ftyp, box('moov', mvhd(1000), track('soun', 'mp4a'))]);
    expect(await measureContainer(await kept(bytes), 'video/mp4')).toMatchObject({ mediaType: 'audio/mp4' });
  });

  it.each([7, 64, 1_000_000])('loses its places and nothing else, in pieces of %i bytes', async (piece) => {
    const before = film({ places: true });
    const after = await withoutPlace(before, piece);
    expect(after.length).toBe(before.length);
    for (const text of ['52.5163', '013.3777']) expect(after.includes(text)).toBe(false);
    for (const text of ['pictures', 'Berlin wall', 'Apple']) expect(after.includes(text)).toBe(true);
    expect(await measureContainer(await kept(after), 'video/mp4')).toMatchObject({
      durationMs: 4200,
      width: 640,
    });
    expect(await placePatches(await kept(after), 'video/mp4')).toEqual([]);
  });

  it('stays as it is where no place is told', async () => {
    expect(await placePatches(await kept(film()), 'video/mp4')).toEqual([]);
  });
});

const ebml = (id: string, content: Buffer | null) => {
  if (content === null) return Buffer.from(`${id}01ffffffffffffff`, 'hex');
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(content.length) | (1n << 56n));
  return Buffer.concat([Buffer.from(id, 'hex'), size, content]);
};

/** As MediaRecorder writes them: segment and cluster of unknown size, no duration. */
function recording() {
  const info = ebml('1549a966', ebml('2ad7b1', Buffer.from('0f4240', 'hex')));
  const tracks = ebml('1654ae6b', ebml('ae', ebml('83', Buffer.from([2]))));
  const block = (time: number) => {
    const content = Buffer.from([0x81, 0, 0, 0x80, 1, 2, 3]);
    content.writeInt16BE(time, 1);
    return ebml('a3', content);
  };
  const cluster = Buffer.concat([
    ebml('1f43b675', null),
    ebml('e7', Buffer.from([0x07, 0xd0])),
    block(0),
    block(60),
  ]);
  return Buffer.concat([ebml('1a45dfa3', Buffer.alloc(4)), ebml('18538067', null), info, tracks, cluster]);
}

describe('WebM', () => {
  it('is as long as its blocks where it says nothing', async () => {
    const facts = await measureContainer(await kept(recording()), 'video/webm');
    expect(facts).toMatchObject({ hasPicture: false, durationMs: 2120, mediaType: 'audio/webm' });
  });

  it('gets the duration it lacks, once', async () => {
    const mended = await withDuration(recording());
    expect(await measureContainer(await kept(mended ?? Buffer.alloc(0)), 'video/webm')).toMatchObject({
      durationMs: 2120,
      mediaType: 'audio/webm',
    });
    expect(mended?.includes(Buffer.from('4489', 'hex'))).toBe(true);
    expect(await withDuration(mended ?? Buffer.alloc(0))).toBeNull();
  });

  it.each([
    Buffer.alloc(0),
    Buffer.from('1a45dfa3', 'hex'),
    Buffer.alloc(5000, 0xff),
    recording().subarray(0, 40),
  ])('is broken where it can be read no further (%#)', async (bytes) => {
    expect(await measureContainer(await kept(bytes), 'video/webm')).toBe('broken');
  });
});

it('looks into nothing that is neither film nor sound', async () => {
  expect(await measureContainer(await kept(latin('MZ')), 'application/octet-stream')).toBeNull();
});
