import { beforeEach, onTestFinished } from 'vitest';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { Poll } from '../../../contract/polls.ts';
import { createEvents } from '../../events.ts';
import { messagesPage, type WritableDb } from '../../store/index.ts';
import { group, groupPerson, me, newStore } from '../../store/testing/fixtures.ts';
import type { InboundMessage, RoomNote, RoomOrigin } from '../../xmpp/index.ts';
import { createChanges } from '../changes.ts';
import { createConnection } from '../connection.ts';
import { createEffects } from '../effects/index.ts';
import { receiveFromRooms } from '../group-messages/receive.ts';
import { createNotes, type Notes } from '../groups/notes.ts';

import { createPolls, type Polls } from './index.ts';

export const room = 'club@rooms.home.example';
export const ann = 'ann@home.example';
export const eve = 'eve@home.example';
export const START = Date.now() - 3_600_000;

interface Side {
  db: WritableDb;
  id: ConversationId;
  notes: Notes;
  polls: Polls;
  lines: string[];
  /** What a group was asked whether it takes it. */
  posts: string[];
  hear(m: InboundMessage): void;
}

/** A store of its own, with all that hears and says something of polls; nothing is connected. */
export function side(): Side {
  const db = newStore();
  const id = group(db, room);
  const lines: string[] = [];
  for (const [address, nick] of [
    [ann, 'Ann'],
    [eve, 'Eve'],
  ] as const)
    groupPerson(db, id, address, nick);
  const events = createEvents();
  const changes = createChanges({ db, events, onUnread: () => undefined });
  const log = (line: string) => void lines.push(line);
  const connection = createConnection({ address: me, password: null, target: null, db, events, log });
  const effects = createEffects({
    ...{ db, connection, changes, log },
    onUnsent: () => undefined,
    onTold: () => undefined,
    openRooms: () => [],
  });
  const notes = createNotes();
  const posts: string[] = [];
  const polls = createPolls({
    ...{ db, ownAddress: me, changes, connection, notes, log },
    outbox: { pump: () => undefined },
    refuse: ({ text }) => void posts.push(text),
    openRooms: () => [],
    doubt: () => undefined,
  });
  onTestFinished(() => polls.close());
  const hear = receiveFromRooms({
    ...{ db, ownAddress: me, changes, effects, notes },
    isBlocked: () => false,
    downloads: { wanted: () => undefined },
    notifications: { received: () => undefined, reacted: () => undefined },
    isLevel: () => true,
    onReturned: () => undefined,
    met: () => undefined,
  });
  return { db, id, notes, polls, lines, posts, hear };
}

export let one: Side;
/** How many messages were made up so far: no two are alike. */
export let count: number;
beforeEach(() => {
  one = side();
  count = 0;
});

export type Given = Omit<Partial<InboundMessage>, 'room'> & { by?: Partial<RoomOrigin> };

/** A message as the room's parser gives it: of Ann, known, each a second after the one before. */
export function said(body: string | null, { by, ...given }: Given = {}): InboundMessage {
  count += 1;
  return {
    ...{
      source: 'live',
      outgoing: false,
      from: ann,
      to: me,
      fromResource: null,
      peer: room,
      type: 'groupchat',
    },
    ...{ id: `wire-${count}`, originId: null, stanzaId: `room-${count}`, sentAt: START + count * 1000 },
    ...{ delayed: false, body, files: [], effect: null, tombstone: false, wantsReceipt: false },
    ...{ markable: false, noStore: false },
    ...given,
    room: { nick: 'Ann', occupantId: 'o-ann', known: true, byRoom: false, affiliation: 'member', ...by },
  };
}
export const ofEve: Given = { from: eve, by: { nick: 'Eve', occupantId: 'o-eve' } };
export const mine: Given = { outgoing: true, from: me, by: { nick: 'Me', occupantId: 'o-me' } };
export const note = (kind: string, value: object, family: RoomNote['family'] = 'polls'): RoomNote => ({
  ...{ family, kind, json: JSON.stringify(value) },
});
export const lunch = { question: 'Lunch?', options: ['Soup', 'Salad', 'Pie'] };
export const asks = (more: object = {}, given: Given = {}) =>
  said('Poll: Lunch?', { note: note('poll', { ...lunch, ...more }), stanzaId: 'p', ...given });
export const votes = (choices: number[], given: Given = {}) =>
  said(null, { note: note('vote', { poll: 'p', choices }), ...given });
export const closes = (given: Given = {}) => said(null, { note: note('close', { poll: 'p' }), ...given });

export const messages = (s = one) =>
  messagesPage(s.db, { conversationId: s.id, at: { kind: 'newest' }, limit: 200 }).items;
export const polls = (s = one): Poll[] => messages(s).flatMap(({ poll }) => (poll ? [poll] : []));
export const counts = (s = one) => polls(s)[0]?.options.map((option) => option.votes);
export const box = (s = one) => messages(s).find(({ questions }) => questions !== null)?.questions;
export const messageOf = (what: 'poll' | 'questions' = 'poll'): MessageId => {
  const found = messages().find((m) => m[what] !== null);
  if (!found) throw new Error(`no ${what}`);
  return found.id;
};
