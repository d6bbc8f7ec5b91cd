import { beforeEach, expect, it } from 'vitest';
import { defaultPolicy } from '../../contract/groups.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { createEvents } from '../events.ts';
import {
  durably,
  effectsOfMessage,
  insertOutgoing,
  markSent,
  messageById,
  type WritableDb,
} from '../store/index.ts';
import { group, me, newStore } from '../store/testing/fixtures.ts';
import { createChanges } from './changes.ts';
import { createConnection } from './connection.ts';
import { createEffects } from './effects/index.ts';
import { messageChangeHandlers } from './message-changes.ts';
import type { Outbox } from './outbox.ts';
import type { Eraser } from './unsend/eraser.ts';
import type { Uploads } from './uploads.ts';

const room = 'club@rooms.home.example';
const FOREVER = 8_640_000_000_000_000;

let db: WritableDb;
let conversationId: ConversationId;
let id: MessageId;
let handlers: ReturnType<typeof messageChangeHandlers>;

beforeEach(() => {
  db = newStore();
  conversationId = group(db, room);
  const events = createEvents();
  const log = () => undefined;
  const changes = createChanges({ db, events, onUnread: () => undefined });
  const connection = createConnection({ address: me, password: null, target: null, db, events, log });
  const effects = createEffects({
    ...{ db, connection, changes, log },
    onUnsent: () => undefined,
    onTold: () => undefined,
    openRooms: () => [],
  });
  const nothing = () => undefined;
  handlers = messageChangeHandlers({
    ...{ db, connection, changes, effects, onThisComputer: true },
    outbox: { pump: nothing } as unknown as Outbox,
    uploads: { cancel: nothing } as unknown as Uploads,
    eraser: { run: nothing } as unknown as Eraser,
  });
  id = durably(db, () =>
    insertOutgoing(db, {
      ...{ conversationId, originId: 'mine', text: 'mine', sentAt: Date.now(), senderAddress: me },
    }),
  );
  markSent(db, 'mine', { stanzaId: 'r1' });
});

const set = (columns: string) => db.prepare(`UPDATE room SET ${columns}`).run();
const edit = (text: string) => handlers['messages.edit']({ id, text });
const unsend = () => handlers['messages.unsend']({ id });
const untouched = () => {
  expect(messageById(db, id)).toMatchObject({ text: 'mine', unsent: false });
  expect(effectsOfMessage(db, id)).toEqual([]);
};

it.each(['left', 'removed', 'banned', 'destroyed'])(
  'nothing is taken back in a group that is over: %s',
  (state) => {
    set(`state = '${state}', enforced = 1`);
    expect(unsend).toThrow('forbidden');
    expect(() => edit('changed')).toThrow('forbidden');
    untouched();
  },
);

it('who is muted takes back what is theirs where the server lets them, and changes nothing', () => {
  set(`muted_until = ${FOREVER}`);
  expect(unsend).toThrow('forbidden');
  expect(() => edit('changed')).toThrow('forbidden');
  untouched();
  set('enforced = 1');
  expect(() => edit('changed')).toThrow('forbidden');
  void unsend();
  expect(messageById(db, id)).toMatchObject({ text: '', unsent: true });
});

it('an edit brings no link where members may not, whatever the server does; slow mode is for new messages', () => {
  const policy = {
    ...defaultPolicy,
    slowMode: 3600,
    membersMay: { invite: true, media: true, links: false },
  };
  set(`policy = '${JSON.stringify(policy)}', rank = 'member'`);
  expect(() => edit('see https://example.org')).toThrow('forbidden');
  untouched();
  void edit('see there');
  expect(messageById(db, id)?.text).toBe('see there');
});
