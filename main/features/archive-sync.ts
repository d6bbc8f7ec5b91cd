import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { PostcardError } from '../../contract/errors.ts';
import {
  addGap,
  cameBack,
  closeGap,
  conversationIdOf,
  gaps,
  insertArchivePage,
  narrowGap,
  newestArchived,
  noteMarkable,
  readState,
  setNewestArchived,
  transact,
  writeState,
  type InboundRow,
  type Inserted,
  type WritableDb,
} from '../store/index.ts';
import type { ArchivePage, Session } from '../xmpp/index.ts';
import type { Admission } from './admission.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import { changesOfPage, isTombstoneOfKnown } from './effects/from-archive.ts';
import type { Effects } from './effects/index.ts';
import { inboundRow, isForConversation } from './inbound-row.ts';
import type { Requests } from './requests.ts';

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
  /** A page is stored: what waited for a message of it finds it. */
  onPage(): void;
  /** Each message that is new here, whenever it was written; within the transaction that stores it. */
  onStored(row: InboundRow): void;
  requests: Requests;
  effects: Effects;
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
    if (readState(db, PENDING) === null) writeState(db, PENDING, '1');
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
    // Who is let in has to be known before it is said what becomes of anything.
    await o.requests.rosterKnown();
    if (!current()) return;
    // Still pending: a server that could not say so this once must not have a hole made of what it keeps.
    if (!(await session.archive.supported())) return;
    const news = new Map<ConversationId, MessageId>();
    if (readState(db, KNOWN) !== null) await forward(session, current, news);
    else await takeNewestPage(session);
    if (!current()) return;
    if (news.size > 0) o.onNews(news);
    writeState(db, PENDING, null);
    await fillGaps(session, current);
  };

  const forward = async (session: Session, current: () => boolean, news: Map<ConversationId, MessageId>) => {
    const ask = (after: string | null) =>
      session.archive.page({ ...(after === null ? {} : { after }), max: PAGE }).catch(orNullIfForgotten);
    for await (const page of reading(ask, newestArchived(db)?.id ?? null, (read) => read.last)) {
      // The server no longer has the message we stopped at: begin with its newest page, and fill what is between.
      if (!page) return takeNewestPage(session);
      if (!current()) return;
      store(page, { order: 'stamped', countUnread: true, news, notBefore: newestArchived(db)?.at ?? 0 });
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
      const ask = (before: string | null) =>
        session.archive.page({ before: before ?? true, max: PAGE }).catch(orNullIfForgotten);
      for await (const page of reading(ask, gap.beforeId, (read) => read.first)) {
        if (!current()) return;
        narrow(gap.id, page, total);
      }
    }
    connection.setCatchingUp(null);
    o.changes.everything();
  };

  const narrow = (gapId: number, page: ArchivePage | null, total: Total) => {
    if (!page || page.first === null) return transact(db, () => closeGap(db, gapId));
    const { first } = page;
    transact(db, () => {
      store(page, { order: 'backward', countUnread: false, news: null, keepNewest: true });
      if (page.complete) closeGap(db, gapId);
      else narrowGap(db, gapId, { beforeId: first, beforeAt: oldest(page) });
    });
    total.done += page.messages.length;
    total.count = page.count ?? total.count;
    connection.setCatchingUp(total.count ? Math.min(1, total.done / total.count) : 0);
  };

  const store = (page: ArchivePage, how: StoreHow) => {
    const { opened, applied } = transact(db, () => {
      const whole = page.messages.filter(
        (m) => (m.effect !== null || isForConversation(m)) && !isBounced(db, m),
      );
      const verdicts = o.requests.judgeAll(whole, { history: !how.countUnread });
      const judged = whole.flatMap((m, i) => {
        const verdict = verdicts[i] ?? 'drop';
        return verdict === 'drop' ? [] : [{ m, verdict }];
      });
      const wanted = judged.filter(({ m }) => m.effect === null && !isTombstoneOfKnown(db, m));
      const requestsBefore = wanted.filter(({ m }) => m.outgoing && o.requests.isRequest(m.peer));
      const rows = wanted.map(({ m }) => inboundRow(db, m, o.ownAddress));
      const results = insertArchivePage(db, rows, how);
      const filed = fileRequests(wanted, rows, results);
      results.forEach((result, i) => {
        const row = rows[i];
        if (!row || !result.inserted || row.outgoing) return;
        o.onStored(row);
        if (how.countUnread && wanted[i]?.m.markable === true) noteMarkable(db, result.id);
        if (!filed.has(row.conversationId)) how.news?.set(row.conversationId, result.id);
      });
      const changed = judged.map(({ m }) => m);
      const applied = changesOfPage(o, changed, results, how.order !== 'backward');
      const last = page.messages.at(-1);
      if (page.last !== null && !how.keepNewest) newestIs(db, page.last, last?.sentAt ?? 0);
      return { opened: new Set(requestsBefore.map(({ m }) => m.peer)), applied };
    });
    o.effects.announce(applied);
    for (const address of opened) {
      const id = conversationIdOf(db, address);
      if (id !== undefined && !o.requests.isRequest(address)) o.requests.opened(id);
    }
    o.onPage();
    o.changes.everything();
  };

  /** Files what a page has of people not let in; which conversations those are. */
  const fileRequests = (
    wanted: readonly { verdict: Admission }[],
    rows: readonly InboundRow[],
    results: readonly Inserted[],
  ): Set<ConversationId> => {
    const added = new Map<ConversationId, { ids: MessageId[]; verdict: Admission }>();
    results.forEach((result, i) => {
      const [row, one] = [rows[i], wanted[i]];
      if (!row || !one || !result.inserted || one.verdict === 'deliver') return;
      const known = added.get(row.conversationId) ?? { ids: [], verdict: one.verdict };
      known.ids.push(result.id);
      added.set(row.conversationId, known);
    });
    const filed = [...added].filter(([id, { ids, verdict }]) => o.requests.file(id, ids, verdict));
    if (filed.length > 0) o.requests.filedMany();
    return new Set(filed.map(([id]) => id));
  };

  connection.listen({
    onReady: ({ resumed }) => {
      if (!resumed || readState(db, PENDING) !== null || gaps(db).length > 0) begin();
    },
  });
  return {
    received: (stanzaId, sentAt) => {
      if (readState(db, PENDING) === null) newestIs(db, stanzaId, sentAt);
    },
    stop: () => {
      run += 1;
      if (timer) clearTimeout(timer);
    },
  };
}

/** Its time only grows: what comes after it stands behind it, whatever a coarse or wrong clock stamped it with. */
function newestIs(db: WritableDb, id: string, at: number): void {
  setNewestArchived(db, { id, at: Math.max(at, newestArchived(db)?.at ?? 0) });
}

interface StoreHow {
  order: 'stamped' | 'backward';
  countUnread: boolean;
  news: Map<ConversationId, MessageId> | null;
  notBefore?: number;
  keepNewest?: boolean;
}

interface Total {
  count: number | null;
  done: number;
}

/** The archive's copy of a message of mine that came back as an error: what is known of it here says more. */
const isBounced = (db: WritableDb, m: ArchivePage['messages'][number]): boolean =>
  m.outgoing && cameBack(db, m.originId ?? m.id ?? '');

const oldest = (page: ArchivePage): number => page.messages[0]?.sentAt ?? 0;

/**
 * Page after page, each asked for from where the one before ended; null, and no more, where that was forgotten.
 * The next one is asked for before this one is handed over, so that the server looks it up while this one is being
 * stored. What is stored, and with it where a later run goes on, still moves page by page, in order.
 */
async function* reading(
  ask: (from: string | null) => Promise<ArchivePage | null>,
  from: string | null,
  endOf: (page: ArchivePage) => string | null,
): AsyncGenerator<ArchivePage | null, void> {
  let asked = ask(from);
  let last = from;
  for (;;) {
    const page = await asked;
    const end = page && !page.complete ? endOf(page) : null;
    if (end === null) {
      yield page;
      return;
    }
    // A server that gives the same page again and again would be read for ever.
    if (end === last) throw new PostcardError('server-error', { reason: 'archive' });
    last = end;
    asked = ask(end);
    // Heard above when its turn comes, which it does not when storing this page fails.
    asked.catch(() => undefined);
    await breath();
    yield page;
  }
}

/** Windows get their turn between two pages, and the request for the next one leaves. */
const breath = () => new Promise<void>((resolve) => setImmediate(resolve));

function orNullIfForgotten(error: unknown): null {
  if (error instanceof PostcardError && error.code === 'not-found') return null;
  throw error;
}
