import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { box, film, ftyp, latin, mvhd, recording, track, u32 } from '../testing/films.ts';
import { measureContainer, placePatches } from './facts.ts';
import { patched } from './patched.ts';
import { withDuration } from './webm.ts';

const folder = await mkdtemp(join(tmpdir(), 'postcard-containers-'));
afterAll(() => rm(folder, { recursive: true }));

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
