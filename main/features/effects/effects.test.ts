import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import { createEvents } from '../../events.ts';
import {
  addVersion,
  durably,
  effectsOfMessage,
  ensureConversation,
  insertInbound,
  insertOutgoing,
  markSent,
  messageById,
  openStore,
  transact,
  versionsOf,
  type Store,
} from '../../store/index.ts';
import { RawServer } from '../../xmpp/raw-server.fixture.ts';
import type { InboundEffect } from '../../xmpp/index.ts';
import { createChanges } from '../changes.ts';
import { createConnection, type AccountConnection } from '../connection.ts';
import { createEffects, type Applied, type Arrived, type Effects } from './index.ts';

const own = 'me@test.example';
const bob = 'bob@test.example';

let folder: string;
let store: Store;
let server: RawServer;
let connection: AccountConnection;
let effects: Effects;
let unsent: Applied[];
let lines: string[];
let conversationId: ConversationId;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postcard-effects-'));
  store = openStore({ file: join(folder, 'postcard.sqlite'), backupFolder: join(folder, 'backups') });
  server = await new RawServer().listening();
  unsent = [];
  lines = [];
  open();
  conversationId = ensureConversation(store.db, { address: bob, kind: 'direct' });
});
afterEach(async () => {
  effects.close();
  await connection.close({ resumable: false });
  await server.stop();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): void {
  const { db } = store;
  const events = createEvents();
  const log = (line: string) => void lines.push(line);
  const changes = createChanges({ db, events, onUnread: () => undefined });
  const target = { domain: 'test.example', endpoint: server.url };
  connection = createConnection({ address: own, password: 'secret', target, db, events, log });
  effects = createEffects({
    db,
    connection,
    changes,
    onUnsent: (applied) => void unsent.push(...applied),
    onTold: () => undefined,
    openRooms: () => [],
    log,
  });
}

const arrives = (effect: InboundEffect, given: Partial<Arrived> = {}): Applied | null => {
  const arrived: Arrived = {
    conversationId,
    sender: bob,
    at: 5000,
    effectId: 'e1',
    effect,
    latest: true,
    ...given,
  };
  return transact(store.db, () => effects.apply(arrived));
};
/** A message of bob as it comes in, with what waited for it. */
const comes = (id: string, text: string): MessageId =>
  transact(store.db, () => {
    const row = {
      conversationId,
      outgoing: false,
      senderAddress: bob,
      wireId: id,
      originId: null,
      stanzaId: null,
      sentAt: 1000,
      text,
      attachments: [],
    };
    const stored = insertInbound(store.db, row, { order: 'live', countUnread: true });
    effects.announce(effects.inserted(stored.id));
    return stored.id;
  });
const write = (text: string): MessageId =>
  durably(store.db, () =>
    insertOutgoing(store.db, { conversationId, originId: text, text, sentAt: 1000, senderAddress: own }),
  );
const edit = (target: string, text: string): InboundEffect => ({ kind: 'edit', target, text });
const text = (id: MessageId) => messageById(store.db, id)?.text;

it('applies what its author says, once', () => {
  const id = comes('w', 'teh');
  expect(arrives(edit('w', 'the'))).toEqual({ conversationId, id, kind: 'edit' });
  expect(arrives(edit('w', 'the'))).toBeNull();
  expect(text(id)).toBe('the');
  expect(arrives({ kind: 'unsend', target: 'w' }, { effectId: 'e2' })).toMatchObject({ id });
  expect(messageById(store.db, id)).toMatchObject({ text: '', unsent: true });
  // Too late.
  expect(arrives(edit('w', 'back again'), { effectId: 'e3' })).toBeNull();
  expect(text(id)).toBe('');
});

it('refuses what somebody says of the message of another one, and keeps it for nobody', () => {
  const mine = write('my words');
  const theirs = comes('w', 'their words');
  expect(arrives(edit('my words', 'forged'))).toBeNull();
  expect(arrives({ kind: 'unsend', target: 'my words' })).toBeNull();
  expect(arrives({ kind: 'unsend', target: 'w' }, { sender: own })).toBeNull();
  expect([text(mine), text(theirs)]).toEqual(['my words', 'their words']);
  expect(lines.filter((line) => line.startsWith('refused'))).toHaveLength(3);
});

it('lets what came first wait for its message, and applies it with it', () => {
  arrives(edit('w', 'third'), { effectId: 'c3', at: 3000 });
  arrives(edit('w', 'second'), { effectId: 'c2', at: 2000 });
  arrives(edit('w', 'forged'), { effectId: 'c9', at: 9000, sender: own });
  const id = comes('w', 'first');
  expect(versionsOf(store.db, id).map((version) => version.text)).toEqual(['first', 'second', 'third']);
  expect(text(id)).toBe('third');
});

it('keeps no text of what was unsent before it came', () => {
  arrives(edit('w', 'a secret'), { effectId: 'c1' });
  arrives({ kind: 'unsend', target: 'w' }, { effectId: 'u1' });
  arrives(edit('w', 'another secret'), { effectId: 'c2' });
  expect(store.db.prepare('SELECT effect FROM waiting_effect').pluck().all()).toEqual([
    '{"kind":"unsend","target":"w"}',
  ]);
  const id = comes('w', 'a secret');
  expect(messageById(store.db, id)).toMatchObject({ text: '', unsent: true });
  expect(unsent).toEqual([{ conversationId, id, kind: 'unsend' }]);
});

it('tells my change as soon as its message has gone, until the server has it', async () => {
  const id = write('mine');
  const change = (to: string) =>
    effects.own({
      conversationId,
      id,
      kind: 'edit',
      local: (db, { originId, at }) =>
        addVersion(db, id, { at, text: to, correctionId: originId, latest: true }),
      tell: [{ kind: 'edit', target: 'mine', text: to, caption: false }],
    });
  expect(change('mine, changed')).toBe(true);
  connection.start();
  await vi.waitUntil(() => connection.isReady(), { timeout: 10_000 });
  expect(server.messages()).toEqual([]);
  // The message itself has gone: its change may.
  markSent(store.db, 'mine');
  effects.pump();
  await vi.waitUntil(() => server.messages().length === 1);
  expect(server.messages()[0]).toContain('mine, changed');
  await vi.waitUntil(() => effectsOfMessage(store.db, id).length === 0, { timeout: 10_000 });
});
