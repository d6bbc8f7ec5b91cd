import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ConversationId } from '../../../contract/ids.ts';
import { openMedia, type Media } from '../../media/index.ts';
import {
  ensureConversation,
  insertInbound,
  openStore,
  pendingErasure,
  transact,
  type Store,
} from '../../store/index.ts';
import { createEraser, type Eraser } from './eraser.ts';
import { purge } from './purges.ts';

let folder: string;
let store: Store;
let media: Media;
let eraser: Eraser;
let lines: string[];
let bob: ConversationId;

const open = () => {
  store = openStore({ file: join(folder, 'a.sqlite'), backupFolder: join(folder, 'backups') });
  eraser = createEraser({
    db: store.db,
    media,
    backupFolder: join(folder, 'backups'),
    log: (line) => void lines.push(line),
  });
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postcard-eraser-'));
  media = await openMedia({ folder: join(folder, 'media') });
  lines = [];
  open();
  bob = ensureConversation(store.db, { address: 'bob@home.example', kind: 'direct' });
});
afterEach(async () => {
  await eraser.close();
  await media.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
  expect(lines).toEqual([]);
});

const stored = async (content: string) => {
  const path = join(folder, 'original');
  writeFileSync(path, content);
  const file = await media.store.addFile(path);
  rmSync(path);
  return file;
};
const message = (wireId: string, sha256: string | null, text = 'words of it') => {
  const file = {
    kind: 'photo',
    name: 'a.png',
    mediaType: 'image/png',
    url: 'https://x.example/a',
    localSha256: sha256,
  } as const;
  const row = {
    conversationId: bob,
    outgoing: false,
    senderAddress: 'bob@home.example',
    wireId,
    originId: null,
    stanzaId: null,
    sentAt: 1000,
    text,
    attachments: sha256 === null ? [] : [file],
  };
  return insertInbound(store.db, row, { order: 'live', countUnread: true }).id;
};
const unsend = (id: ReturnType<typeof message>) => transact(store.db, () => purge(store.db, id, 5000));
const done = () => vi.waitFor(() => expect(pendingErasure(store.db)).toBeNull());

it('removes a file with its last message', async () => {
  const file = await stored('a picture');
  const [first, second] = [message('1', file.sha256), message('2', file.sha256)];
  unsend(first);
  eraser.run();
  await done();
  expect(existsSync(file.path)).toBe(true);
  unsend(second);
  eraser.run();
  await done();
  expect(existsSync(file.path)).toBe(false);
});

it('leaves a file that was chosen anew since, though no message has it yet', async () => {
  const file = await stored('a picture');
  unsend(message('1', file.sha256));
  utimesSync(file.path, Date.now() / 1000 + 5, Date.now() / 1000 + 5);
  eraser.run();
  await done();
  expect(existsSync(file.path)).toBe(true);
});

it('leaves the file of a report that was made before', async () => {
  const file = await stored('evidence');
  const id = message('1', file.sha256);
  store.db.pragma('foreign_keys = OFF');
  store.db
    .prepare(
      `INSERT INTO incident_file (incident_id, name, sha256, bytes, media_type) VALUES (1, 'a.png', ?, 8, 'image/png')`,
    )
    .run(file.sha256);
  unsend(id);
  eraser.run();
  await done();
  expect(existsSync(file.path)).toBe(true);
});

it('goes on with what a crash interrupted, and takes copies of the database along', async () => {
  const file = await stored('left behind');
  mkdirSync(join(folder, 'backups'), { recursive: true });
  writeFileSync(join(folder, 'backups', 'a-copy.db'), 'words of it');
  unsend(message('1', file.sha256));
  // The process ends here; the next one finds the note.
  store.close();
  open();
  eraser.run();
  await done();
  expect([file.path, join(folder, 'backups', 'a-copy.db')].map((path) => existsSync(path))).toEqual([
    false,
    false,
  ]);
  expect(readFileSync(join(folder, 'a.sqlite')).includes('words of it')).toBe(false);
});
