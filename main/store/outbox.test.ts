import { expect, test } from 'vitest';
import { between, pick, seeded } from '../../bench/random.ts';
import type { ConversationId, MessageId } from '../../contract/ids.ts';
import {
  attachmentsOfMessage,
  cameBack,
  delayTry,
  deleteMessage,
  failOutbox,
  filesDone,
  hasUnsent,
  insertOutgoing,
  markBounced,
  markSent,
  messageById,
  nextToSend,
  onWire,
  outboxByMessageId,
  outboxByOriginId,
  removeFromOutbox,
  requeue,
  retry,
  setStage,
  setUploaded,
  uploadsWaiting,
  type WritableDb,
} from './index.ts';
import { direct, me, newStore } from './testing/fixtures.ts';

const photo = { kind: 'photo', name: 'a.jpg', mediaType: 'image/jpeg', localSha256: 'f'.repeat(64) } as const;
const write = (db: WritableDb, conversationId: ConversationId, originId: string, photos = 0): MessageId =>
  insertOutgoing(db, {
    conversationId,
    originId,
    text: originId,
    sentAt: 1_000,
    senderAddress: me,
    attachments: Array.from({ length: photos }, () => photo),
  });
const next = (db: WritableDb, now?: number) => nextToSend(db, now).map((r) => r.originId);
const upload = (db: WritableDb, id: MessageId): void => {
  for (const a of attachmentsOfMessage(db, id)) setUploaded(db, a.id, `https://x.example/${a.id}`);
};

test('a photo still uploading holds back its own conversation, and no other', () => {
  const db = newStore();
  const [bob, eve] = [direct(db, 'bob@home.example'), direct(db, 'eve@home.example')];
  const album = write(db, bob, 'photo', 2);
  write(db, bob, 'text');
  write(db, eve, 'other');
  expect(next(db)).toEqual(['other']);
  expect(uploadsWaiting(db)).toMatchObject([
    { originId: 'photo', address: 'bob@home.example', attachments: [{ url: null }, { url: null }] },
  ]);
  const [first] = attachmentsOfMessage(db, album);
  if (first) setUploaded(db, first.id, 'https://x.example/1');
  expect(next(db)).toEqual(['other']);
  upload(db, album);
  expect(next(db)).toEqual(['photo', 'other']);
  setStage(db, album, 'wire', 77);
  expect(next(db)).toEqual(['text', 'other']);
  expect(outboxByOriginId(db, 'photo')).toMatchObject({ stage: 'wire', wireAt: 77, attempts: 1 });
});

test('what went as soon as its last file had an address is not made ready once more', () => {
  const db = newStore();
  const id = write(db, direct(db, 'bob@home.example'), 'photo', 1);
  upload(db, id);
  // The outbox is faster than what uploaded it.
  setStage(db, id, 'wire');
  filesDone(db, id);
  expect([next(db), onWire(db).map((r) => r.originId)]).toEqual([[], ['photo']]);
});

test('what fails blocks nobody, and tried again it goes first', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const first = write(db, bob, 'a');
  write(db, bob, 'b');
  expect(failOutbox(db, first, 'upload-failed', { bytes: 5 })).toBe(true);
  expect(failOutbox(db, first, 'upload-failed')).toBe(false);
  expect(messageById(db, first)).toMatchObject({
    state: 'failed',
    problem: { code: 'upload-failed', detail: { bytes: 5 } },
  });
  expect(next(db)).toEqual(['b']);
  expect(retry(db, first)).toBe(true);
  expect(messageById(db, first)).toMatchObject({ state: 'sending', problem: null });
  expect(next(db)).toEqual(['a']);
  expect(hasUnsent(db)).toBe(2);
  markSent(db, 'a');
  expect(retry(db, first)).toBe(false);
});

test('what came back goes again under a new id, so that no copy of the old one counts for it', () => {
  const db = newStore();
  const id = write(db, direct(db, 'bob@home.example'), 'a');
  markBounced(db, { address: 'bob@home.example', originId: 'a', code: 'not-delivered', detail: {} });
  expect([cameBack(db, 'a'), cameBack(db, 'b')]).toEqual([true, false]);
  retry(db, id);
  expect(next(db)).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
  expect(markSent(db, 'a')).toBeNull();
  expect(messageById(db, id)?.state).toBe('sending');
});

test('a failed upload is uploaded again, an uploaded one is not', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const id = write(db, bob, 'a', 1);
  failOutbox(db, id, 'upload-failed');
  retry(db, id);
  expect(outboxByMessageId(db, id)?.stage).toBe('upload');
  upload(db, id);
  failOutbox(db, id, 'not-delivered');
  retry(db, id);
  expect(outboxByMessageId(db, id)?.stage).toBe('ready');
});

test('a try that is put off holds its conversation back until its time, or until somebody asks', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const id = write(db, bob, 'a');
  write(db, bob, 'b');
  delayTry(db, id, 500);
  expect([next(db, 499), next(db, 500)]).toEqual([[], ['a']]);
  retry(db, id);
  expect(next(db, 0)).toEqual(['a']);
  removeFromOutbox(db, id);
  expect(next(db, 0)).toEqual(['b']);
});

/** What a person sees: messages of one conversation arrive in the order they were written, each once. */
test.each([1, 2, 3, 4, 5])(
  'order holds through random sends, lost connections and uploads (seed %i)',
  (seed) => {
    const db = newStore();
    const random = seeded(seed);
    const conversations = ['a', 'b', 'c'].map((name) => direct(db, `${name}@home.example`));
    const written = new Map<ConversationId, string[]>(conversations.map((id) => [id, []]));
    const arrived = new Map<ConversationId, string[]>(conversations.map((id) => [id, []]));
    const gone = new Set<string>();
    let count = 0;
    const steps = {
      write: () => {
        const to = pick(random, conversations);
        count += 1;
        insertOutgoing(db, {
          conversationId: to,
          originId: `m${count}`,
          text: 'x',
          sentAt: between(random, 1, 100),
          senderAddress: me,
          attachments: random() < 0.3 ? [photo] : [],
        });
        written.get(to)?.push(`m${count}`);
      },
      send: () => {
        for (const r of nextToSend(db)) setStage(db, r.messageId, 'wire');
      },
      confirm: () => {
        // The server takes stanzas in the order of the stream.
        for (const r of onWire(db).slice(0, between(random, 0, 3))) {
          markSent(db, r.originId);
          arrived.get(r.conversationId)?.push(r.originId);
        }
      },
      cut: () =>
        requeue(
          db,
          onWire(db).map((r) => r.messageId),
        ),
      upload: () => {
        const waiting = uploadsWaiting(db);
        if (waiting.length > 0) upload(db, pick(random, waiting).messageId);
      },
      discard: () => {
        const waiting = [...nextToSend(db), ...uploadsWaiting(db)];
        if (waiting.length === 0 || random() < 0.8) return;
        const { messageId, originId } = pick(random, waiting);
        deleteMessage(db, messageId);
        gone.add(originId);
      },
    };
    for (let i = 0; i < 600; i += 1) pick(random, Object.values(steps))();
    while (hasUnsent(db) > 0) for (const step of [steps.upload, steps.send, steps.confirm]) step();
    for (const id of conversations) {
      expect(arrived.get(id)).toEqual(written.get(id)?.filter((m) => !gone.has(m)));
    }
  },
);
