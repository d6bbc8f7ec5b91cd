import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ebml, latin, recording } from '../testing/films.ts';
import { measureContainer, placePatches } from './facts.ts';
import { patched } from './patched.ts';

const folder = await mkdtemp(join(tmpdir(), 'postcard-location-'));
afterAll(() => rm(folder, { recursive: true }));

let count = 0;
async function kept(bytes: Buffer): Promise<string> {
  const path = join(folder, String((count += 1)));
  await writeFile(path, bytes);
  return path;
}

async function withoutPlace(bytes: Buffer, mediaType: string): Promise<Buffer> {
  const patches = await placePatches(await kept(bytes), mediaType);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += 50) yield await Promise.resolve(bytes.subarray(at, at + 50));
  }
  const found: Uint8Array[] = [];
  for await (const chunk of patched(pieces(), patches)) found.push(chunk);
  return Buffer.concat(found);
}

const place = '+52.5163+013.3777/';
const simple = (name: string, text: string, ...within: Buffer[]) =>
  ebml('67c8', Buffer.concat([ebml('45a3', latin(name)), ebml('4487', latin(text)), ...within]));
const tags = (...content: Buffer[]) =>
  ebml(
    '1254c367',
    Buffer.concat([Buffer.from('bf84', 'hex'), latin('CRC!'), ebml('7373', Buffer.concat(content))]),
  );

describe('WebM', () => {
  it.each([
    ['what a phone said', simple('LOCATION', place)],
    ['as converters name it', simple('com.apple.quicktime.location.ISO6709', place)],
    ['in words', simple('RECORDING_LOCATION', 'DE, Berlin 52.5163')],
    ['one tag in another', simple('PLACE', '', simple('NAME', 'Berlin 52.5163'))],
    ['under another name', simple('COMMENT', place)],
    [
      'as bytes',
      ebml('67c8', Buffer.concat([ebml('45a3', latin('GPS')), ebml('4485', latin('at 52.5163'))])),
    ],
  ])('loses %s and nothing else', async (_name, tag) => {
    const before = Buffer.concat([recording(), tags(simple('TITLE', 'Berlin wall'), tag)]);
    const after = await withoutPlace(before, 'video/webm');
    expect(after.length).toBe(before.length);
    expect(after.includes('52.5163')).toBe(false);
    expect(after.includes('CRC!')).toBe(false);
    expect(after.includes('Berlin wall')).toBe(true);
    // Only tags changed.
    expect(after.subarray(0, recording().length).equals(recording())).toBe(true);
    const facts = await measureContainer(await kept(before), 'video/webm');
    expect(await measureContainer(await kept(after), 'video/webm')).toEqual(facts);
    expect(await placePatches(await kept(after), 'video/webm')).toEqual([]);
  });

  it('stays as it is where no place is told, or where its tags can not be read', async () => {
    for (const more of [
      tags(simple('TITLE', 'Velocity'), simple('REPLAYGAIN', '-3')),
      tags(simple('LOCATION', place)).subarray(0, 40),
      Buffer.from('1254c367ff', 'hex'),
    ])
      expect(await placePatches(await kept(Buffer.concat([recording(), more])), 'video/webm')).toEqual([]);
  });

  it('tags within tags without end come to an end', async () => {
    let tag = simple('LOCATION', place);
    for (let n = 0; n < 2_000; n += 1) tag = ebml('67c8', tag);
    const bytes = Buffer.concat([recording(), tags(tag)]);
    expect(await placePatches(await kept(bytes), 'video/webm')).toEqual([]);
  });
});

const chunk = (id: string, content: Buffer) => {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([latin(id), size, content, Buffer.alloc(content.length % 2)]);
};
const list = (form: string, ...content: Buffer[]) => chunk('LIST', Buffer.concat([latin(form), ...content]));
const movi = list('movi', chunk('00dc', latin('pictures')), chunk('01wb', latin('sound')));
const film = (...notes: Buffer[]) =>
  chunk(
    'RIFF',
    Buffer.concat([
      latin('AVI '),
      list('hdrl', chunk('avih', Buffer.alloc(56)), list('strl', chunk('strh', Buffer.alloc(56)))),
      ...notes,
      movi,
      chunk('idx1', Buffer.alloc(32)),
    ]),
  );

describe('AVI', () => {
  it.each([
    ['a place in words', list('INFO', chunk('INAM', latin('Berlin wall')), chunk('LOCA', latin('52.5163N')))],
    [
      'a position in a comment',
      list('INFO', chunk('INAM', latin('Berlin wall')), chunk('ICMT', latin(place))),
    ],
    [
      'notes of the camera',
      Buffer.concat([
        list('INFO', chunk('INAM', latin('Berlin wall'))),
        list('ncdt', chunk('nctg', latin('52.5163'))),
      ]),
    ],
    [
      'where a car was',
      Buffer.concat([chunk('JUNK', latin('Berlin wall')), chunk('JUNK', latin('$GPRMC,1,A,52.5163,N'))]),
    ],
    [
      'XMP',
      Buffer.concat([
        chunk('JUNK', latin('Berlin wall')),
        chunk('_PMX', latin('<x exif:GPSLatitude="52.5163"/>')),
      ]),
    ],
  ])('loses %s and nothing else', async (_name, notes) => {
    const before = film(notes);
    const after = await withoutPlace(before, 'video/x-msvideo');
    expect(after.length).toBe(before.length);
    expect(after.includes('52.5163')).toBe(false);
    expect(after.includes('Berlin wall')).toBe(true);
    expect(after.includes(movi)).toBe(true);
    expect(await placePatches(await kept(after), 'video/x-msvideo')).toEqual([]);
  });

  it('stays as it is where no place is told, or where it can not be read', async () => {
    for (const bytes of [
      film(),
      film(list('INFO', chunk('ICMT', latin('no place')))),
      film().subarray(0, 21),
    ])
      expect(await placePatches(await kept(bytes), 'video/x-msvideo')).toEqual([]);
  });

  it('loses what stands in a part that is cut short', async () => {
    const bytes = film(chunk('LOCA', latin('at 52.5163')));
    const cut = bytes.subarray(0, bytes.indexOf('52.5163') + 7);
    const after = await withoutPlace(cut, 'video/x-msvideo');
    expect(after.length).toBe(cut.length);
    expect(after.includes('52.5163')).toBe(false);
  });
});
