import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ensureConversation, openStore, type InboundRow, type WritableDb } from '../index.ts';
import { run } from '../sql.ts';
import type { ConversationId } from '../../../contract/ids.ts';

export const me = 'me@home.example';

/** A folder of its own that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'postcard-store-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A new store on the disk, closed when the test ends. */
export function newStore(): WritableDb {
  const folder = temporaryFolder();
  const store = openStore({ file: join(folder, 'account.db'), backupFolder: join(folder, 'backups') });
  onTestFinished(() => store.close());
  return store.db;
}

export const direct = (db: WritableDb, address: string): ConversationId =>
  ensureConversation(db, { address, kind: 'direct', now: 1 });

/** A group that I am in as `Me`, and Notes to self, from which the store knows who I am. */
export function group(db: WritableDb, address: string, name = 'Photo club'): ConversationId {
  ensureConversation(db, { address: me, kind: 'self', now: 1 });
  const id = ensureConversation(db, { address, kind: 'direct', started: true, now: 1 });
  run(
    db,
    `INSERT INTO room (conversation_id, address, name, nick, state, rank) VALUES (?, ?, ?, 'Me', 'joined', 'member')`,
    id,
    address,
    name,
  );
  return id;
}

/** Somebody in a group. */
export function groupPerson(db: WritableDb, id: ConversationId, address: string, nick: string): void {
  run(
    db,
    `INSERT INTO room_person (conversation_id, address, nick, rank, present, sort_name) VALUES (?, ?, ?, 'member', 1, ?)`,
    id,
    address,
    nick,
    nick.toLowerCase(),
  );
}

/** An incoming text of bob; what matters to a test is given. */
export const inbound = (conversationId: ConversationId, given: Partial<InboundRow> = {}): InboundRow => ({
  conversationId,
  outgoing: false,
  senderAddress: given.outgoing ? me : 'bob@home.example',
  wireId: null,
  originId: null,
  stanzaId: null,
  sentAt: 1_000,
  text: 'hello',
  attachments: [],
  ...given,
});
