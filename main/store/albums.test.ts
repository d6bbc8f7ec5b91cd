import { expect, it } from 'vitest';
import type { AttachmentId } from '../../contract/ids.ts';
import * as store from './index.ts';
import { direct, inbound, me, newStore } from './testing/fixtures.ts';

const attachment = (name: string) => ({
  kind: 'photo' as const,
  name,
  mediaType: 'image/jpeg',
  localSha256: name.padStart(64, '0'),
});
const options = { order: 'live', countUnread: true } as const;
const part = (index: number, count = 3) => ({ id: 'a', index, count, caption: index === 0 ? 'all' : '' });

function album() {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const ids = [0, 1, 2].map(
    (n) =>
      store.insertInbound(
        db,
        inbound(bob, { wireId: `w${n}`, text: '', attachments: [attachment(`${n}`)], album: part(n) }),
        options,
      ).id,
  );
  return { db, bob, ids };
}

it('is told with each message, counted in the inbox, and saved in order', () => {
  const { db, bob, ids } = album();
  expect(store.messagesByIds(db, ids).map((m) => m.album)).toEqual([part(0), part(1), part(2)]);
  expect(store.conversationById(db, bob)?.lastMessage).toMatchObject({ photo: true, photos: 3 });
  for (const id of ids) expect(store.albumFiles(db, id).map(({ name }) => name)).toEqual(['0', '1', '2']);
});

it('has nothing to do with what others send under its id, or in another conversation', () => {
  const { db, bob, ids } = album();
  const eve = direct(db, 'eve@home.example');
  const forged = { attachments: [attachment('e')], album: part(1, 100) };
  const there = store.insertInbound(
    db,
    inbound(eve, { ...forged, senderAddress: 'eve@home.example' }),
    options,
  );
  const mine = store.insertOutgoing(db, {
    conversationId: bob,
    originId: 'o',
    text: '',
    sentAt: 5000,
    senderAddress: me,
    attachments: [attachment('m')],
    album: part(0, 100),
  });
  expect(store.albumFiles(db, ids[0] ?? there.id)).toHaveLength(3);
  expect(store.albumFiles(db, there.id).map(({ name }) => name)).toEqual(['e']);
  expect(store.albumFiles(db, mine).map(({ name }) => name)).toEqual(['m']);
  // What is claimed is not counted.
  expect(store.conversationById(db, eve)?.lastMessage?.photos).toBe(1);
  expect(store.conversationById(db, bob)?.lastMessage?.photos).toBe(1);
});

it('goes from the table with a message that is unsent', () => {
  const { db, ids } = album();
  const [first] = ids;
  if (first === undefined) throw new Error('no message');
  store.forgetAlbum(db, first);
  expect(store.albumPart(db, first)).toBeNull();
});

it('photos around one are found on both sides, in order, of this conversation alone', () => {
  const { db, bob, ids } = album();
  const at = (n: number): AttachmentId => {
    const [file] = store.attachmentsOfMessage(db, ids[n] ?? (0 as never));
    if (!file) throw new Error('no file');
    return file.id;
  };
  const around = store.photosAround(db, { conversationId: bob, id: at(1), limit: 1 });
  expect(around).toMatchObject({ hasOlder: false, hasNewer: false });
  expect(around?.items.map(({ name, album: n }) => [name, n])).toEqual([
    ['0', 3],
    ['1', 3],
    ['2', 3],
  ]);
  expect(store.photosAround(db, { conversationId: bob, id: at(2), limit: 1 })).toMatchObject({
    hasOlder: true,
  });
  const other = direct(db, 'eve@home.example');
  expect(store.photosAround(db, { conversationId: other, id: at(1), limit: 1 })).toBeNull();
});

it('keeps the caption for all until it is sent', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  store.setStagedAlbumCaption(db, bob, 'x');
  store.setStagedAlbumCaption(db, bob, 'y');
  expect(store.stagedAlbumCaption(db, bob)).toBe('y');
  store.setStagedAlbumCaption(db, bob, '');
  expect(store.stagedAlbumCaption(db, bob)).toBe('');
});
