import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationId } from '../contract/ids.ts';
import {
  ensureConversation,
  insertArchivePage,
  markRead,
  messagesPage,
  openStore,
  schemaVersion,
  setPinned,
  upsertPerson,
  type InboundRow,
  type NewAttachment,
  type WritableDb,
} from '../main/store/index.ts';
import { between, pick, seeded } from './random.ts';
import { sentence } from './words.ts';

/** Raise it when the same seed gives other data. */
const generatorVersion = 1;

export type Size = 'small' | 'large';

/** PERFORMANCE: `small` 1,000 messages, `large` 1,000,000 in 2,000 conversations with 500 people. */
export interface Shape {
  readonly messages: number;
  readonly conversations: number;
  readonly people: number;
  readonly photos: number;
}

export const shapes: Readonly<Record<Size, Shape>> = {
  small: { messages: 1_000, conversations: 20, people: 15, photos: 20 },
  large: { messages: 1_000_000, conversations: 2_000, people: 500, photos: 20_000 },
};

/** The account the data belongs to, bare. */
export const owner = 'me@bench.example';
/** Unix time in ms of the last message. */
export const end = Date.UTC(2026, 0, 1);
const perPage = 5_000;

/** The other side of conversation `i`: the first ones are the known people, the rest strangers. */
export const addressOfPeer = (i: number): string => `person${i}@bench.example`;

/** A shared picture that photo messages show; its file is put into the media store by the caller. */
export interface SharedPhoto {
  readonly sha256: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly thumbhash: string | null;
}

function photo(random: () => number, i: number, shared: readonly SharedPhoto[]): NewAttachment {
  const url = `https://bench.example/files/${i}.jpg`;
  const common = { kind: 'photo', name: `photo ${i}.jpg`, url } as const;
  if (shared.length === 0) {
    return {
      ...common,
      mediaType: 'image/jpeg',
      bytes: between(random, 90_000, 900_000),
      width: 2048,
      height: 1365,
    };
  }
  const { sha256, mediaType, bytes, width, height, thumbhash } = pick(random, shared);
  return { ...common, mediaType, bytes, width, height, thumbhash, localSha256: sha256 };
}

/** The messages of a shape, oldest first; a conversation's share falls with its number, as in life. */
export function* messages(
  shape: Shape,
  ids: readonly ConversationId[],
  seed: number,
  shared: readonly SharedPhoto[] = [],
): Generator<InboundRow> {
  const random = seeded(seed);
  const step = Math.floor((4 * 365 * 86_400_000) / shape.messages);
  const everyPhoto = Math.floor(shape.messages / shape.photos);
  for (let i = 0; i < shape.messages; i += 1) {
    const peer = Math.floor(random() ** 2 * ids.length);
    const outgoing = random() < 0.45;
    const hasPhoto = i % everyPhoto === 0;
    yield {
      conversationId: ids[peer] ?? pick(random, ids),
      outgoing,
      senderAddress: outgoing ? owner : addressOfPeer(peer),
      wireId: `w${seed}-${i}`,
      originId: random() < 0.7 ? `w${seed}-${i}` : null,
      stanzaId: `s${seed}-${i}`,
      sentAt: end - (shape.messages - i) * step + between(random, 0, step - 1),
      text: hasPhoto && random() < 0.5 ? '' : sentence(random),
      attachments: hasPhoto ? [photo(random, i, shared)] : [],
    };
  }
}

/** Conversations and people of a shape, in an empty store. Returns the conversations by number. */
export function populate(db: WritableDb, shape: Shape): ConversationId[] {
  for (let i = 0; i < shape.people; i += 1) {
    upsertPerson(db, {
      address: addressOfPeer(i),
      nick: `Person ${i}`,
      subscription: 'both',
      fetchedAt: end,
    });
  }
  upsertPerson(db, { address: owner, nick: 'Me' });
  return Array.from({ length: shape.conversations }, (_, i) =>
    ensureConversation(db, { address: addressOfPeer(i), kind: 'direct', now: end - 5 * 365 * 86_400_000 }),
  );
}

/** Splits into arrays of `size`; the last one may be shorter. */
export function* inPages<T>(all: Iterable<T>, size: number): Generator<T[]> {
  let page: T[] = [];
  for (const one of all) {
    if (page.push(one) === size) {
      yield page;
      page = [];
    }
  }
  if (page.length > 0) yield page;
}

/** Everything of a shape, into an empty store. */
export function fill(db: WritableDb, shape: Shape, seed: number, shared: readonly SharedPhoto[]): void {
  // Nothing here outlives a crash: the file gets its name only when it is complete.
  db.pragma('synchronous = OFF');
  const ids = populate(db, shape);
  for (const page of inPages(messages(shape, ids, seed, shared), perPage)) {
    insertArchivePage(db, page, { order: 'stamped', countUnread: true });
  }
  // Nearly everything has been read.
  ids.forEach((id, i) => {
    if (i % 40 === 7) return;
    const last = messagesPage(db, { conversationId: id, at: { kind: 'newest' }, limit: 1 }).items[0];
    if (last) markRead(db, id, last.id);
  });
  for (const id of ids.slice(0, 3)) setPinned(db, id, true);
  db.pragma('wal_checkpoint(TRUNCATE)');
}

/**
 * The path of a complete store file of this size, made when it is not in the system's temporary folder yet (`large`
 * takes about a minute). Copy it before changing it. `shared`: pictures that the photo messages show.
 */
export function generated(size: Size, o: { seed?: number; shared?: readonly SharedPhoto[] } = {}): string {
  const { seed = 1, shared = [] } = o;
  const folder = join(tmpdir(), 'postcard-bench');
  const pictures = shared.map((p) => p.sha256.slice(0, 8)).join('');
  const name = `${size}-${seed}-g${generatorVersion}-v${schemaVersion}${pictures ? `-${pictures}` : ''}`;
  const file = join(folder, `${name}.db`);
  if (existsSync(file)) return file;
  mkdirSync(folder, { recursive: true });
  const part = join(folder, `${name}.part-${process.pid}.db`);
  const store = openStore({ file: part, backupFolder: folder });
  try {
    fill(store.db, shapes[size], seed, shared);
  } finally {
    store.close();
  }
  renameSync(part, file);
  for (const suffix of ['-wal', '-shm']) rmSync(part + suffix, { force: true });
  return file;
}
