import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore } from '../store/index.ts';
import type { InboundMessage } from '../xmpp/index.ts';
import { inboundRow, isForConversation } from './inbound-row.ts';

const base: InboundMessage = {
  source: 'live',
  outgoing: false,
  from: 'b@localhost',
  to: 'a@localhost',
  fromResource: null,
  peer: 'b@localhost',
  type: 'chat',
  id: 'w1',
  originId: null,
  stanzaId: null,
  sentAt: 1,
  delayed: false,
  body: 'hi',
  files: [],
  wantsReceipt: false,
  markable: false,
  noStore: false,
  effect: null,
  tombstone: false,
};
const file = {
  url: 'https://u.example/a/b%20c.jpg',
  name: null,
  mediaType: null,
  bytes: null,
  width: null,
  height: null,
  sha256: null,
  thumbhash: null,
  thumbnail: null,
  caption: null,
};
const store = openStore({
  file: join(mkdtempSync(join(tmpdir(), 'postcard-')), 'a.sqlite'),
  backupFolder: mkdtempSync(join(tmpdir(), 'postcard-')),
});

describe('inboundRow', () => {
  it('leaves out what is not for a conversation', () => {
    expect(isForConversation(base)).toBe(true);
    expect(isForConversation({ ...base, body: null })).toBe(false);
    expect(isForConversation({ ...base, type: 'groupchat' })).toBe(false);
    expect(isForConversation({ ...base, type: 'headline' })).toBe(false);
  });
  it('takes a photo of another app by its address alone', () => {
    const row = inboundRow(store.db, { ...base, body: null, files: [file] }, 'a@localhost');
    expect(row.attachments[0]).toMatchObject({ kind: 'photo', name: 'b c.jpg', state: 'remote' });
    expect(row.text).toBe('');
  });
  it('never makes a picture of an SVG', () => {
    const svg = { ...file, url: 'https://u.example/x.svg', mediaType: 'image/svg+xml' };
    expect(inboundRow(store.db, { ...base, files: [svg] }, 'a@localhost').attachments[0]?.kind).toBe('file');
  });
  it('takes the caption as the text', () => {
    const row = inboundRow(store.db, { ...base, files: [{ ...file, caption: 'Dawn' }] }, 'a@localhost');
    expect(row.text).toBe('Dawn');
  });
  it('bears a name that is no encoding', () => {
    const odd = { ...file, url: 'https://u.example/%zz%E0%A4%A.png' };
    expect(inboundRow(store.db, { ...base, files: [odd] }, 'a@localhost').attachments[0]?.name).toContain(
      'zz',
    );
  });
});
