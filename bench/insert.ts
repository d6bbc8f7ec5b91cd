import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConversationId } from '../contract/ids.ts';
import { insertArchivePage, openStore, type InboundRow, type WritableDb } from '../main/store/index.ts';
import { shortTokens } from '../main/store/text.ts';
import { compared, median, type Figure } from './figure.ts';
import { inPages, messages, populate, shapes, type Shape } from './generator.ts';

const turns = 7;
const perPage = 250;
const shape: Shape = { ...shapes.large, messages: 20_000, conversations: 200, photos: 400 };

/** Runs `fill` on a new, populated store of our schema; messages a second. */
function timed(fill: (db: WritableDb, pages: readonly InboundRow[][]) => void): number {
  const folder = mkdtempSync(join(tmpdir(), 'postcard-insert-'));
  const store = openStore({ file: join(folder, 'account.db'), backupFolder: folder });
  try {
    const ids: readonly ConversationId[] = populate(store.db, shape);
    const pages = [...inPages(messages(shape, ids, 1), perPage)];
    const begin = performance.now();
    fill(store.db, pages);
    return (shape.messages / (performance.now() - begin)) * 1000;
  } finally {
    store.close();
    rmSync(folder, { recursive: true });
  }
}

function ours(db: WritableDb, pages: readonly InboundRow[][]): void {
  for (const page of pages) insertArchivePage(db, page, { order: 'stamped', countUnread: true });
}

/** The least that gives the same rows in the same tables and indexes: prepared INSERTs, and nothing looked up. */
function bare(db: WritableDb, pages: readonly InboundRow[][]): void {
  const message = db.prepare(
    `INSERT INTO message (id, conversation_id, outgoing, sender_address, wire_id, origin_id, stanza_id, sent_at, sort_at,
                          sort_seq, text, state, unread) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const search = db.prepare('INSERT INTO message_search (rowid, text) VALUES (?, ?)');
  const short = db.prepare('INSERT INTO message_short (rowid, tokens) VALUES (?, ?)');
  const file = db.prepare(
    `INSERT INTO attachment (message_id, kind, name, media_type, bytes, width, height, url, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'remote')`,
  );
  let seq = 0;
  const insertPage = db.transaction((page: readonly InboundRow[]) => {
    for (const m of page) {
      seq += 1;
      const id = m.sentAt * 1024 + (seq % 1024);
      const state = m.outgoing ? 'sent' : 'received';
      message.run(
        id,
        m.conversationId,
        m.outgoing ? 1 : 0,
        m.senderAddress,
        m.wireId,
        m.originId,
        m.stanzaId,
        m.sentAt,
        m.sentAt,
        seq,
        m.text,
        state,
        m.outgoing ? 0 : 1,
      );
      if (m.text !== '') search.run(id, m.text);
      const tokens = shortTokens(m.text);
      if (tokens.length > 0) short.run(id, tokens.join(' '));
      for (const a of m.attachments)
        file.run(id, a.kind, a.name, a.mediaType, a.bytes, a.width, a.height, a.url);
    }
  });
  for (const page of pages) insertPage(page);
}

/** Messages into the store with search index, against bare better-sqlite3 with the same schema. */
export default async function insert(): Promise<readonly Figure[]> {
  const rates = { ours: [] as number[], bare: [] as number[] };
  timed(ours);
  for (let turn = 0; turn < turns; turn += 1) {
    // Who goes first changes, since the machine may slow down or speed up.
    const order = turn % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
    for (const who of order) rates[who].push(timed(who === 'ours' ? ours : bare));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return [
    compared('insert', median(rates.ours), 'msg/s', 'bare better-sqlite3, same schema', median(rates.bare)),
  ];
}
