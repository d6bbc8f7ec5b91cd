import { describe, expect, it } from 'vitest';
import type { Conversation } from '../../../contract/conversations.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { initialsOf } from '../../ui/initials.ts';
import { moved } from '../photos/pictures.ts';
import { conversationOf } from '../shell/routes.ts';
import { keysOf, shortcutOf } from '../shell/shortcuts.ts';
import { inOrder, isMuted, nameMatches } from './order.ts';

const conversation = (id: number, changed: Partial<Conversation>): Conversation => ({
  // Ids of a test stand for rows that no database has.
  id: id as ConversationId,
  kind: 'direct',
  group: null,
  address: 'a@example.org',
  name: 'A',
  avatar: null,
  unread: 0,
  mentioned: false,
  firstUnread: null,
  lastMessage: null,
  lastActivity: 0,
  pinned: false,
  archived: false,
  mutedUntil: null,
  draft: '',
  request: 'none',
  folded: 0,
  ...changed,
});

describe('the inbox', () => {
  it('has pinned conversations first, then the newest', () => {
    const list = [
      conversation(1, { lastActivity: 1 }),
      conversation(2, { lastActivity: 3 }),
      conversation(3, { lastActivity: 2, pinned: true }),
    ];
    expect(list.sort(inOrder).map(({ id }) => Number(id))).toEqual([3, 2, 1]);
  });

  it('is muted until the time has come', () => {
    expect(isMuted(conversation(1, { mutedUntil: 10 }), 9)).toBe(true);
    expect(isMuted(conversation(1, { mutedUntil: 10 }), 10)).toBe(false);
    expect(isMuted(conversation(1, {}), 0)).toBe(false);
  });

  it('finds names whatever their case and accents', () => {
    expect(nameMatches('Tomás García', 'garcia')).toBe(true);
    expect(nameMatches('陳美玲', '美')).toBe(true);
    expect(nameMatches('Maria', 'mario')).toBe(false);
  });

  it('shows one or two letters for a name', () => {
    expect(['Maria Lindqvist', 'maria', '', '👩‍👩‍👧 Family', 'Ana de la Cruz'].map(initialsOf)).toEqual([
      'ML',
      'M',
      '',
      '👩‍👩‍👧F',
      'AC',
    ]);
  });
});

describe('moving a photo', () => {
  it('puts it where the other one is', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 1)).toEqual(['a', 'c', 'b']);
  });

  it('changes nothing outside of the list', () => {
    const list = ['a', 'b'];
    expect([moved(list, 0, -1), moved(list, 1, 2), moved(list, 5, 0)]).toEqual([list, list, list]);
  });
});

describe('shortcuts', () => {
  const key = (
    name: string,
    held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
  ) => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...held,
  });

  it('are Ctrl elsewhere and the command key on a Mac', () => {
    expect(shortcutOf(key('n', { ctrlKey: true }), false)).toBe('newChat');
    expect(shortcutOf(key('n', { metaKey: true }), true)).toBe('newChat');
    expect(shortcutOf(key('n', { ctrlKey: true }), true)).toBeNull();
    expect(shortcutOf(key('ArrowDown', { altKey: true }), false)).toBe('next');
  });

  it('leave plain keys and other combinations alone', () => {
    expect(shortcutOf(key('n'), false)).toBeNull();
    expect(shortcutOf(key('Enter'), false)).toBeNull();
    expect(shortcutOf(key('N', { ctrlKey: true, shiftKey: true }), false)).toBeNull();
  });

  it('are written as they stand on the keys', () => {
    expect(keysOf('Mod+N', false)).toBe('Ctrl + N');
    expect(keysOf('Alt+ArrowUp', true)).toBe('⌥ ↑');
  });
});

describe('addresses of the window', () => {
  it('name a conversation or none', () => {
    expect(conversationOf({ params: { id: '12' } })).toBe(12);
    for (const id of ['', '0', 'x', '1e99', '-3']) expect(conversationOf({ params: { id } })).toBeNull();
  });
});
