import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  backup,
  durably,
  insertInbound,
  messagesPage,
  openStore,
  readState,
  transact,
  writeState,
} from './index.ts';
import { migrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';
import { direct, inbound, newStore, temporaryFolder } from './testing/fixtures.ts';

const paths = () => {
  const folder = temporaryFolder();
  return { file: join(folder, 'account.db'), backupFolder: join(folder, 'backups') };
};
const thrown = (fn: () => unknown): unknown => {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('opening', () => {
  test('makes the folder and the file, and finds its data again', () => {
    const o = { ...paths() };
    const file = join(o.backupFolder, 'deep', 'account.db');
    const first = openStore({ ...o, file });
    writeState(first.db, 'a', 'b');
    first.close();
    first.close();
    const second = openStore({ ...o, file });
    expect(readState(second.db, 'a')).toBe('b');
    second.close();
  });

  test('refuses a database of a newer version and leaves it as it is', () => {
    const o = paths();
    openStore(o).close();
    const raw = new Database(o.file);
    raw.pragma('user_version = 99');
    raw.close();
    const before = readFileSync(o.file);
    expect(thrown(() => openStore(o))).toMatchObject({
      code: 'database-newer',
      detail: { found: 99, known: migrations.length },
    });
    expect(readFileSync(o.file).equals(before)).toBe(true);
  });

  test.each([
    ['text', () => Buffer.from('this is no database at all, only some words '.repeat(400))],
    ['a file cut short', (whole: Buffer) => whole.subarray(0, 8192)],
    ['a damaged header', (whole: Buffer) => Buffer.concat([Buffer.alloc(64, 7), whole.subarray(64)])],
  ])('calls %s broken and never overwrites it', (_name, damage) => {
    const o = paths();
    openStore(o).close();
    const damaged = damage(readFileSync(o.file));
    writeFileSync(o.file, damaged);
    expect(thrown(() => openStore(o))).toMatchObject({ code: 'database-broken' });
    expect(readFileSync(o.file).equals(damaged)).toBe(true);
  });

  test("refuses somebody else's database", () => {
    const o = paths();
    const raw = new Database(o.file);
    raw.exec('CREATE TABLE recipe (name TEXT)');
    raw.close();
    expect(thrown(() => openStore(o))).toMatchObject({ code: 'database-broken' });
  });

  test('after an error that may have done damage, the next start looks closely', () => {
    const o = paths();
    const store = openStore(o);
    const conversation = direct(store.db, 'bob@home.example');
    for (let i = 0; i < 500; i += 1)
      insertInbound(store.db, inbound(conversation, { text: `word ${i}`, sentAt: i }), {
        order: 'live',
        countUnread: true,
      });
    const root = store.db
      .prepare(`SELECT rootpage FROM sqlite_schema WHERE name = 'message_by_position'`)
      .pluck()
      .get();
    store.close();
    const whole = readFileSync(o.file);
    // A page that opening does not look at.
    const start = (Number(root) - 1) * 4096;
    writeFileSync(o.file, whole.fill(0x5a, start, start + 4096));
    const again = openStore(o);
    const page = () =>
      messagesPage(again.db, { conversationId: conversation, at: { kind: 'newest' }, limit: 200 });
    expect(thrown(page)).toMatchObject({ code: 'database-broken' });
    again.close();
    expect(thrown(() => openStore(o))).toMatchObject({ code: 'database-broken' });
  });

  test('a folder that can not be made is said to be unwritable', () => {
    const o = paths();
    mkdirSync(join(o.file, 'is-a-folder'), { recursive: true });
    expect(thrown(() => openStore(o))).toMatchObject({ code: 'folder-unwritable' });
  });
});

describe('migrations', () => {
  const next: Migration = {
    version: migrations.length + 1,
    name: 'test',
    up: (db) => void db.exec('CREATE TABLE later (a INTEGER) STRICT'),
  };

  test('are numbered without holes', () => {
    expect(migrations.map((m) => m.version)).toEqual(migrations.map((_, i) => i + 1));
  });

  test.each(migrations.map((m) => m.version))(
    'start from version %i, keep its data, after a backup',
    (version) => {
      const o = paths();
      const old = openStore({ ...o, migrations: migrations.slice(0, version) });
      writeState(old.db, 'kept', 'yes');
      old.close();
      const store = openStore({ ...o, migrations: [...migrations, next] });
      expect(readState(store.db, 'kept')).toBe('yes');
      store.close();
      const [copy] = readdirSync(o.backupFolder);
      const restored = new Database(join(o.backupFolder, copy ?? ''), { readonly: true });
      expect(restored.pragma('user_version', { simple: true })).toBe(version);
      expect(restored.pragma('integrity_check', { simple: true })).toBe('ok');
      restored.close();
    },
  );

  test('a step that fails changes nothing', () => {
    const o = paths();
    openStore(o).close();
    const failing: Migration = {
      ...next,
      up: (db) => {
        db.exec('CREATE TABLE half (a INTEGER) STRICT');
        throw new Error('no');
      },
    };
    expect(thrown(() => openStore({ ...o, migrations: [...migrations, failing] }))).toMatchObject({
      message: 'no',
    });
    const store = openStore(o);
    expect(store.db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'half'`).get()).toBeUndefined();
    store.close();
  });
});

describe('backups', () => {
  test('are complete, and the last three are kept', () => {
    const db = newStore();
    const folder = temporaryFolder();
    const conversation = direct(db, 'bob@home.example');
    insertInbound(db, inbound(conversation), { order: 'live', countUnread: true });
    writeFileSync(join(folder, 'account-2020.db.part'), 'left by a crash');
    const copies = [1, 2, 3, 4, 5].map(() => backup(db, folder));
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual(copies.slice(-3));
    const file = join(temporaryFolder(), 'account.db');
    copyFileSync(copies[4] ?? '', file);
    const restored = openStore({ file, backupFolder: folder });
    expect(
      messagesPage(restored.db, { conversationId: conversation, at: { kind: 'newest' }, limit: 9 }).items,
    ).toHaveLength(1);
    restored.close();
  });
});

describe('transactions', () => {
  test('an error undoes the inner one alone, or everything', () => {
    const db = newStore();
    transact(db, () => {
      writeState(db, 'a', '1');
      thrown(() =>
        transact(db, () => {
          writeState(db, 'a', '2');
          throw new Error('inner');
        }),
      );
    });
    expect(readState(db, 'a')).toBe('1');
    thrown(() =>
      transact(db, () => {
        writeState(db, 'a', '3');
        throw new Error('outer');
      }),
    );
    expect(readState(db, 'a')).toBe('1');
  });

  test('durably writes with synchronous=FULL and goes back to NORMAL, also after an error', () => {
    const db = newStore();
    const synchronous = () => db.pragma('synchronous', { simple: true });
    expect(durably(db, synchronous)).toBe(2);
    expect(synchronous()).toBe(1);
    thrown(() =>
      durably(db, () => {
        throw new Error('no');
      }),
    );
    expect(synchronous()).toBe(1);
    expect(() => transact(db, () => durably(db, () => 1))).toThrow(/durable/);
  });

  test('a process killed in the middle of a transaction leaves what was committed, and nothing of the rest', async () => {
    const o = paths();
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 'testing', 'killed-writer.ts'), o.file],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    const store = openStore(o);
    onTestFinished(() => store.close());
    expect(readState(store.db, 'committed')).toBe('yes');
    expect(readState(store.db, 'half')).toBeNull();
    expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
  });
});

/** A file system of 2 MB, or the reason why there is none. */
function smallDisk(): { folder: string } | { reason: string } {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return { reason: 'needs root on Linux to mount a small disk' };
  const folder = temporaryFolder();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', folder]);
  if (mounted.status !== 0) return { reason: `mount: ${String(mounted.stderr)}` };
  onTestFinished(() => void spawnSync('umount', ['-l', folder]));
  return { folder };
}

test('a full disk is said to be full, and what was there before stays', (context) => {
  const disk = smallDisk();
  if ('reason' in disk) return context.skip(disk.reason);
  const o = { file: join(disk.folder, 'account.db'), backupFolder: join(disk.folder, 'backups') };
  const store = openStore(o);
  const conversation = direct(store.db, 'bob@home.example');
  let stored = 0;
  const error = thrown(() => {
    for (; stored < 10_000; stored += 1) {
      const text = `${stored} ${Math.random()} `.repeat(200);
      durably(store.db, () =>
        insertInbound(store.db, inbound(conversation, { text, sentAt: stored }), {
          order: 'live',
          countUnread: true,
        }),
      );
    }
  });
  expect(error).toMatchObject({ code: 'disk-full' });
  expect(store.db.inTransaction).toBe(false);
  const count = () => store.db.prepare('SELECT count(*) FROM message').pluck().get();
  expect(count()).toBe(stored);
  expect(thrown(() => backup(store.db, o.backupFolder))).toMatchObject({ code: 'disk-full' });
  expect(existsSync(o.backupFolder) ? readdirSync(o.backupFolder) : []).toEqual([]);
  store.close();
});
