import type { MessageId } from '../../../contract/ids.ts';
import {
  addRoomGap,
  cameBack,
  closeRoomGap,
  insertArchivePage,
  markRoomArchiveKnown,
  narrowRoomGap,
  roomArchived,
  roomGaps,
  setRoomArchived,
  transact,
  type GroupRef,
  type WritableDb,
} from '../../store/index.ts';
import type { Archive, ArchivePage, InboundMessage } from '../../xmpp/index.ts';
import { FIRST_SIGHT, type ArchiveSource, type StoreHow } from '../catch-up.ts';
import type { Changes } from '../changes.ts';
import { changesOfPage, isTombstoneOfKnown } from '../effects/from-archive.ts';
import type { Effects } from '../effects/index.ts';
import type { Notes } from '../groups/notes.ts';
import { groupRow, isForGroup, noteCaption } from './row.ts';

/** What storing a group's messages needs, live ones and those of an archive. */
export interface GroupStoring {
  readonly db: WritableDb;
  readonly ownAddress: string;
  readonly changes: Changes;
  readonly effects: Effects;
  readonly notes: Notes;
  /** Bare address. */
  isBlocked(address: string): boolean;
}

/**
 * A room's archive as `catch-up.ts` reads it; its state is kept with the room. `onNews`: the newest message of each
 * page that is to be announced.
 */
export const roomSource = (
  o: GroupStoring & { onNews(id: MessageId): void },
  group: GroupRef,
  archive: () => Archive,
): ArchiveSource => {
  const { db } = o;
  const id = group.conversationId;
  return {
    firstSight: FIRST_SIGHT,
    archive,
    newest: () => roomArchived(db, id).newest,
    isKnown: () => roomArchived(db, id).known,
    markKnown: () => markRoomArchiveKnown(db, id),
    gaps: () => roomGaps(db, id),
    addGap: (gap) => void addRoomGap(db, id, gap),
    narrowGap: (gap, to) => narrowRoomGap(db, gap, to),
    closeGap: (gap) => closeRoomGap(db, gap),
    store: (page, how) => storePage(o, group, page, how),
    progress: () => undefined,
  };
};

function storePage(
  o: GroupStoring & { onNews(id: MessageId): void },
  group: GroupRef,
  page: ArchivePage,
  how: StoreHow,
): void {
  const { db } = o;
  const id = group.conversationId;
  const { applied, news } = transact(db, () => {
    const whole = page.messages.filter((m) => m.room !== undefined && m.peer === group.address);
    const wanted = whole.filter((m) => isForGroup(m) && !isBounced(db, m) && !isTombstoneOfKnown(db, m));
    const rows = wanted.map((m) => groupRow(m, group, { ownAddress: o.ownAddress, folded: isFolded(o, m) }));
    const results = insertArchivePage(db, rows, how);
    const latest = how.order !== 'backward';
    for (const m of whole) noteCaption(db, m, group);
    const stored = new Map(wanted.map((m, i) => [m, results[i]?.id ?? null]));
    for (const message of whole) {
      const [{ note }, messageId] = [message, stored.get(message) ?? null];
      if (note !== undefined && message.effect === null)
        o.notes.apply({ conversationId: id, message, note, messageId, latest });
      else if (note === undefined && messageId !== null)
        o.notes.text({ conversationId: id, message, messageId });
    }
    const applied = changesOfPage({ effects: o.effects, conversationOf: () => id }, whole, results, latest);
    if (page.last !== null && !how.keepNewest)
      setRoomArchived(db, id, { id: page.last, at: page.messages.at(-1)?.sentAt ?? 0 });
    const fresh = results.filter((result, i) => {
      const row = rows[i];
      return result.inserted && row && !row.outgoing && !row.folded;
    });
    return { applied, news: how.news ? fresh.at(-1)?.id : undefined };
  });
  o.effects.announce(applied);
  o.notes.announce();
  if (news !== undefined) o.onNews(news);
  o.changes.everything();
}

export const isFolded = (o: Pick<GroupStoring, 'isBlocked'>, m: InboundMessage): boolean =>
  !m.outgoing && m.room?.known === true && o.isBlocked(m.from);

const isBounced = (db: WritableDb, m: InboundMessage): boolean =>
  m.outgoing && cameBack(db, m.originId ?? m.id ?? '');
