import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { unzipSync } from 'fflate';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as verifier from '../../../scripts/verify-report.mjs';
import { createEvents } from '../../events.ts';
import { openMedia } from '../../media/index.ts';
import {
  addIncidentNote,
  incidentById,
  incidentContent,
  insertIncident,
  insertInbound,
  upsertPerson,
  type NewAttachment,
} from '../../store/index.ts';
import { direct, inbound, me, newStore, temporaryFolder } from '../../store/testing/fixtures.ts';
import { createConnection } from '../connection.ts';
import { canonicalJson, sha256Of } from './canonical.ts';
import { gather, previewOf } from './gather.ts';
import { reportedInBlock } from './in-block.ts';
import { createReports } from './index.ts';
import { makeNote } from './manifest.ts';
import { packageReport, presentFiles } from './package.ts';
import { escaped } from './page.ts';
import { zonedTime } from './zoned-time.ts';

const bob = 'bob@home.example';
const token = '5b0f8a3e-7f2d-4a53-9d0c-2f6f5a1b7c11';
const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from('a picture, as it were')]);

/** An account with a few messages, two of them with files, of which one is here. */
async function account() {
  const db = newStore();
  const folder = temporaryFolder();
  const media = await openMedia({ folder: join(folder, 'media') });
  onTestFinished(() => media.close());
  const stored = await media.store.addStream(Readable.from([jpeg]));
  const conversation = direct(db, bob);
  upsertPerson(db, { address: bob, nick: 'Bob \u202e<b>', bio: '<script>alert(1)</script>', fetchedAt: 5 });
  const add = (text: string, attachments: readonly NewAttachment[] = []) =>
    insertInbound(
      db,
      inbound(conversation, {
        text,
        attachments,
        sentAt: 1_700_000_000_000,
        stanzaId: `s-${text.slice(0, 5)}`,
      }),
      { order: 'live', countUnread: true },
    ).id;
  const photo = {
    kind: 'photo',
    name: 'a".jpg',
    mediaType: 'image/jpeg',
    localSha256: stored.sha256,
  } as const;
  const remote = {
    kind: 'file',
    name: 'b.exe',
    mediaType: 'application/x-msdownload',
    url: 'https://x.example/b.exe',
    remoteSha256: 'c'.repeat(64),
  } as const;
  const ids = [add('before <img src=x>'), add('\u202edesrever', [photo]), add('after', [remote])] as const;
  const report = async (given: Partial<Parameters<typeof gather>[1]> = {}) => {
    const asked = {
      token,
      address: bob,
      messageId: ids[1],
      messages: [...ids],
      files: true,
      profile: true,
      reason: 'scam' as const,
      details: 'He & I "know"',
      send: false,
      block: false,
      ...given,
    } satisfies Parameters<typeof gather>[1];
    const made = await gather({ db, media, ownAddress: me }, asked);
    const rest = {
      token: asked.token,
      address: bob,
      reason: 'scam',
      sending: 'kept',
      reportInBlock: false,
    } as const;
    const id = insertIncident(db, { ...made, ...rest });
    addIncidentNote(db, id, (before, sha256) =>
      makeNote('asked him to stop', { before, sha256, at: 9, zone: 'Asia/Kolkata' }),
    );
    addIncidentNote(db, id, (before, sha256) =>
      makeNote('he did not', { before, sha256, at: 10, zone: 'Asia/Kolkata' }),
    );
    return { id, made };
  };
  const exported = async (id: number): Promise<Buffer> => {
    const incident = incidentById(db, id);
    if (!incident) throw new Error('it was made');
    const pieces: Uint8Array[] = [];
    for await (const piece of await packageReport(db, media, incident)) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  const file = join(folder, 'report.zip');
  const verify = (zip: Uint8Array) => {
    writeFileSync(file, zip);
    return verifier.verifyZip(file);
  };
  return { db, media, stored, ids, report, exported, verify, file };
}

describe('the manifest', () => {
  test('is written in one way, whatever order things were put together in', () => {
    const text = canonicalJson({ b: [1, { z: null, a: 'é\n"' }], a: true });
    expect(text).toBe('{"a":true,"b":[1,{"a":"é\\n\\"","z":null}]}');
    expect(verifier.canonicalJson(JSON.parse(text) as never)).toBe(text);
    expect(canonicalJson({ '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude02': 4, '\ufb33': 5 })).toBe(
      '{"\\r":2,"1":3,"\u20ac":1,"\ud83d\ude02":4,"\ufb33":5}',
    );
  });

  test('has each part with its hash, and says what is not in it', async () => {
    const { report, stored } = await account();
    const { made } = await report();
    const evidence = JSON.parse(made.evidence) as { messages: { part: string; files: unknown[] }[] };
    expect(evidence.messages.map((m) => m.part)).toEqual(['before', 'reported', 'after']);
    expect(evidence.messages[1]?.files).toMatchObject([
      { file: 'media/001.jpg', sha256: stored.sha256, absent: null },
    ]);
    expect(evidence.messages[2]?.files).toMatchObject([
      { file: null, absent: 'never-fetched', url: 'https://x.example/b.exe', claimedSha256: 'c'.repeat(64) },
    ]);
    const manifest = JSON.parse(made.manifest) as { parts: { part: string; sha256: string }[] };
    expect(manifest.parts.map((p) => p.part)).toEqual([
      'report',
      'account',
      'profile',
      'message 1',
      'message 2',
      'message 3',
      'incident.json',
      'index.html',
      'media/001.jpg',
    ]);
    expect(manifest.parts[4]?.sha256).toBe(sha256Of(canonicalJson(evidence.messages[1] as never)));
    expect(made.sha256).toBe(createHash('sha256').update(made.manifest).digest('hex'));
    expect(made.summary).toEqual({ messages: 3, files: 1, absent: 1 });
  });

  test('is of the moment it was made: files that are gone or damaged are said to be', async () => {
    const { report, stored, media } = await account();
    writeFileSync(stored.path, 'something else');
    expect((await report({ token: token.replace('5', '6') })).made.evidence).toContain('"absent":"damaged"');
    await media.store.remove(stored.sha256);
    expect((await report({ token: token.replace('5', '7') })).made.evidence).toContain('"absent":"missing"');
    expect((await report({ token: token.replace('5', '8'), files: false })).made.evidence).toContain(
      '"absent":"left-out"',
    );
  });

  test('takes only messages of that conversation, and only their own as the reported one', async () => {
    const { db, report, ids } = await account();
    const other = insertInbound(
      db,
      inbound(direct(db, 'eve@home.example'), { senderAddress: 'eve@home.example' }),
      {
        order: 'live',
        countUnread: true,
      },
    ).id;
    await expect(report({ messages: [...ids, other] })).rejects.toMatchObject({ code: 'invalid-argument' });
    await expect(report({ messageId: other, messages: [other] })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(() => previewOf(db, { address: bob, messageId: other, before: 1, after: 1 })).toThrow('not-found');
    const preview = previewOf(db, { address: bob, messageId: ids[1], before: 0, after: 1 });
    expect(preview).toMatchObject({ hasBefore: true, hasAfter: false });
    expect(preview.messages.map((m) => m.reported)).toEqual([true, false]);
  });
});

test('times have the offset of their zone, in summer and winter', () => {
  expect(zonedTime(Date.UTC(2026, 6, 1), 'Europe/Berlin').time).toBe('2026-07-01T02:00:00.000+02:00');
  expect(zonedTime(Date.UTC(2026, 0, 1), 'Europe/Berlin').time).toBe('2026-01-01T01:00:00.000+01:00');
  expect(zonedTime(0, 'Asia/Kolkata').time).toBe('1970-01-01T05:30:00.000+05:30');
  expect(zonedTime(0, 'America/St_Johns').time).toBe('1969-12-31T20:30:00.000-03:30');
  expect(zonedTime(0, 'UTC').time).toBe('1970-01-01T00:00:00.000+00:00');
});

test('the page shows text as text', () => {
  expect(escaped(`<a href='x'>&"\u0000\ud800`)).toBe('&lt;a href=&#39;x&#39;&gt;&amp;&quot;\ufffd\ufffd');
});

describe('an exported report', () => {
  test('verifies as it is, with its files and notes', async () => {
    const { report, exported, verify, file, stored } = await account();
    const { id, made } = await report();
    const zip = await exported(id);
    expect(verify(zip)).toMatchObject({
      problems: [],
      facts: { whole: made.sha256, about: bob, notes: 2, files: 1, lost: [] },
    });
    const lines: string[] = [];
    expect(verifier.main([file], (line) => lines.push(line))).toBe(0);
    expect(lines.join('\n')).toContain(made.sha256);
    expect(zip.includes(readFileSync(stored.path))).toBe(true);
    const page = zip.subarray(0, zip.indexOf('</html>')).toString('latin1');
    expect(/<script|<img src=x/.exec(page)).toBeNull();
    // Twice the same but for the time of the export.
    expect((await exported(id)).length).toBe(zip.length);
  });

  test('does not, when any one byte of it is another one', { timeout: 120_000 }, async () => {
    const { report, exported, verify, file } = await account();
    const zip = await exported((await report()).id);
    const unnoticed: number[] = [];
    verify(zip);
    const open = openSync(file, 'r+');
    const put = (byte: number, at: number) => writeSync(open, Buffer.from([byte]), 0, 1, at);
    // Every byte, but for the page's text, which is long: there every seventh.
    for (let at = 0; at < zip.length; at += at > 60 && at < 6_000 ? 7 : 1) {
      const byte = zip[at] ?? 0;
      put(byte ^ (1 << (at % 8)), at);
      if (verifier.verifyZip(file).problems.length === 0) unnoticed.push(at);
      put(byte, at);
    }
    closeSync(open);
    expect(verifier.verifyZip(file).problems).toEqual([]);
    expect(unnoticed).toEqual([]);
  });

  test('names the part that was changed', async () => {
    const { report, exported, verify } = await account();
    const zip = await exported((await report()).id);
    const changed = (what: string, by: string) => {
      const copy = Buffer.from(zip);
      const at = copy.indexOf(what);
      expect(at).toBeGreaterThan(0);
      copy.write(by, at);
      return verify(copy).problems.join('\n');
    };
    expect(changed('a picture, as', 'a pictvre, as')).toContain('media/001.jpg: it was changed');
    expect(changed('"text":"after"', '"text":"aftex"')).toContain('incident.json, message 3');
    expect(changed('"text":"he did not"', '"text":"he did now"')).toContain('notes.json, note 2');
    expect(changed('"whole":"', '"wholf":"')).toContain('checksums.json');
    expect(changed('<h1>', '<h2>')).toContain('index.html: it was changed');
  });

  test('a page or a picture that was changed, with all checksums made anew, does not fit the fingerprint', async () => {
    const { report, exported, verify, db } = await account();
    const { id, made } = await report();
    /** The same archive with another text of the same length in one file, and every checksum made anew. */
    const forged = async (name: string, from: string, to: string) => {
      const zip = await exported(id);
      const put = (file: string, content: Buffer) => {
        let at = zip.readUInt32LE(zip.length - 6);
        while (zip.toString('latin1', at + 46, at + 46 + zip.readUInt16LE(at + 28)) !== file)
          at += 46 + zip.readUInt16LE(at + 28);
        const start = zip.readUInt32LE(at + 42) + 30 + file.length;
        zip.writeUInt32LE(crc32(content), at + 16);
        zip.writeUInt32LE(crc32(content), start + content.length + 4);
        content.copy(zip, start);
      };
      const files = unzipSync(zip);
      const before = Buffer.from(files[name] ?? []).toString('latin1');
      expect([before.includes(from), from.length]).toEqual([true, to.length]);
      files[name] = Buffer.from(before.replace(from, to), 'latin1');
      put(name, Buffer.from(files[name]));
      const { sha256: _, ...sums } = JSON.parse(Buffer.from(files['checksums.json'] ?? []).toString()) as {
        sha256: string;
        files: { name: string; bytes: number; sha256: string }[];
      };
      for (const one of sums.files) one.sha256 = sha256Of(files[one.name] ?? new Uint8Array());
      const content = canonicalJson({ ...sums, sha256: sha256Of(canonicalJson(sums)) });
      put('checksums.json', Buffer.from(content));
      return verify(zip);
    };
    expect((await forged('index.html', 'after', 'never')).problems).toEqual([
      'index.html: it is not what it was when the report was made',
    ]);
    expect((await forged('media/001.jpg', 'a picture', 'a forgery')).problems).toHaveLength(1);
    // Notes are the reporter's own, and no part of what was sealed.
    expect(await forged('notes.html', 'asked him', 'urged him')).toMatchObject({
      problems: [],
      facts: { whole: made.sha256, pageSealed: true },
    });
    expect(incidentContent(db, id).page).toBe(made.page);
  });

  test('says what was lost since, and is not complete', async () => {
    const { db, media, report, exported, verify, stored, file } = await account();
    const { id } = await report();
    await media.store.remove(stored.sha256);
    expect((await presentFiles(db, media, id)).lost).toHaveLength(1);
    const zip = await exported(id);
    expect(verify(zip)).toMatchObject({ problems: [], facts: { lost: ['media/001.jpg'], files: 0 } });
    expect(verifier.main([file], () => undefined)).toBe(3);
  });

  test('is not what hostile archives are', async () => {
    const { report, exported, verify, file } = await account();
    const zip = await exported((await report()).id);
    const fails = (copy: Buffer, why: string) => expect(verify(copy).problems.join('\n')).toContain(why);
    const renamed = Buffer.from(
      zip.toString('latin1').replaceAll('media/001.jpg', '../../x/1.jpg'),
      'latin1',
    );
    fails(renamed, 'no part of a report');
    const twice = Buffer.from(zip.toString('latin1').replaceAll('notes.json', 'index.html'), 'latin1');
    fails(twice, 'twice');
    fails(Buffer.concat([zip, Buffer.from('x')]), 'end');
    fails(zip.subarray(0, zip.length - 30), 'end');
    fails(Buffer.concat([Buffer.from('#!/bin/sh\n'), zip]), 'place or length');
    fails(Buffer.alloc(0), 'no ZIP');
    const bomb = Buffer.from(zip);
    bomb.writeUInt16LE(0xffff, bomb.length - 12);
    bomb.writeUInt16LE(0xffff, bomb.length - 14);
    fails(bomb, 'number of files');
    const long = Buffer.from(zip);
    const directory = long.readUInt32LE(long.length - 6);
    long.writeUInt32LE(0xfffffff0, directory + 20);
    long.writeUInt32LE(0xfffffff0, directory + 24);
    fails(long, 'larger');
    rmSync(file);
    expect(verifier.main([file], undefined, () => undefined)).toBe(2);
    expect(verifier.main([], undefined, () => undefined)).toBe(2);
  });
});

test('a block that a kill kept from following its report is made at the next start', async () => {
  const { db, media, report } = await account();
  const { id, made } = await report();
  const waits = {
    token: 'aaaaaaaa',
    address: 'mallory@home.example',
    reason: 'spam',
    sending: 'kept',
  } as const;
  insertIncident(db, { ...made, ...waits, reportInBlock: true });
  const events = createEvents();
  const log = () => undefined;
  const connection = createConnection({ address: me, password: null, target: null, db, events, log });
  const blocked = new Set<string>();
  const start = () =>
    createReports({
      db,
      ownAddress: me,
      media,
      connection,
      events,
      isBlocked: (address) => blocked.has(address),
      block: (address) => void blocked.add(address),
      log,
    }).close();
  start();
  expect([...blocked]).toEqual(['mallory@home.example']);
  blocked.clear();
  reportedInBlock(db, 'mallory@home.example', { told: true });
  start();
  expect([...blocked]).toEqual([]);
  expect(incidentById(db, id)?.address).toBe(bob);
});
