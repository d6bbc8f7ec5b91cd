import * as v from 'valibot';
import type { MessageId } from '../../../contract/ids.ts';
import {
  groupByAddress,
  insertInbound,
  markRead,
  noteOwnMessage,
  setRoomArchived,
  transact,
  type GroupRef,
} from '../../store/index.ts';
import type { InboundEffect, InboundMessage } from '../../xmpp/index.ts';
import type { Downloads } from '../downloads.ts';
import { arrived } from '../effects/arrived.ts';
import type { Notifications } from '../notifications/index.ts';
import { isFolded, type GroupStoring } from './archive.ts';
import { groupRow, isForGroup, noteCaption } from './row.ts';
import { onWithdrawn } from './withdrawn.ts';

const waiting = v.object({ message: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)) });

/** Of our hub's rooms: which message of mine is kept for a moderator (docs/mechanisms/hub-rooms.md "Policy"). */
function waitingIn({ note }: InboundMessage): string | null {
  if (note?.family !== 'groups' || note.kind !== 'waiting') return null;
  const said = v.safeParse(v.pipe(v.string(), v.parseJson(), waiting), note.json);
  return said.success ? said.output.message : null;
}

/**
 * What comes live from the rooms I am in: docs/mechanisms/groups.md "Messages". Requests and who may reach me have no
 * say in it; a room that is no group of mine has none either.
 */
export function receiveFromRooms(
  o: GroupStoring & {
    downloads: Pick<Downloads, 'wanted'>;
    notifications: Pick<Notifications, 'received' | 'reacted'>;
    /** Its archive is known up to the last live message: what comes moves that on. */
    isLevel(group: GroupRef): boolean;
    /** The room keeps a message of mine until a moderator has seen it. */
    onWaiting?(group: GroupRef, originId: string): void;
    /** The room's own copy of a message of mine has come, or something that waited for a room's id of it. */
    onReturned(): void;
    /** Somebody of a group was heard. Bare address. */
    met(address: string): void;
  },
): (m: InboundMessage) => void {
  const { db } = o;

  const level = (m: InboundMessage, group: GroupRef, sentAt: number) => {
    if (m.stanzaId !== null && o.isLevel(group))
      setRoomArchived(db, group.conversationId, { id: m.stanzaId, at: sentAt });
  };
  const note = (m: InboundMessage, group: GroupRef, messageId: MessageId | null) => {
    const { conversationId } = group;
    if (m.note === undefined) {
      if (messageId !== null) o.notes.text({ conversationId, message: m, messageId });
      return;
    }
    o.notes.apply({ conversationId, message: m, note: m.note, messageId, latest: true });
  };

  const onEffect = (m: InboundMessage, effect: InboundEffect, group: GroupRef) => {
    const { conversationId } = group;
    const applied = transact(db, () => {
      level(m, group, m.sentAt);
      return o.effects.apply(arrived(m, effect, { conversationId, latest: true }));
    });
    if (m.outgoing) o.onReturned();
    if (applied === null) return;
    o.effects.announce([applied]);
    if (effect.kind === 'react' && !m.outgoing && effect.emojis.length > 0 && !isFolded(o, m))
      o.notifications.reacted({ ...applied, emoji: effect.emojis.at(-1) ?? '' });
  };

  const onText = (m: InboundMessage, group: GroupRef) => {
    const { conversationId } = group;
    const folded = isFolded(o, m);
    const { result, applied } = transact(db, () => {
      const made = groupRow(m, group, { ownAddress: o.ownAddress, folded });
      const row = { ...made, sentAt: Math.min(made.sentAt, Date.now()) };
      const stored = insertInbound(db, row, { order: 'live', countUnread: true });
      const effects = stored.inserted || stored.updated ? o.effects.inserted(stored.id) : [];
      // From another device of mine: what was before it has been read there.
      if (stored.inserted && row.outgoing) markRead(db, conversationId, stored.id);
      if (row.outgoing) noteOwnMessage(db, conversationId, row.sentAt);
      level(m, group, row.sentAt);
      note(m, group, stored.id);
      return { result: stored, applied: effects };
    });
    o.effects.announce(applied);
    o.notes.announce();
    if (result.inserted || result.updated) o.changes.message(conversationId, result.id);
    if (m.outgoing) o.onReturned();
    if (!result.inserted || folded) return;
    if (m.files.length > 0) o.downloads.wanted(result.id);
    if (!m.outgoing && m.room?.known === true) o.met(m.from);
    o.notifications.received({ conversationId, id: result.id, history: false, repeat: false });
  };

  return (m) => {
    if (m.room === undefined) return;
    const group = groupByAddress(db, m.peer);
    if (group === null || (group.state !== 'joined' && group.state !== 'joining')) return;
    if (m.effect !== null) return onEffect(m, m.effect, group);
    if (isForGroup(m)) return onText(m, group);
    transact(db, () => {
      level(m, group, m.sentAt);
      noteCaption(db, m, group);
      note(m, group, null);
    });
    o.notes.announce();
    const waits = m.room.byRoom ? waitingIn(m) : null;
    if (waits !== null) o.onWaiting?.(group, waits);
    onWithdrawn(o, m, group);
    if (m.outgoing && m.captionOf !== undefined) o.onReturned();
  };
}
