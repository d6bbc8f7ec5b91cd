import { expect, it } from 'vitest';
import { linkOf, roomOf } from './link.ts';

it.each([
  ['xmpp:walks@rooms.example.org?join', 'walks@rooms.example.org'],
  ['XMPP:Walks@Rooms.Example.org?join', 'walks@rooms.example.org'],
  ['xmpp:walks@rooms.example.org?join;password=x', 'walks@rooms.example.org'],
  ['xmpp:walks@rooms.example.org', 'walks@rooms.example.org'],
  ['  walks@rooms.example.org ', 'walks@rooms.example.org'],
  ['xmpp:caf%C3%A9@rooms.example.org?join', 'café@rooms.example.org'],
])('%s is a room', (link, room) => {
  expect(roomOf(link)).toBe(room);
});

it.each([
  'nonsense',
  'https://rooms.example.org/walks',
  'xmpp:walks@rooms.example.org?message;body=hi',
  'xmpp:walks@rooms.example.org?roster;name=x',
  'xmpp:?join',
  'xmpp:rooms.example.org?join',
  'xmpp:%E0%A4%A@rooms.example.org?join',
  'javascript:alert(1)@x',
])('%s is none', (link) => {
  expect(() => roomOf(link)).toThrow(expect.objectContaining({ code: 'link-invalid' }) as Error);
});

it('a link leads back to its room', () => {
  for (const room of ['walks@rooms.example.org', 'café@rooms.example.org', 'a%b?c#d@rooms.example.org'])
    expect(roomOf(linkOf(room))).toBe(room);
});
