import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ensureConversation, openStore, type InboundRow, type WritableDb } from '../index.ts';
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
