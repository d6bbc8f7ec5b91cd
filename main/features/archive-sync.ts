import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { PostcardError } from '../../contract/errors.ts';
import {
  addGap,
  closeGap,
  gaps,
  insertArchivePage,
  narrowGap,
  newestArchived,
  readState,
  setNewestArchived,
  transact,
  writeState,
  type ArchiveGap,
  type WritableDb,
} from '../store/index.ts';
import type { ArchivePage, Session } from '../xmpp/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import { inboundRow, isForConversation } from './inbound-row.ts';

/** How many messages are asked for at once; Prosody gives at most 250. */
const PAGE = 250;
/** ms until an archive that did not answer is asked again, while the stream is up. */
const AGAIN = 10_000;
/** Set while what came since the newest known message has not been fetched whole. */
const PENDING = 'archive-catch-up';
/** Set once the newest page of this account's archive was seen: what comes later is news, not history. */
const KNOWN = 'archive-known';

/** For an account that has just been made: everything in its archive is news. */
export const markArchiveKnown = (db: WritableDb): void => writeState(db, KNOWN, '1');

/**
 * Keeps the store equal to my own archive (XEP-0313), without holes; see docs/mechanisms/archive-sync.md.
 * A known profile reads forward from the newest message it has; a fresh one takes the newest page first and then
 * fills the one gap before it, backwards. The state and the messages of a page are one transaction.
 */
export interface ArchiveSync {
  /** A live message came in with its archive id: the next catching up starts behind it. */
  received(stanzaId: string, sentAt: number): void;
  stop(): void;
}

export function createArchiveSync(o: {
  db: WritableDb;
  ownAddress: string;
  connection: AccountConnection;
  changes: Changes;
  /** New incoming messages that were found while catching up; not called for history. */
  onNews(news: ReadonlyMap<ConversationId, MessageId>): void;
  log(line: string): void;
}): ArchiveSync {
  const { db, connection } = o;
  let run = 0;
  let timer: NodeJS.Timeout | null = null;

  const begin = () => {
    run += 1;
    const mine = run;
    const current = () => mine === run;
    if (timer) clearTimeout(timer);
    timer = null;
    // Before anything else: a live message that comes while pages are missing must not hide the hole.
    writeState(db, PENDING, '1');
    catchUp(current)
      .catch((error: unknown) => {
        o.log(`the archive stopped: ${error instanceof PostcardError ? error.code : String(error)}`);
        // A stream that broke begins anew by itself, and with it this.
        if (current()) timer = setTimeout(() => current() && connection.isReady() && begin(), AGAIN);
      })
      .finally(() => current() && connection.setCatchingUp(null));
  };

  const catchUp = async (current: () => boolean) => {
    const session = connection.online();
    if (!(await session.archive.supported())) return writeState(db, PENDING, null);
    const news = new Map<ConversationId, MessageId>();
    if (readState(db, KNOWN) !== null) await forward(session, current, news);
    else await takeNewestPage(session);
    if (!current()) return;
    if (news.size > 0) o.onNews(news);
    writeState(db, PENDING, null);
    await fillGaps(session, current);
  };

  const forward = async (session: Session, current: () => boolean, news: Map<ConversationId, MessageId>) => {
    for (;;) {
      const newest = newestArchived(db);
      const from = newest ? { after: newest.id } : {};
      const page = await session.archive.page({ ...from, max: PAGE }).catch(orNullIfForgotten);
      // The server no longer has the message we stopped at: begin with its newest page, and fill what is between.
      if (!page) return takeNewestPage(session);
      if (!current()) return;
      store(page, { order: 'stamped', countUnread: true, news });
      if (page.complete || page.last === null) return;
      await breath();
    }
  };

  const takeNewestPage = async (session: Session) => {
    const fresh = readState(db, KNOWN) === null;
    const page = await session.archive.page({ before: true, max: PAGE });
    transact(db, () => {
      store(page, { order: fresh ? 'backward' : 'stamped', countUnread: !fresh, news: null });
      if (!page.complete && page.first !== null)
        addGap(db, { afterId: null, afterAt: null, beforeId: page.first, beforeAt: oldest(page) });
      markArchiveKnown(db);
    });
  };

  const fillGaps = async (session: Session, current: () => boolean) => {
    const total = { count: null as number | null, done: 0 };
    for (let gap = gaps(db)[0]; gap && current(); gap = gaps(db)[0]) {
      await narrow(session, gap, total, current);
      await breath();
    }
    connection.setCatchingUp(null);
    o.changes.everything();
  };

  const narrow = async (session: Session, gap: ArchiveGap, total: Total, current: () => boolean) => {
    const page = await session.archive
      .page({ before: gap.beforeId ?? true, max: PAGE })
      .catch(orNullIfForgotten);
    if (!current()) return;
    if (!page || page.first === null) return transact(db, () => closeGap(db, gap.id));
    transact(db, () => {
      store(page, { order: 'backward', countUnread: false, news: null, keepNewest: true });
      if (page.complete || page.first === null) closeGap(db, gap.id);
      else narrowGap(db, gap.id, { beforeId: page.first, beforeAt: oldest(page) });
    });
    total.done += page.messages.length;
    total.count = page.count ?? total.count;
    connection.setCatchingUp(total.count ? Math.min(1, total.done / total.count) : 0);
  };

  const store = (page: ArchivePage, how: StoreHow) => {
    const wanted = page.messages.filter(isForConversation);
    transact(db, () => {
      const rows = wanted.map((m) => inboundRow(db, m, o.ownAddress));
      const results = insertArchivePage(db, rows, { order: how.order, countUnread: how.countUnread });
      results.forEach((result, i) => {
        const row = rows[i];
        if (row && result.inserted && !row.outgoing) how.news?.set(row.conversationId, result.id);
      });
      const last = page.messages.at(-1);
      if (page.last !== null && !how.keepNewest)
        setNewestArchived(db, { id: page.last, at: last?.sentAt ?? newestArchived(db)?.at ?? 0 });
    });
    o.changes.everything();
  };

  connection.listen({
    onReady: ({ resumed }) => {
      if (!resumed || readState(db, PENDING) !== null || gaps(db).length > 0) begin();
    },
  });
  return {
    received: (stanzaId, sentAt) => {
      if (readState(db, PENDING) === null) setNewestArchived(db, { id: stanzaId, at: sentAt });
    },
    stop: () => {
      run += 1;
      if (timer) clearTimeout(timer);
    },
  };
}

interface StoreHow {
  order: 'stamped' | 'backward';
  countUnread: boolean;
  news: Map<ConversationId, MessageId> | null;
  keepNewest?: boolean;
}

interface Total {
  count: number | null;
  done: number;
}

const oldest = (page: ArchivePage): number => page.messages[0]?.sentAt ?? 0;

/** Windows get their turn between two pages. */
const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

function orNullIfForgotten(error: unknown): null {
  if (error instanceof PostcardError && error.code === 'not-found') return null;
  throw error;
}
