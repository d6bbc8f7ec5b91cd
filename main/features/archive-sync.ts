import type { ConversationId, MessageId } from '../../contract/ids.ts';
import { PostcardError } from '../../contract/errors.ts';
import {
  addGap,
  cameBack,
  closeGap,
  conversationIdOf,
  ensureConversation,
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
import type { ArchivePage, InboundMessage, Session } from '../xmpp/index.ts';
import type { Admission } from './admission.ts';
import type { Changes } from './changes.ts';
import { catchUp, fillGaps, type ArchiveSource, type StoreHow } from './catch-up.ts';
import type { AccountConnection } from './connection.ts';
import { changesOfPage, isTombstoneOfKnown } from './effects/from-archive.ts';
import type { Effects } from './effects/index.ts';
import type { Notes } from './groups/notes.ts';
import { inboundRow, isForConversation } from './inbound-row.ts';
import type { Requests } from './requests.ts';

/** ms until an archive that did not answer is asked again, while the stream is up. */
const AGAIN = 10_000;
/** Set while what came since the newest known message has not been fetched whole. */
const PENDING = 'archive-catch-up';
/** Set once the newest page of this account's archive was seen: what comes later is news, not history. */
const KNOWN = 'archive-known';

/** For an account that has just been made: everything in its archive is news. */
export const markArchiveKnown = (db: WritableDb): void => writeState(db, KNOWN, '1');

/**
 * Keeps the store equal to my own archive (XEP-0313), without holes: `catch-up.ts` reads it, this stores what it has;
 * see docs/mechanisms/archive-sync.md.
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
  notes: Notes;
  log(line: string): void;
}): ArchiveSync {
  const { db, connection } = o;
  let run = 0;
  let timer: NodeJS.Timeout | null = null;

  /** New incoming messages of the catching up under way: the newest one of each conversation. */
  const news = new Map<ConversationId, MessageId>();
  const begin = () => {
    run += 1;
    const mine = run;
    const current = () => mine === run;
    if (timer) clearTimeout(timer);
    timer = null;
    news.clear();
    // Before anything else: a live message that comes while pages are missing must not hide the hole.
    if (readState(db, PENDING) === null) writeState(db, PENDING, '1');
    all(current)
      .catch((error: unknown) => {
        o.log(`the archive stopped: ${error instanceof PostcardError ? error.code : String(error)}`);
        // A stream that broke begins anew by itself, and with it this.
        if (current()) timer = setTimeout(() => current() && connection.isReady() && begin(), AGAIN);
      })
      .finally(() => current() && connection.setCatchingUp(null));
  };

  const all = async (current: () => boolean) => {
    const session = connection.online();
    // Who is let in has to be known before it is said what becomes of anything.
    await o.requests.rosterKnown();
    if (!current()) return;
    // Still pending: a server that could not say so this once must not have a hole made of what it keeps.
    if (!(await session.archive.supported())) return;
    const source = sourceOf(session);
    await catchUp(db, source, current);
    if (!current()) return;
    if (news.size > 0) o.onNews(news);
    writeState(db, PENDING, null);
    await fillGaps(db, source, current);
    if (current()) o.changes.everything();
  };

  /** A session of its own for a whole run: a new connection begins anew. */
  const sourceOf = (session: Session): ArchiveSource => ({
    archive: () => session.archive,
    newest: () => newestArchived(db),
    isKnown: () => readState(db, KNOWN) !== null,
    markKnown: () => markArchiveKnown(db),
    gaps: () => gaps(db),
    addGap: (gap) => void addGap(db, gap),
    narrowGap: (id, to) => narrowGap(db, id, to),
    closeGap: (id) => closeGap(db, id),
    store: (page, how) => store(page, how),
    progress: (share) => connection.setCatchingUp(share),
  });

  const conversationOf = ({ peer }: InboundMessage) =>
    ensureConversation(db, { address: peer, kind: peer === o.ownAddress ? 'self' : 'direct' });
  const store = (page: ArchivePage, how: StoreHow) => {
    const { opened, applied } = transact(db, () => {
      const whole = page.messages.filter(
        (m) => m.type !== 'groupchat' && (m.effect !== null || isForConversation(m)) && !isBounced(db, m),
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
        if (how.news && !filed.has(row.conversationId)) news.set(row.conversationId, result.id);
      });
      const changed = judged.map(({ m }) => m);
      const applied = changesOfPage({ ...o, conversationOf }, changed, results, how.order !== 'backward');
      for (const m of page.messages) if (isNote(m)) o.notes.direct(m);
      const last = page.messages.at(-1);
      if (page.last !== null && !how.keepNewest) newestIs(db, page.last, last?.sentAt ?? 0);
      return { opened: new Set(requestsBefore.map(({ m }) => m.peer)), applied };
    });
    o.effects.announce(applied);
    o.notes.announce();
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

/** Something for a group that was told to me alone. */
const isNote = (m: InboundMessage): boolean =>
  m.type !== 'groupchat' && m.note !== undefined && m.effect === null && !isForConversation(m);

/** The archive's copy of a message of mine that came back as an error: what is known of it here says more. */
const isBounced = (db: WritableDb, m: ArchivePage['messages'][number]): boolean =>
  m.outgoing && cameBack(db, m.originId ?? m.id ?? '');
