import { expect, test } from 'vitest';
import * as store from './index.ts';
import { preparedTexts, statement } from './sql.ts';
import { direct, inbound, newStore } from './testing/fixtures.ts';

const file = { name: 'media/001.jpg', sha256: 'd'.repeat(64), bytes: 5, mediaType: 'image/jpeg' };
const incident = (given: Partial<store.NewIncident> = {}): store.NewIncident => ({
  token: 'a',
  address: 'bob@home.example',
  reason: 'spam',
  createdAt: 1000,
  sha256: 'f'.repeat(64),
  sending: 'waiting',
  reportInBlock: false,
  summary: { messages: 1, files: 1, absent: 0 },
  manifest: '{"m":1}',
  page: '<p>',
  evidence: '{"e":1}',
  files: [file],
  ...given,
});

test('asking twice makes one, and it is never written over', () => {
  const db = newStore();
  const id = store.insertIncident(db, incident());
  expect(store.insertIncident(db, incident({ manifest: '{"m":2}' }))).toBe(id);
  expect(store.incidentContent(db, id)).toEqual({ manifest: '{"m":1}', evidence: '{"e":1}', page: '<p>' });
  expect(store.incidentFiles(db, id)).toEqual([file]);
  expect(store.incidentByToken(db, 'a')).toMatchObject({ id, summary: { messages: 1, files: 1, absent: 0 } });
});

test('files of evidence are kept whatever becomes of the message, and never evicted', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const attachments = [
    {
      kind: 'photo',
      name: 'a',
      mediaType: 'image/jpeg',
      url: 'https://x.example/',
      localSha256: file.sha256,
    },
  ] as const;
  const { id } = store.insertInbound(db, inbound(bob, { attachments }), { order: 'live', countUnread: true });
  expect(store.evictable(db)).toContain(file.sha256);
  const kept = store.insertIncident(db, incident());
  expect(store.evictable(db)).not.toContain(file.sha256);
  statement(db, 'DELETE FROM message WHERE id = ?').run(id);
  expect(store.localFilesInUse(db)).toContain(file.sha256);
  expect(store.deleteIncident(db, kept)).toBe(true);
  expect(store.localFilesInUse(db)).not.toContain(file.sha256);
  expect(store.deleteIncident(db, kept)).toBe(false);
});

test('notes are added, each knowing the one before', () => {
  const db = newStore();
  const id = store.insertIncident(db, incident());
  const seen: string[][] = [];
  for (const text of ['one', 'two'])
    store.addIncidentNote(db, id, (before, sha256) => {
      seen.push([sha256.slice(0, 1), ...before.map((n) => n.sha256)]);
      return { content: text, sha256: text };
    });
  expect(seen).toEqual([['f'], ['f', 'one']]);
  expect(store.incidentNotes(db, id).map((n) => n.content)).toEqual(['one', 'two']);
  expect(() => store.addIncidentNote(db, 99, () => ({ content: '', sha256: '' }))).toThrow('not-found');
});

test('it is sent once: from waiting to the wire, and from there to sent, refused or back', () => {
  const db = newStore();
  const id = store.insertIncident(db, incident());
  const state = () => store.incidentById(db, id)?.sending;
  expect(store.incidentsToSend(db).map((i) => i.id)).toEqual([id]);
  store.markIncidentOnWire(db, id, { to: 'abuse@home.example', at: 5 });
  store.setIncidentUnsendable(db, id, 'nobody');
  expect(state()).toBe('wire');
  expect(store.requeueIncident(db, id)).toBe(true);
  expect(state()).toBe('waiting');
  expect(store.markIncidentSent(db, id, 9)).toBe(true);
  expect(store.markIncidentSent(db, id, 10)).toBe(false);
  expect(store.requeueIncident(db, id)).toBe(false);
  expect(store.markIncidentRefused(db, 'a', 'somebody@else.example')).toBe(false);
  expect(store.markIncidentRefused(db, 'a', 'abuse@home.example')).toBe(true);
  expect(store.incidentsToSend(db)).toEqual([]);
  store.requeueIncident(db, id);
  store.setIncidentContacts(db, id, ['mailto:a@b.example']);
  store.setIncidentUnsendable(db, id, 'by-hand');
  expect(store.incidentById(db, id)).toMatchObject({ sending: 'by-hand', contacts: ['mailto:a@b.example'] });
});

test('the report inside a block is the newest one of that address', () => {
  const db = newStore();
  store.insertIncident(db, incident({ reportInBlock: true }));
  store.insertIncident(db, incident({ token: 'b', reportInBlock: true }));
  expect(store.incidentForBlock(db, 'bob@home.example')?.token).toBe('b');
  store.markIncidentsInBlock(db, 'bob@home.example', { told: true });
  expect(store.incidentForBlock(db, 'bob@home.example')).toBeNull();
});

test('lists are paged, newest first, and no query reads a whole table', () => {
  const db = newStore();
  for (let n = 0; n < 25; n += 1)
    store.insertIncident(db, incident({ token: String(n), createdAt: 1000 + (n >> 1), reportInBlock: true }));
  const seen: string[] = [];
  let before: string | null = null;
  do {
    const page: ReturnType<typeof store.listIncidents> = store.listIncidents(db, { before, limit: 10 });
    seen.push(...page.items.map((i) => i.token));
    before = page.next;
  } while (before !== null);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => String(24 - n)));
  expect(() => store.listIncidents(db, { before: 'x', limit: 1 })).toThrow('invalid-argument');
  store.incidentById(db, 1);
  store.incidentsToSend(db);
  store.incidentForBlock(db, 'x');
  store.markIncidentsInBlock(db, 'x', { told: false });
  store.markIncidentRefused(db, 'x', 'y');
  for (const text of preparedTexts(db).filter((one) => /\bincident/.test(one) && !one.includes('UNION'))) {
    const plan = statement(db, `EXPLAIN QUERY PLAN ${text}`).all(...parameters(text)) as { detail: string }[];
    for (const { detail } of plan) expect(detail, text).not.toMatch(/^SCAN incident(?!.* USING .*INDEX)/);
  }
});

const parameters = (text: string) => Array.from(text.matchAll(/\?/g), () => 1);

test('the window around a message has what was not shown, too', () => {
  const db = newStore();
  const bob = direct(db, 'bob@home.example');
  const ids = Array.from(
    { length: 30 },
    (_, n) =>
      store.insertInbound(db, inbound(bob, { text: `m${n}`, sentAt: 1000 + n }), {
        order: 'live',
        countUnread: true,
      }).id,
  );
  const [first, tenth] = [ids[0], ids[10]];
  if (first === undefined || tenth === undefined) throw new Error('thirty were added');
  store.markPending(db, bob);
  store.foldRequest(db, bob, ids);
  const window = store.evidenceAround(db, tenth, { before: 2, after: 1 });
  expect(window.items.map((m) => m.text)).toEqual(['m8', 'm9', 'm10', 'm11']);
  expect(window.items.every((m) => m.folded)).toBe(true);
  expect([window.hasBefore, window.hasAfter]).toEqual([true, true]);
  expect(store.evidenceAround(db, first, { before: 5, after: 0 })).toMatchObject({ hasBefore: false });
  const newest = store.newestEvidence(db, bob, 3);
  expect(newest.items.map((m) => m.text)).toEqual(['m27', 'm28', 'm29']);
  expect(newest.hasBefore).toBe(true);
  expect(store.newestEvidence(db, bob, 0).items).toEqual([]);
  expect(store.evidenceByIds(db, [tenth, 99 as typeof tenth]).map((m) => m.text)).toEqual(['m10']);
  const read = preparedTexts(db).find(
    (text) => text.includes('conversation c') && text.includes('json_each'),
  );
  const plan = statement(db, `EXPLAIN QUERY PLAN ${read}`).all('[]') as { detail: string }[];
  expect(plan.map(({ detail }) => detail)).toContain('SEARCH m USING INTEGER PRIMARY KEY (rowid=?)');
  expect(() => store.evidenceAround(db, 99 as typeof tenth, { before: 0, after: 0 })).toThrow('not-found');
});
