import type { ReceivedMessage } from 'stanza/protocol/index.js';
import type { InboundEffect } from './effect-types.ts';
import { readEffect } from './effects.ts';
import { readDisplayed } from './modules/xep-0333-displayed.ts';
import { stanzaIdBy } from './modules/xep-0359-ids.ts';
import { mentionsIn } from './modules/xep-0372-mentions.ts';
import { nickIn, type RoomView } from './room-presence.ts';
import type { RoomHandlers, RoomOrigin } from './room-types.ts';
import { bareAddress } from './server-address.ts';
import { pointOf, readContent } from './shared-files.ts';
import { readSticker } from './sticker-message.ts';
import type { InboundMessage } from './types.ts';

/** ms: a server delivers late what came while a stream was lost, but no longer than it could be resumed. */
const LONGEST_DELAY = 3_600_000;

/** How a room's message came. */
export type RoomEnvelope =
  | { readonly source: 'live'; readonly delayed: Date | undefined }
  | { readonly source: 'archive'; readonly archiveId: string; readonly stamp: number | null };

/**
 * A message of a room, or null: nothing to show, or not what it poses as. The caller has checked that it came from the
 * room, or from the room's archive for a question to it.
 */
export function readRoomMessage(
  stanza: ReceivedMessage,
  own: string,
  room: RoomView,
  envelope: RoomEnvelope,
): InboundMessage | null {
  if (bareAddress(stanza.from) !== room.address) return null;
  if (stanza.type !== 'groupchat') return envelope.source === 'live' ? readReport(stanza, own, room) : null;
  const sender = senderOf(stanza, room, envelope.source === 'archive');
  const content = readContent(stanza);
  const sticker = readSticker(stanza, content);
  const { body, files } = sticker ?? content;
  const tombstone = isTombstone(stanza, envelope);
  // Item 5: a moderator's word comes from the room alone; whoever else says it has said nothing.
  if (stanza.moderation !== undefined && !tombstone && !sender.origin.byRoom) return null;
  const effect = tombstone ? null : effectOf(stanza, room, { body, files });
  const { note } = stanza;
  const isMessage = stanza.captionOf === undefined && (body !== null || files.length > 0);
  const mine = isMine(sender, own, room);
  // What repeats a caption for other apps: only what the room calls it is of interest, for by that it is taken back.
  const captionOf = effect === null && !tombstone ? stanza.captionOf : undefined;
  if (!isMessage && effect === null && !tombstone && note === undefined && captionOf === undefined)
    return null;
  const mentions = effect === null && body !== null ? placed(stanza, body) : [];
  const hints = stanza.processingHints;
  return {
    source: envelope.source,
    outgoing: mine,
    from: sender.from,
    to: own,
    fromResource: null,
    peer: room.address,
    type: 'groupchat',
    id: stanza.id || null,
    originId: stanza.originId || null,
    stanzaId: idOf(stanza, room, envelope),
    ...timeOf(envelope),
    body: effect === null && !tombstone && isMessage ? body : null,
    files: effect === null && !tombstone ? files : [],
    effect,
    tombstone,
    ...(sticker === null || effect !== null ? {} : { sticker: sticker.mark }),
    ...(effect === null ? besides(stanza, files.length > 0 && sticker === null) : {}),
    ...(note === undefined || effect !== null ? {} : { note }),
    ...(captionOf === undefined ? {} : { captionOf }),
    ...(mentions.length > 0 ? { mentions } : {}),
    wantsReceipt: false,
    markable: stanza.marker?.type === 'markable' && Boolean(stanza.id),
    noStore: Boolean(hints?.noStore || hints?.noPermanentStore),
    room: sender.origin,
  };
}

/**
 * A report to a moderator of a room that hides addresses from who reports: the one thing that a private message through a
 * room can say (XEP-0045 section 7.5), and only of who the room tells me who it is. It is no message of two.
 */
function readReport(stanza: ReceivedMessage, own: string, room: RoomView): InboundMessage | null {
  const { note } = stanza;
  if (note?.family !== 'groups' || note.kind !== 'report' || stanza.type !== 'chat') return null;
  const sender = senderOf(stanza, room, false);
  if (!sender.origin.known || sender.origin.byRoom || sender.from === own) return null;
  return {
    ...{
      source: 'live',
      outgoing: false,
      from: sender.from,
      to: own,
      fromResource: null,
      peer: room.address,
    },
    ...{ type: 'groupchat', id: stanza.id || null, originId: stanza.originId || null, stanzaId: null },
    ...{ sentAt: Date.now(), delayed: false, body: null, files: [], effect: null, tombstone: false, note },
    ...{ wantsReceipt: false, markable: false, noStore: false, room: sender.origin },
  };
}

const besides = (stanza: ReceivedMessage, hasFile: boolean): Partial<InboundMessage> => ({
  ...(stanza.reply === undefined ? {} : { reply: stanza.reply }),
  ...(stanza.forwarded === undefined ? {} : { forwarded: stanza.forwarded }),
  ...(stanza.album === undefined || !hasFile ? {} : { album: stanza.album }),
});

interface Sender {
  readonly from: string;
  readonly origin: RoomOrigin;
}

/** Whose message it is: never by the nickname alone. */
function senderOf(stanza: ReceivedMessage, room: RoomView, archived: boolean): Sender {
  const nick = nickIn(stanza.from);
  const occupantId = room.trust.occupantIds ? (stanza.occupant ?? null) : null;
  if (nick === null) {
    const origin = { nick: '', occupantId: null, known: true, byRoom: true, affiliation: null };
    return { from: room.address, origin };
  }
  const found = archived ? vouchedInArchive(stanza, room, occupantId) : vouchedLive(room, nick, occupantId);
  return {
    from: found.address ?? `${room.address}/${nick}`,
    origin: {
      nick,
      occupantId,
      known: found.address !== null,
      byRoom: false,
      affiliation: found.affiliation,
    },
  };
}

interface Vouched {
  readonly address: string | null;
  readonly affiliation: RoomOrigin['affiliation'];
}
const nobody: Vouched = { address: null, affiliation: null };

/** By the presence of who has the nickname now; the occupant id says whether they had it when this was sent. */
function vouchedLive(room: RoomView, nick: string, id: string | null): Vouched {
  const occupant = room.occupant(nick);
  if (occupant === undefined) return nobody;
  if (id !== null && occupant.occupantId !== null && occupant.occupantId !== id) return nobody;
  return { address: occupant.address, affiliation: occupant.affiliation };
}

/**
 * By what the archive puts in (XEP-0313 section 5.1.2). A second one is its sender's own; and who has this occupant id
 * now must be who the archive says it was.
 */
function vouchedInArchive(stanza: ReceivedMessage, room: RoomView, id: string | null): Vouched {
  const present = id === null ? undefined : room.withOccupantId(id);
  const says = stanza.roomSays;
  const item = says !== undefined && says !== 'forged' && says.items.length === 1 ? says.items[0] : undefined;
  const address = item?.address ?? present?.address ?? null;
  if (address === null || (present?.address != null && present.address !== address)) return nobody;
  return { address, affiliation: item?.affiliation ?? null };
}

function isMine({ from, origin }: Sender, own: string, room: RoomView): boolean {
  if (origin.known) return from === own;
  const mine = room.self?.occupantId ?? null;
  return mine !== null && origin.occupantId === mine;
}

function isTombstone(stanza: ReceivedMessage, envelope: RoomEnvelope): boolean {
  return envelope.source === 'archive' && (stanza.retracted === true || stanza.moderation?.target === null);
}

function effectOf(
  stanza: ReceivedMessage,
  room: RoomView,
  content: Pick<InboundMessage, 'body' | 'files'>,
): InboundEffect | null {
  const { moderation } = stanza;
  if (moderation === undefined) return readEffect(stanza, content);
  const { target, by, reason, occupantId } = moderation;
  if (target === null || target === '' || target.length > 1023) return null;
  const nick = bareAddress(by) === room.address ? nickIn(by) : null;
  const named = nick === null ? undefined : room.occupant(nick);
  const moderator = (occupantId === null ? undefined : room.withOccupantId(occupantId)) ?? named;
  return { kind: 'moderate', target, by: moderator?.address ?? by, reason };
}

/** Item 9: only the room's own. */
function idOf(stanza: ReceivedMessage, room: RoomView, envelope: RoomEnvelope): string | null {
  if (envelope.source === 'archive') return envelope.archiveId;
  return room.trust.stanzaIds ? stanzaIdBy(stanza, room.address) : null;
}

function timeOf(envelope: RoomEnvelope): { sentAt: number; delayed: boolean } {
  const now = Date.now();
  if (envelope.source === 'archive')
    return { sentAt: Math.min(envelope.stamp ?? now, now), delayed: envelope.stamp !== null };
  const late = envelope.delayed?.getTime() ?? Number.NaN;
  // A sender can write a stamp as well: it moves nothing further back than a lost stream would.
  const believed = late > now - LONGEST_DELAY && late <= now;
  return { sentAt: believed ? late : now, delayed: believed };
}

/** Mentions by their place in what is left of the body once fallbacks are out. */
export function placed(stanza: ReceivedMessage, body: string): NonNullable<InboundMessage['mentions']> {
  if (stanza.mentions === undefined) return [];
  const moved = stanza.mentions.flatMap((mention) => {
    const start = pointOf(stanza, mention.start);
    const end = pointOf(stanza, mention.start + mention.length - 1);
    return start === null || end === null || end - start !== mention.length - 1
      ? []
      : [{ ...mention, start }];
  });
  return mentionsIn(moved, [...body].length);
}

/** Who has displayed what; null for anything else, and of somebody whom the room hides. */
export function readSeen(
  stanza: ReceivedMessage,
  room: RoomView,
): Parameters<RoomHandlers['onSeen']>[0] | null {
  const stanzaId = readDisplayed(stanza);
  const nick = nickIn(stanza.from);
  if (stanzaId === null || nick === null || stanza.type !== 'groupchat' || stanzaId.length > 1023)
    return null;
  const { address } = vouchedLive(room, nick, room.trust.occupantIds ? (stanza.occupant ?? null) : null);
  return address === null ? null : { room: room.address, address, stanzaId };
}

/** What a room says itself beside its messages (XEP-0045 sections 8.1, 9.3, 10.2.1). True: it was that. */
export function readNotice(stanza: ReceivedMessage, room: RoomView, handlers: RoomHandlers): boolean {
  const byRoom = nickIn(stanza.from) === null;
  if (stanza.type === 'groupchat' && stanza.subject !== undefined && stanza.body === undefined) {
    const text = stanza.subject.slice(0, 1000);
    handlers.onSubject({ room: room.address, text, nick: nickIn(stanza.from) });
    return true;
  }
  const says = stanza.roomSays;
  if (!byRoom || says === undefined || says === 'forged') return false;
  const configured = ['104', '172', '173', '174'].some((code) => says.codes.has(code));
  if (configured) handlers.onRoomConfigured({ room: room.address });
  for (const { address, affiliation } of says.items)
    if (address !== null && affiliation !== null)
      handlers.onAffiliation({ room: room.address, address, affiliation });
  if (says.declined !== null) handlers.onDeclined({ room: room.address, ...says.declined });
  return configured || says.items.length > 0 || says.declined !== null;
}
