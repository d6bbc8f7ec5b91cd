import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openMedia } from '../../media/index.ts';
import { packHash, packIdOf, type WirePack, type WireSticker } from '../../xmpp/index.ts';
import { noteUploaded, openStore } from '../../store/index.ts';
import { fetchStickers } from './fetch-pack.ts';
import { createStickerFiles } from './files.ts';
import { manifests } from './bundled.ts';
import { packUri, readPackUri } from './pack-place.ts';
import { isSound, toWire } from './wire-pack.ts';

const sticker = (given: Partial<WireSticker> = {}): WireSticker => ({
  fallback: '👍',
  title: 'Good',
  hashes: [{ algo: 'sha-256', value: 'AAAA' }],
  mediaType: 'image/png',
  size: 1000,
  width: 512,
  height: 512,
  urls: ['https://a.example/x.png'],
  suggestions: [],
  ...given,
});
function sealed(given: Partial<WirePack> = {}): { id: string; pack: WirePack } {
  const plain: WirePack = {
    names: [{ lang: '', text: 'Cats' }],
    summaries: [],
    restricted: false,
    stickers: [sticker()],
    hash: null,
    ...given,
  };
  const value = packHash(plain) ?? '';
  return { id: packIdOf(value), pack: { ...plain, hash: { algo: 'sha-256', value } } };
}

describe('a pack that may be taken', () => {
  it('is what its id says', () => {
    const { id, pack } = sealed();
    expect(isSound(id, pack)).toBe(true);
    expect(isSound('EpRv28DHHzFrE4zd+xaNpVb4', pack)).toBe(false);
    expect(isSound(id, { ...pack, stickers: [...pack.stickers, sticker({ fallback: '👎' })] })).toBe(false);
    expect(isSound(id, null)).toBe(false);
  });

  it.each<[string, Partial<WirePack>]>([
    ['no stickers', { stickers: [] }],
    ['too many', { stickers: Array.from({ length: 121 }, () => sticker()) }],
    ['a file that is too large', { stickers: [sticker({ size: 1_000_001 })] }],
    ['too much in all', { stickers: Array.from({ length: 40 }, () => sticker({ size: 900_000 })) }],
    ['too many pixels', { stickers: [sticker({ width: 65_000 })] }],
    ['a drawing that would run', { stickers: [sticker({ mediaType: 'image/svg+xml' })] }],
    ['what is no picture', { stickers: [sticker({ mediaType: 'text/html' })] }],
    ['nowhere to fetch it', { stickers: [sticker({ urls: [] })] }],
    ['hashes that nobody can check', { stickers: [sticker({ hashes: [{ algo: 'md5', value: 'AAAA' }] })] }],
    ['a text in place of an emoji', { stickers: [sticker({ fallback: 'x'.repeat(65) })] }],
    ['no name', { names: [] }],
    ['a name that nobody sees', { names: [{ lang: '', text: '\u200b\u202e' }] }],
  ])('has not %s', (_what, given) => {
    const { id, pack } = sealed(given);
    expect(isSound(id, pack)).toBe(false);
  });
});

/** Serves these bodies at their paths, and opens a content store. */
async function setUp(bodies: Record<string, Uint8Array>) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    const body = bodies[request.url ?? ''];
    response.writeHead(body ? 200 : 404).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const folder = mkdtempSync(join(tmpdir(), 'postcard-packs-'));
  const media = await openMedia({ folder, build: 'native' });
  onTestFinished(async () => {
    await media.close();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    rmSync(folder, { recursive: true, force: true });
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const hosts = { current: (url: string) => url, allowed: () => true };
  const of = (path: string, data: Uint8Array, given: Partial<WireSticker> = {}) =>
    sticker({
      urls: [base + path],
      hashes: [{ algo: 'sha-256', value: createHash('sha256').update(data).digest('base64') }],
      ...given,
    });
  const get = (...stickers: WireSticker[]) =>
    fetchStickers(sealed({ stickers }).pack, { media, hosts, signal: AbortSignal.timeout(20_000) });
  return { of, get, asked, media, base, hosts };
}
const picture = (edge = 64) =>
  sharp({ create: { width: edge, height: edge, channels: 4, background: '#ff000080' } })
    .png()
    .toBuffer();

describe('the files of a pack', () => {
  it('are fetched once, measured and named', async () => {
    const data = await picture();
    const { of, get, asked } = await setUp({ '/a.png': data });
    const wanted = of('/a.png', data, {
      title: 'A \u202ered\nsquare',
      size: null,
      width: null,
      height: null,
    });
    expect(await get(wanted)).toEqual([
      {
        emoji: '👍',
        description: 'A red square',
        sha256: createHash('sha256').update(data).digest('hex'),
        mediaType: 'image/png',
        bytes: data.length,
        width: 64,
        height: 64,
        animated: false,
      },
    ]);
    await get(wanted);
    expect(asked).toEqual(['/a.png']);
  });

  it('come from the second source where the first has them no more', async () => {
    const data = await picture();
    const { of, get } = await setUp({ '/b.png': data });
    const { urls, ...rest } = of('/b.png', data);
    const gone = urls[0]?.replace('/b.png', '/gone.png') ?? '';
    expect(await get({ ...rest, urls: [gone, ...urls] })).toHaveLength(1);
  });

  it('are refused where they are not what their hash says, also by another algorithm', async () => {
    const [data, other] = [await picture(), await picture(32)];
    const { of, get } = await setUp({ '/a.png': other, '/b.png': data });
    await expect(get(of('/a.png', data))).rejects.toMatchObject({ code: 'sticker-pack-refused' });
    const right = of('/b.png', data);
    const hashes = [...right.hashes, { algo: 'sha3-256', value: 'AAAA' }];
    await expect(get({ ...right, hashes })).rejects.toMatchObject({ code: 'sticker-pack-refused' });
  });

  it('are refused where they are bombs, too large, or no pictures', async () => {
    const large = await sharp({ create: { width: 2100, height: 16, channels: 3, background: '#123' } })
      .png()
      .toBuffer();
    const bomb = await picture();
    // The header says 60,000 px a side; the check sum of the chunk is not looked at before the size is.
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const heavy = new Uint8Array(1_000_001);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>');
    const { of, get } = await setUp({ '/l': large, '/b': bomb, '/h': heavy, '/s': svg });
    for (const [path, data] of [
      ['/l', large],
      ['/b', bomb],
      ['/s', svg],
    ] as const)
      await expect(get(of(path, data)), path).rejects.toMatchObject({ code: 'sticker-pack-refused' });
    await expect(get(of('/h', heavy))).rejects.toMatchObject({ code: 'file-too-large' });
  });
});

describe('an upload', () => {
  it('is used again while the server has it, and asked for once a day', async () => {
    const { asked, base, media, hosts } = await setUp({ '/here': Buffer.from('x') });
    const folder = mkdtempSync(join(tmpdir(), 'postcard-uploads-'));
    const store = openStore({ file: join(folder, 'a.db'), backupFolder: join(folder, 'b') });
    onTestFinished(() => {
      store.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const { db } = store;
    // Nothing is uploaded here: the connection is never asked.
    const files = createStickerFiles({ db, media, hosts, connection: null as never });
    const sha256 = 'a'.repeat(64);
    expect(await files.known(sha256)).toBe(null);
    files.note(sha256, `${base}/here`);
    expect([await files.known(sha256), asked]).toEqual([`${base}/here`, []]);
    noteUploaded(db, 'messages', sha256, `${base}/here`, 0);
    expect([await files.known(sha256), await files.known(sha256), asked]).toEqual([
      `${base}/here`,
      `${base}/here`,
      ['/here'],
    ]);
    noteUploaded(db, 'messages', sha256, `${base}/gone`, 0);
    expect([await files.known(sha256), await files.known(sha256)]).toEqual([null, null]);
    // Nobody answers: that says nothing about the file.
    noteUploaded(db, 'messages', sha256, 'http://127.0.0.1:1/x', 0);
    expect(await files.known(sha256)).toBe('http://127.0.0.1:1/x');
  });
});

describe('where a pack is', () => {
  const place = { owner: 'romeo@montague.lit', node: 'urn:xmpp:stickers:0', id: 'EpRv28DHHzFrE4zd+xaNpVb4' };

  it('is said as in the example of the XEP', () => {
    const uri =
      'xmpp:romeo@montague.lit?pubsub;action=retrieve;node=urn:xmpp:stickers:0;item=EpRv28DHHzFrE4zd%2BxaNpVb4';
    expect(packUri(place)).toBe(uri);
    expect(readPackUri(uri)).toEqual(place);
  });

  it.each([
    'xmpp:romeo@montague.lit?message;body=hello',
    'xmpp:romeo@montague.lit?pubsub;action=subscribe;node=urn:xmpp:stickers:0;item=x',
    'xmpp:romeo@montague.lit?pubsub;action=retrieve;node=urn:xmpp:bookmarks:1;item=x',
    'xmpp:montague.lit?pubsub;action=retrieve;node=urn:xmpp:stickers:0;item=x',
    'xmpp:romeo@montague.lit?pubsub;action=retrieve;node=urn:xmpp:stickers:0',
    'xmpp:romeo@montague.lit?pubsub;action=retrieve;node=urn:xmpp:stickers:0;item=%zz',
    'https://montague.lit/',
    '',
  ])('is not what %s says', (uri) => expect(readPackUri(uri)).toBe(null));
});

it('the packs that come with the app are complete, of the right size, and can be published', () => {
  expect(manifests().map(({ key, stickers }) => [key, stickers.length >= 12])).toEqual([
    ['pip', true],
    ['light-table', true],
  ]);
  for (const { name, summary, stickers } of manifests()) {
    const rows = stickers.map((one, at) => ({
      ...one,
      id: at + 1,
      packId: 1,
      mediaType: 'image/webp',
      width: 512,
      height: 512,
      animated: false,
    }));
    expect(new Set(stickers.map(({ description }) => description)).size).toBe(stickers.length);
    // Row ids are branded; these stand in for them.
    const wire = toWire(
      { name, summary, restricted: false },
      rows as never,
      () => 'https://a.example/x.webp',
    );
    expect(isSound(wire.id, wire.pack)).toBe(true);
  }
});
