import { createClient, JXT } from 'stanza';
import type { Message } from 'stanza/protocol/index.js';
import { describe, expect, it } from 'vitest';
import { useModules } from './modules/index.ts';
import { readContent } from './shared-files.ts';
import { readSticker, writeSticker } from './sticker-message.ts';
import type { WirePack } from './sticker-types.ts';
import type { SharedFile } from './types.ts';

const client = createClient({});
useModules(client);
const read = (xml: string) => client.stanzas.import(JXT.parse(xml)) as unknown;
const write = (path: string, data: object) => client.stanzas.export(path, data)?.toString() ?? '';
const stickerOf = (xml: string) => {
  const message = read(xml) as Message;
  return readSticker(message, readContent(message));
};

const file = (inside = '<desc>😘</desc>', target = 'https://download.montague.lit/kiss.png') =>
  '<file-sharing xmlns="urn:xmpp:sfs:0"><file xmlns="urn:xmpp:file:metadata:0"><media-type>image/png</media-type>' +
  `${inside}<size>67016</size><dimensions>512x512</dimensions><hash xmlns="urn:xmpp:hashes:2" algo="sha-256">` +
  'gw+6xdCgOcvCYSKuQNrXH33lV9NMzuDf/s0huByCDsY=</hash></file><sources>' +
  `<url-data xmlns="http://jabber.org/protocol/url-data" target="${target}"/></sources></file-sharing>`;
const message = (inside: string) =>
  `<message xmlns="jabber:client" type="chat" from="romeo@montague.lit/pda" to="juliet@shakespeare.lit">${inside}</message>`;
const mark = (attributes = '') => `<sticker xmlns="urn:xmpp:stickers:0"${attributes}/>`;

describe('a sticker that comes', () => {
  it('is read as in the example of the XEP: its text stands in for it', () => {
    const found = stickerOf(message(`<body>😘</body>${mark(' pack="EpRv28DHHzFrE4zd+xaNpVb4"')}${file()}`));
    expect(found).toMatchObject({
      mark: { pack: 'EpRv28DHHzFrE4zd+xaNpVb4', owner: null, node: null, fallback: '😘', title: null },
      body: null,
      files: [
        {
          url: 'https://download.montague.lit/kiss.png',
          name: 'kiss.png',
          mediaType: 'image/png',
          bytes: 67016,
          width: 512,
          height: 512,
          sha256: '830fbac5d0a039cbc26122ae40dad71f7de557d34ccee0dffecd21b81c820ec6',
          thumbhash: null,
          thumbnail: null,
          caption: null,
        },
      ],
    });
  });

  it('says what it shows in a second description, and where its pack is', () => {
    const place = ' pack="p" jid="Packs@Montague.lit/x" node="art"';
    const found = stickerOf(message(mark(place) + file('<desc xml:lang="en">A kiss</desc><desc>😘</desc>')));
    expect(found?.mark).toEqual({
      pack: 'p',
      owner: 'packs@montague.lit',
      node: 'art',
      fallback: '😘',
      title: 'A kiss',
    });
  });

  it.each([
    ['no pack', ''],
    ['an empty pack', ' pack=""'],
    ['a pack that is too long', ` pack="${'p'.repeat(2000)}"`],
    ['an address that is none', ' pack="p" jid="a b@@c"'],
  ])('is a sticker with %s', (_what, attributes) => {
    expect(stickerOf(message(mark(attributes) + file()))?.mark.pack).toBe(null);
  });

  it('is none without a file that can be fetched', () => {
    expect(stickerOf(message(`<body>😘</body>${mark()}`))).toBe(null);
    expect(stickerOf(message(mark() + file(undefined, 'file:///etc/passwd')))).toBe(null);
    expect(stickerOf(message(mark() + file(undefined, 'http://192.168.0.1/x.png')))).toBe(null);
    expect(stickerOf(message(`<body>x</body>${file()}`))).toBe(null);
  });

  it('takes no more text than there is room for', () => {
    const found = stickerOf(message(`${mark()}${file(`<desc>${'😘'.repeat(500)}</desc>`)}`));
    expect([...(found?.mark.fallback ?? '')]).toHaveLength(64);
  });
});

it('a sticker that goes is read as it was written, and other apps show what stands in for it', () => {
  const shared: SharedFile = {
    url: 'https://a.example/hello.webp',
    name: 'sticker.webp',
    mediaType: 'image/webp',
    bytes: 20_000,
    width: 512,
    height: 512,
    sha256: 'ab'.repeat(32),
    thumbhash: null,
    thumbnail: null,
    caption: null,
  };
  const said = { pack: 'p', owner: null, node: null, fallback: '👋', title: 'Hello' };
  const xml = write('message', { to: 'b@a.example', type: 'chat', ...writeSticker(shared, said) });
  expect(xml).toContain('<body>👋</body>');
  expect(xml).not.toContain('jabber:x:oob');
  expect(stickerOf(xml)).toMatchObject({ mark: said, body: null, files: [shared] });
});

describe('a pack', () => {
  const packXml = (items: string, more = '') =>
    '<iq xmlns="jabber:client" type="result" id="1"><pubsub xmlns="http://jabber.org/protocol/pubsub">' +
    `<items node="urn:xmpp:stickers:0"><item id="x"><pack xmlns="urn:xmpp:stickers:0"><name>Marsey</name>${more}` +
    `${items}<hash xmlns="urn:xmpp:hashes:2" algo="sha-256">AAAA</hash></pack></item></items></pubsub></iq>`;
  const item = (target = 'https://a.example/x.png') =>
    '<item><file xmlns="urn:xmpp:file:metadata:0"><desc>👍</desc><desc xml:lang="de">Gut</desc><size>1</size>' +
    '<hash xmlns="urn:xmpp:hashes:2" algo="sha-256">BBBB</hash></file><sources xmlns="urn:xmpp:sfs:0">' +
    `<url-data xmlns="http://jabber.org/protocol/url-data" target="${target}"/></sources>` +
    '<suggest xml:lang="en">+1</suggest></item>';
  const packIn = (xml: string) =>
    (read(xml) as { pubsub: { fetch: { items: { content: { pack: WirePack | null } }[] } } }).pubsub.fetch
      .items[0]?.content.pack ?? null;

  it('is read with all that its hash is made of, and written so that it is the same', () => {
    const pack = packIn(packXml(item(), '<summary xml:lang="en">A cat</summary><restricted/>'));
    expect(pack).toEqual({
      names: [{ lang: '', text: 'Marsey' }],
      summaries: [{ lang: 'en', text: 'A cat' }],
      restricted: true,
      stickers: [
        {
          fallback: '👍',
          title: 'Gut',
          hashes: [{ algo: 'sha-256', value: 'BBBB' }],
          mediaType: null,
          size: 1,
          width: null,
          height: null,
          urls: ['https://a.example/x.png'],
          suggestions: [{ lang: 'en', text: '+1' }],
        },
      ],
      hash: { algo: 'sha-256', value: 'AAAA' },
    });
    const content = { itemType: 'urn:xmpp:stickers:0', pack };
    const items = { items: { node: 'n', published: [{ id: 'x', content }] } };
    const event = write('message', { pubsub: items });
    const back = (read(event) as { pubsub: { items: { published: { content: { pack: WirePack } }[] } } })
      .pubsub;
    expect(back.items.published[0]?.content.pack).toEqual(pack);
  });

  it('leads to no address that files may not be fetched from', () => {
    for (const target of [
      'file:///etc/passwd',
      'http://10.0.0.1/x',
      'javascript:1',
      'https://u:p@a.example/x',
    ])
      expect(packIn(packXml(item(target)))?.stickers[0]?.urls).toEqual([]);
  });

  it('is none with more stickers than anybody draws, without files, or with a book for a name', () => {
    expect(packIn(packXml(item().repeat(201)))).toBe(null);
    expect(packIn(packXml('<item><sources xmlns="urn:xmpp:sfs:0"/></item>'))).toBe(null);
    expect(packIn(packXml(item(), `<summary>${'x'.repeat(3000)}</summary>`))).toBe(null);
  });
});
