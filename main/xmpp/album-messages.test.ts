import { describe, expect, it } from 'vitest';
import type { WireAlbum } from './modules/postcard-album.ts';
import { buildMessage } from './outbound.ts';
import { connected } from './connected.fixture.ts';
import type { SharedFile } from './types.ts';

const NS = 'urn:postcard:album:0';
const url = 'https://files.example/a.jpg';
const from = `from='friend@test.example/x'`;
const photo = (id: string, extra: string, attributes = from) =>
  `<message xmlns='jabber:client' ${attributes} id='${id}' type='chat'><body>${url}</body>` +
  `<x xmlns='jabber:x:oob'><url>${url}</url></x>${extra}</message>`;

describe('albums that come', () => {
  const wire = connected();

  const albumOf = async (extra: string): Promise<WireAlbum | undefined> => {
    const id = `m${wire.me.of('onMessage').length}`;
    const message = (await wire.read(photo(id, extra))).at(-1);
    expect(message?.id).toBe(id);
    expect(message?.files).toHaveLength(1);
    return message?.album;
  };

  it('say which album a photo is of, its place and the caption of all', async () => {
    expect(await albumOf(`<album xmlns='${NS}' id='x1' index='2' count='3'/>`)).toEqual({
      id: 'x1',
      index: 2,
      count: 3,
      caption: '',
    });
    const words = `<album xmlns='${NS}' id='x1' index='0' count='3'><caption>A day &lt;out&gt;</caption></album>`;
    expect(await albumOf(words)).toMatchObject({ index: 0, caption: 'A day <out>' });
  });

  it('that cannot be are no albums: the photo is one like any other', async () => {
    const cases = [
      `id='' index='0' count='2'`,
      `index='0' count='2'`,
      `id='${'i'.repeat(65)}' index='0' count='2'`,
      `id='a' index='2' count='2'`,
      `id='a' index='-1' count='2'`,
      `id='a' index='0' count='1'`,
      `id='a' index='0' count='101'`,
      `id='a' index='0' count='1e2'`,
      `id='a' index='0x0' count='2'`,
      `id='a' index='' count='2'`,
      `id='a' index='99999999999999999999' count='2'`,
      `id='a' count='2'`,
    ];
    for (const attributes of cases)
      expect([attributes, await albumOf(`<album xmlns='${NS}' ${attributes}/>`)]).toEqual([
        attributes,
        undefined,
      ]);
    expect(await albumOf(`<album xmlns='urn:other' id='a' index='0' count='2'/>`)).toBeUndefined();
  });

  it('with a caption without end are cut', async () => {
    const long = `<caption>${'x'.repeat(9000)}</caption>`;
    const album = await albumOf(`<album xmlns='${NS}' id='a' index='0' count='2'>${long}</album>`);
    expect(album?.caption).toHaveLength(4000);
  });

  it('of a text mean nothing', async () => {
    const [message] = await wire.read(
      `<message xmlns='jabber:client' ${from} id='t' type='chat'><body>hi</body>` +
        `<album xmlns='${NS}' id='a' index='0' count='2'/></message>`,
    );
    expect(message?.body).toBe('hi');
    expect(message?.album).toBeUndefined();
  });
});

describe('albums that go', () => {
  const file: SharedFile = {
    url,
    name: 'IMG_1.jpg',
    mediaType: 'image/jpeg',
    bytes: 1,
    width: 1,
    height: 1,
    sha256: null,
    thumbhash: null,
    thumbnail: null,
    caption: null,
  };
  const build = (caption: string | null, album: WireAlbum) =>
    buildMessage({
      id: 'm',
      to: 'friend@test.example',
      body: null,
      file: { ...file, caption },
      album,
      wantsReceipt: true,
      markable: false,
      tellsChatState: false,
    });

  it('mark each photo, whose body stays its address alone', () => {
    const album = { id: 'a', index: 1, count: 2, caption: '' };
    const [message, ...more] = build(null, album);
    expect(message).toMatchObject({ body: url, album });
    expect(more).toEqual([]);
  });

  it('tell other apps the caption of all once, with that of the photo which brings it', () => {
    const [, words] = build('first', { id: 'a', index: 0, count: 2, caption: 'all' });
    expect(words).toMatchObject({ id: 'm.caption', body: 'all\n\nfirst', captionOf: 'm' });
    const [, alone] = build(null, { id: 'a', index: 0, count: 2, caption: 'all' });
    expect(alone).toMatchObject({ body: 'all', captionOf: 'm' });
  });
});
