import { PostcardError } from '../../contract/errors.ts';
import { transact, type ArchiveGap, type WritableDb } from '../store/index.ts';
import type { Archive, ArchivePage } from '../xmpp/index.ts';

/** How many messages are asked for at once; Prosody gives at most 250. */
const PAGE = 250;

/** As many as a window and what is just above it need: whoever joins a group waits for them, and for no more. */
export const FIRST_SIGHT = 50;

/** What is to be known of one archive, my own or a room's: where its state is kept, and who stores its pages. */
export interface ArchiveSource {
  /** How many messages the newest page of an archive that is seen for the first time has; PAGE if it is not said. */
  readonly firstSight?: number;
  /** Throws `offline`. */
  archive(): Archive;
  /** The entry up to which everything but the gaps is stored. */
  newest(): { readonly id: string; readonly at: number } | null;
  /** Its newest page was seen before: what comes later is news, not history. */
  isKnown(): boolean;
  markKnown(): void;
  /** Newest first. */
  gaps(): readonly ArchiveGap[];
  addGap(gap: Omit<ArchiveGap, 'id'>): void;
  narrowGap(id: number, o: { beforeId: string; beforeAt: number }): void;
  closeGap(id: number): void;
  /** Stores a page and, unless `keepNewest`, where it ends; inside a transaction or in one of its own. */
  store(page: ArchivePage, how: StoreHow): void;
  /** From 0 to 1 while old gaps are filled; null: not any more. */
  progress(share: number | null): void;
}

export interface StoreHow {
  readonly order: 'stamped' | 'backward';
  readonly countUnread: boolean;
  /** What this page brings is to be announced, once everything is here. */
  readonly news: boolean;
  readonly notBefore?: number;
  readonly keepNewest?: boolean;
}

/**
 * Brings the store level with an archive (XEP-0313), without holes; see docs/mechanisms/archive-sync.md. One that is
 * known is read forward from the newest message there is; of any other the newest page is taken first, and the one gap
 * before it is for `fillGaps`. State and messages of a page are one transaction. Throws as `Archive.page` does.
 */
export async function catchUp(db: WritableDb, source: ArchiveSource, current: () => boolean): Promise<void> {
  if (!source.isKnown()) return takeNewestPage(db, source);
  const ask = (after: string | null) =>
    source
      .archive()
      .page({ ...(after === null ? {} : { after }), max: PAGE })
      .catch(orNullIfForgotten);
  for await (const page of reading(ask, source.newest()?.id ?? null, (read) => read.last)) {
    // The server no longer has the message we stopped at: begin with its newest page, and fill what is between.
    if (!page) return takeNewestPage(db, source);
    if (!current()) return;
    source.store(page, {
      order: 'stamped',
      countUnread: true,
      news: true,
      notBefore: source.newest()?.at ?? 0,
    });
  }
}

async function takeNewestPage(db: WritableDb, source: ArchiveSource): Promise<void> {
  const fresh = !source.isKnown();
  const max = fresh ? (source.firstSight ?? PAGE) : PAGE;
  const page = await source.archive().page({ before: true, max });
  transact(db, () => {
    source.store(page, { order: fresh ? 'backward' : 'stamped', countUnread: !fresh, news: false });
    if (!page.complete && page.first !== null)
      source.addGap({ afterId: null, afterAt: null, beforeId: page.first, beforeAt: oldest(page) });
    source.markKnown();
  });
}

/** Fetches what the gaps miss, from new to old: history, which is read and no news. */
export async function fillGaps(db: WritableDb, source: ArchiveSource, current: () => boolean): Promise<void> {
  const total = { count: null as number | null, done: 0 };
  for (let gap = source.gaps()[0]; gap && current(); gap = source.gaps()[0]) {
    const ask = (before: string | null) =>
      source
        .archive()
        .page({ before: before ?? true, max: PAGE })
        .catch(orNullIfForgotten);
    for await (const page of reading(ask, gap.beforeId, (read) => read.first)) {
      if (!current()) return;
      narrow(db, source, gap.id, page);
      if (!page || page.first === null) continue;
      total.done += page.messages.length;
      total.count = page.count ?? total.count;
      source.progress(total.count ? Math.min(1, total.done / total.count) : 0);
    }
  }
  source.progress(null);
}

function narrow(db: WritableDb, source: ArchiveSource, gap: number, page: ArchivePage | null): void {
  if (!page || page.first === null) return transact(db, () => source.closeGap(gap));
  const { first } = page;
  transact(db, () => {
    source.store(page, { order: 'backward', countUnread: false, news: false, keepNewest: true });
    if (page.complete) source.closeGap(gap);
    else source.narrowGap(gap, { beforeId: first, beforeAt: oldest(page) });
  });
}

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
