import { describe, expect, it } from 'vitest';
import type { AlbumPart } from '../../../contract/albums.ts';
import type { AttachmentId, ConversationId, MessageId } from '../../../contract/ids.ts';
import { noParts, type Attachment, type Message } from '../../../contract/messages.ts';
import { rowsOf } from './rows.ts';

const noon = new Date(2026, 4, 4, 12).getTime();

const photo = (id: number): Attachment => ({
  id: id as AttachmentId,
  kind: 'photo',
  name: `${id}.jpg`,
  mediaType: 'image/jpeg',
  bytes: 1,
  width: 3,
  height: 2,
  thumbhash: null,
  state: 'ready',
  problem: null,
  durationMs: null,
  waveform: null,
  animated: false,
});

const message = (id: number, album: Partial<AlbumPart> | null, given: Partial<Message> = {}): Message => ({
  id: id as MessageId,
  conversationId: 1 as ConversationId,
  position: `${id}.0`,
  outgoing: false,
  sender: { address: 'bob@home.example', name: 'Bob' },
  sentAt: noon + id,
  text: '',
  attachments: [photo(id)],
  state: 'received',
  problem: null,
  progress: null,
  ...noParts,
  album: album && { id: 'a', index: 0, count: 9, caption: '', ...album },
  ...given,
});

const shown = (messages: readonly Message[], firstUnread: number | null = null) =>
  rowsOf(messages, firstUnread as MessageId | null).flatMap((row): (number | string | number[])[] => {
    if (row.kind === 'day') return [];
    if (row.kind === 'album') return [row.messages.map(({ id }) => Number(id))];
    return [row.kind === 'message' ? Number(row.message.id) : row.kind];
  });

describe('albums among the rows', () => {
  it('join neighbours with one id', () => {
    expect(shown([message(1, null), message(2, {}), message(3, {}), message(4, { id: 'b' })])).toEqual([
      1,
      [2, 3],
      [4],
    ]);
  });

  it('are one sender’s alone: who forges an id gets an album of their own', () => {
    const eve = { address: 'eve@home.example', name: 'Eve' };
    const mine = { outgoing: true, state: 'sent' } as const;
    expect(shown([message(1, {}), message(2, {}, { sender: eve }), message(3, {}, mine)])).toEqual([
      [1],
      [2],
      [3],
    ]);
  });

  it('are parted by texts, by what was taken back, and by the line before what is new', () => {
    const text = message(2, null, { attachments: [], text: 'hi' });
    const gone = message(2, {}, { attachments: [], unsent: true });
    expect(shown([message(1, {}), text, message(3, {})])).toEqual([[1], 2, [3]]);
    expect(shown([message(1, {}), gone, message(3, {})])).toEqual([[1], 2, [3]]);
    expect(shown([message(1, {}), message(2, {}), message(3, {})], 2)).toEqual([[1], 'unread', [2, 3]]);
  });

  it('of texts or of files are none', () => {
    const file = message(1, {}, { attachments: [{ ...photo(1), kind: 'file' }] });
    expect(shown([file, message(2, {}, { attachments: [], text: 'x' })])).toEqual([1, 2]);
  });

  it('never have more than a hundred photos, whatever somebody sends', () => {
    const many = Array.from({ length: 250 }, (_, at) => message(at + 1, {}));
    expect(shown(many).map((row) => (Array.isArray(row) ? row.length : row))).toEqual([100, 100, 50]);
  });

  it('have keys that differ, and stay when older photos come in', () => {
    const keys = (messages: Message[]) =>
      rowsOf(messages, null).flatMap((row) => (row.kind === 'album' ? row.key : []));
    const late = [message(5, {}), message(6, {})];
    expect(keys([message(3, {}), message(4, {}), ...late])).toEqual(keys(late));
    const parted = [message(1, {}), message(2, null), ...late];
    expect(new Set(keys(parted)).size).toBe(2);
  });
});
