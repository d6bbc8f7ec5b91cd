import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { UsageError } from '../cli.ts';

/** Answers a second start: the line it prints, or null when a window was raised instead. */
export type OnSecondStart = () => Promise<string | null>;

export interface ProfileLock {
  /** Lets the next start in, and stops answering. */
  release(): void;
}

const lockFile = 'profile.lock';
const contactFile = 'running.json';
const askTimeout = 10_000;

/**
 * One process a profile, whichever host. The lock is SQLite's on an empty database, since the system itself takes
 * that back when the process dies, on every platform; the same lock in both hosts keeps them apart too. A second
 * start reaches the first one through a loopback port and a key, both in a file that only this user can read.
 * @throws UsageError when the folder does not allow it
 */
export async function lockProfile(folder: string, onSecondStart: OnSecondStart): Promise<ProfileLock | null> {
  const database = takeLock(join(folder, lockFile));
  if (database === null) return null;
  const key = randomBytes(32).toString('base64url');
  const server = createServer((socket) => answer(socket, key, onSecondStart));
  const contact = join(folder, contactFile);
  try {
    const port = await listen(server);
    writePrivate(contact, JSON.stringify({ port, key }));
  } catch (error) {
    server.close();
    database.close();
    throw error;
  }
  return {
    release: () => {
      server.close();
      rmSync(contact, { force: true });
      database.close();
    },
  };
}

/** Takes the lock, or asks whoever has it. Waits for one that is just starting or just ending. */
export async function lockOrAsk(
  folder: string,
  onSecondStart: OnSecondStart,
  patience = 30_000,
): Promise<{ lock: ProfileLock } | { answer: string | null }> {
  for (const until = Date.now() + patience; ;) {
    const lock = await lockProfile(folder, onSecondStart);
    if (lock !== null) return { lock };
    const reply = await ask(folder);
    if (reply !== undefined) return { answer: reply };
    if (Date.now() > until) {
      throw new UsageError('This profile is open in another Postcard, which does not answer.');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function takeLock(file: string): Database.Database | null {
  let database: Database.Database | undefined;
  try {
    database = new Database(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    const code = error instanceof Database.SqliteError ? error.code : '';
    if (code.startsWith('SQLITE_BUSY')) return null;
    if (code === '') throw error;
    throw new UsageError(
      `Postcard can't lock its profile (${code}); is ${file} on a disk that allows locks?`,
    );
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (address === null || typeof address === 'string') reject(new Error('no TCP address'));
      else resolve(address.port);
    });
    server.unref();
  });
}

/** Written whole or not at all: a second start may read it at any moment. */
function writePrivate(file: string, text: string): void {
  const fresh = `${file}.${String(process.pid)}`;
  rmSync(fresh, { force: true });
  writeFileSync(fresh, text, { mode: 0o600, flag: 'wx' });
  renameSync(fresh, file);
}

function answer(socket: Socket, key: string, onSecondStart: OnSecondStart): void {
  socket.setTimeout(askTimeout, () => socket.destroy());
  // The other side may go at any moment; there is nobody left to tell.
  socket.on('error', () => socket.destroy());
  readLine(socket, (line) => {
    if (!sameKey(line, key)) {
      socket.destroy();
      return;
    }
    socket.setTimeout(0);
    onSecondStart().then(
      (reply) => socket.end(`${JSON.stringify({ reply })}\n`),
      () => socket.destroy(),
    );
  });
}

function sameKey(given: string, key: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(key);
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The first line of at most 4 KiB. */
function readLine(socket: Socket, then: (line: string) => void): void {
  let text = '';
  const onData = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    const end = text.indexOf('\n');
    if (end === -1 && text.length <= 4096) return;
    socket.off('data', onData);
    if (end === -1) socket.destroy();
    else then(text.slice(0, end));
  };
  socket.on('data', onData);
}

/** What the running one answers; undefined when nobody does (it is starting, ending or hanging). */
function ask(folder: string): Promise<string | null | undefined> {
  const contact = readContact(join(folder, contactFile));
  if (contact === null) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const socket = connect(contact.port, '127.0.0.1', () => socket.write(`${contact.key}\n`));
    const giveUp = (): void => {
      socket.destroy();
      resolve(undefined);
    };
    socket.setTimeout(askTimeout, giveUp);
    socket.on('error', giveUp);
    socket.on('close', giveUp);
    readLine(socket, (line) => {
      resolve(parseReply(line));
      socket.destroy();
    });
  });
}

function parseReply(line: string): string | null | undefined {
  const value: unknown = parseJson(line);
  if (typeof value !== 'object' || value === null || !('reply' in value)) return undefined;
  return typeof value.reply === 'string' ? value.reply : null;
}

function readContact(file: string): { port: number; key: string } | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // Not written yet, or just removed: the caller tries again.
    return null;
  }
  const value: unknown = parseJson(text);
  if (typeof value !== 'object' || value === null || !('port' in value) || !('key' in value)) return null;
  const { port, key } = value;
  return typeof port === 'number' && typeof key === 'string' ? { port, key } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Left behind by a crash in the middle, or another program on that port.
    return null;
  }
}
