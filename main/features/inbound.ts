import { markBounced } from '../store/bounces.ts';
import {
  conversationIdOf,
  ensureConversation,
  groupByAddress,
  insertInbound,
  markDelivered,
  markRead,
  noteMarkable,
  transact,
  type WritableDb,
} from '../store/index.ts';
import type { InboundMessage } from '../xmpp/index.ts';
import type { ArchiveSync } from './archive-sync.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import type { Downloads } from './downloads.ts';
import { arrived } from './effects/arrived.ts';
import type { Effects } from './effects/index.ts';
import type { Notes } from './groups/notes.ts';
import { inboundRow, isForConversation } from './inbound-row.ts';
import type { Notifications } from './notifications/index.ts';
import type { Nudges } from './nudges/index.ts';
import type { People } from './people.ts';
import type { Requests } from './requests.ts';

/**
 * What arrives on the stream: stored before the handler returns (for then the server is told that it was
 * handled), then shown, announced and, where it has photos, fetched.
 */
export function receiveMessages(o: {
  db: WritableDb;
  ownAddress: string;
  connection: AccountConnection;
  archive: ArchiveSync;
  changes: Changes;
  notifications: Notifications;
  nudges: Nudges;
  downloads: Downloads;
  effects: Effects;
  notes: Notes;
  people: People;
  requests: Requests;
}): void {
  const { db, changes } = o;

  /** A change of a message: no news, nothing unread, no notification. */
  const onEffect = (m: InboundMessage, effect: NonNullable<InboundMessage['effect']>) => {
    const verdict = o.requests.judge(m, { history: false });
    const { conversationId, applied } = transact(db, () => {
      if (m.stanzaId !== null) o.archive.received(m.stanzaId, m.sentAt);
      if (verdict === 'drop') return { conversationId: null, applied: null };
      const kind = m.peer === o.ownAddress ? 'self' : 'direct';
      const id = ensureConversation(db, { address: m.peer, kind });
      return {
        conversationId: id,
        applied: o.effects.apply(arrived(m, effect, { conversationId: id, latest: true })),
      };
    });
    if (applied === null) return;
    o.effects.announce([applied]);
    if (verdict !== 'deliver') o.requests.filed(conversationId, [applied.id]);
    else if (effect.kind === 'react' && !m.outgoing && effect.emojis.length > 0)
      o.notifications.reacted({ ...applied, emoji: effect.emojis.at(-1) ?? '' });
  };

  /** Something for a group, told to me alone. */
  const onNote = (m: InboundMessage) => {
    transact(db, () => {
      if (m.stanzaId !== null) o.archive.received(m.stanzaId, m.sentAt);
      o.notes.direct(m);
    });
    o.notes.announce();
  };

  const onMessage = (m: InboundMessage) => {
    // Groups: features/group-messages.
    if (m.type === 'groupchat') return;
    if (m.effect !== null) return onEffect(m, m.effect);
    if (m.note !== undefined && !isForConversation(m)) return onNote(m);
    if (!isForConversation(m)) return;
    const verdict = o.requests.judge(m, { history: false });
    if (verdict === 'drop') {
      if (m.stanzaId !== null) o.archive.received(m.stanzaId, m.sentAt);
      return;
    }
    // For a copy of what another device of mine got, that device answers (XEP-0280 section 9).
    const confirm = m.wantsReceipt && m.source === 'live' && !m.outgoing ? m.id : null;
    const opens = m.outgoing && o.requests.isRequest(m.peer);
    const { row, result, filed, applied } = transact(db, () => {
      const made = inboundRow(db, m, o.ownAddress);
      // What the stream brings goes to the end, also what was delayed: it comes in order, and it is news. Nobody's
      // clock but this one says how late it can be.
      const row = { ...made, sentAt: Math.min(made.sentAt, Date.now()) };
      const stored = insertInbound(db, row, { order: 'live', countUnread: true });
      if (stored.inserted && m.markable) noteMarkable(db, stored.id);
      if (stored.inserted) o.nudges.received(row);
      const applied = stored.inserted ? o.effects.inserted(stored.id) : [];
      // An answer from another device of mine: what was before it has been read there.
      if (stored.inserted && made.outgoing) markRead(db, made.conversationId, stored.id);
      if (m.stanzaId !== null) o.archive.received(m.stanzaId, row.sentAt);
      const filed = stored.inserted
        ? o.requests.file(made.conversationId, [stored.id], verdict)
        : verdict !== 'deliver';
      if (filed && stored.inserted && confirm !== null)
        o.requests.owe({ messageId: stored.id, conversationId: made.conversationId, wireId: confirm });
      return { row: made, result: stored, filed, applied };
    });
    o.effects.announce(applied);
    // Somebody not let in is told nothing, and nothing of theirs is fetched or announced.
    if (filed) return result.inserted ? o.requests.filed(row.conversationId, [result.id]) : undefined;
    if (result.inserted || result.updated) changes.message(row.conversationId, result.id);
    if (opens) o.requests.opened(row.conversationId);
    if (confirm !== null) o.connection.session()?.sendReceipt(m.from, confirm);
    if (!result.inserted) return;
    if (row.attachments.length > 0) o.downloads.wanted(result.id);
    if (!row.outgoing) o.people.met(row.senderAddress);
    o.notifications.received({
      conversationId: row.conversationId,
      id: result.id,
      history: o.requests.wasHeld(m),
      repeat: false,
    });
  };

  o.connection.listen({
    onMessage,
    onReceipt: ({ from, ids }) => {
      const conversationId = conversationIdOf(db, from);
      if (conversationId === undefined) return;
      for (const id of markDelivered(db, { conversationId, originIds: ids }))
        changes.message(conversationId, id);
    },
    onBounce: (bounce) => {
      if (groupByAddress(db, bounce.from)) return;
      const failed = markBounced(db, {
        address: bounce.from,
        originId: bounce.id,
        code: bounce.code,
        detail: { condition: bounce.condition },
      });
      if (failed) changes.message(failed.conversationId, failed.id);
    },
  });
}
