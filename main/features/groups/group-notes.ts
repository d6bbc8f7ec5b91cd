import * as v from 'valibot';
import type { HeldMessage, ModerationEntry, Rank } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import {
  addHeld,
  addLogEntry,
  dropHeld,
  messageOfStanza,
  mutedSince,
  putRoomPerson,
  rankIn,
  roomById,
  updateRoom,
  type RoomRow,
} from '../../store/index.ts';
import { cleanLine, cleanText } from '../plain-text.ts';
import { rankOf } from './describe.ts';
import type { ArrivedNote } from './notes.ts';
import type { GroupParts, Told } from './parts.ts';
import { parseJson, parsePolicy } from './policy-schema.ts';
import { readPinNote } from './room-pins.ts';

const REASON = 500;
const MAX_ADDRESS = 3071;
const MAX_ID = 256;

const address = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_ADDRESS));
const reason = v.optional(v.pipe(v.string(), v.maxLength(REASON * 4)), '');
const id = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_ID));
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(8_640_000_000_000_000));

const muteNote = v.object({ address, until: v.nullable(time), reason });
const logged = [
  'removed',
  'banned',
  'unbanned',
  'moderator',
  'member',
  'owner',
  'deleted',
  'held-published',
  'held-dropped',
] as const satisfies readonly ModerationEntry['what'][];
const logNote = v.object({
  what: v.picklist(logged),
  about: v.pipe(v.string(), v.maxLength(MAX_ADDRESS)),
  reason,
  message: v.optional(id),
});
export const reportNote = v.object({
  message: id,
  about: v.pipe(v.string(), v.maxLength(MAX_ADDRESS)),
  reason,
});
const heldNote = v.object({
  id,
  sender: address,
  text: v.pipe(v.string(), v.maxLength(20_000)),
  photo: v.boolean(),
  why: v.picklist(['first', 'words']),
  at: time,
});
const reviewedNote = v.object({ id });

/** Reads the notes of `urn:postcard:groups:0`: docs/mechanisms/groups.md "Notes". Nothing in one is believed by itself. */
export function readGroupNotes(
  o: Pick<GroupParts, 'db' | 'ownAddress' | 'notes'> & {
    told: Told;
    /** A policy note of mine came back. */
    returned(originId: string): void;
    /** A mute was set or ended. */
    muted(): void;
    /** A pin for everybody was set or taken away; `stanzaId`: the room's id of the message. */
    pinned(id: ConversationId, stanzaId: string): void;
  },
): void {
  const { db } = o;
  const changed = new Set<ConversationId>();
  const members = new Set<ConversationId>();
  const returned: string[] = [];
  const pinned: (readonly [ConversationId, string])[] = [];
  let muted = false;

  const log = (
    a: ArrivedNote,
    e: { what: ModerationEntry['what']; about: string; reason: string; message?: string | undefined },
  ) =>
    addLogEntry(db, a.conversationId, {
      entryId: entryIdOf(a),
      what: e.what,
      by: a.message.room?.byRoom ? '' : a.message.from,
      about: e.about,
      reason: cleanText(e.reason, REASON),
      at: a.message.sentAt,
      messageId: e.message === undefined ? null : messageOfStanza(db, a.conversationId, e.message),
    }) && changed.add(a.conversationId);

  const policy = (a: ArrivedNote, room: RoomRow, from: Rank | 'room') => {
    if (from !== 'owner' && from !== 'room') return;
    const parsed = parsePolicy(a.note.json);
    if (parsed === null) return;
    if (a.message.outgoing && a.message.originId !== null) returned.push(a.message.originId);
    if (from === 'owner') log(a, { what: 'policy', about: '', reason: '' });
    const { sentAt } = a.message;
    // The room passes on what holds now; of two notes the later one counts, and of one time the one further on.
    if (from !== 'room' && (sentAt < room.policyAt || (sentAt === room.policyAt && !a.latest))) return;
    const policyAt = from === 'room' ? room.policyAt : sentAt;
    if (updateRoom(db, a.conversationId, { policy: JSON.stringify(parsed), policyAt }))
      changed.add(a.conversationId);
  };
  const mute = (a: ArrivedNote, from: Rank | 'room') => {
    const said = v.safeParse(muteNote, parseJson(a.note.json));
    if (!said.success || !mayMute(from, rankIn(db, a.conversationId, said.output.address))) return;
    const { until, ...about } = said.output;
    const later = mutedSince(db, a.conversationId, about.address, a.message.sentAt);
    log(a, { what: until === null ? 'unmuted' : 'muted', about: about.address, reason: about.reason });
    if (later || (!a.latest && (until === null || until <= Date.now()))) return;
    putRoomPerson(db, a.conversationId, { address: about.address, mutedUntil: until });
    if (about.address === o.ownAddress) updateRoom(db, a.conversationId, { mutedUntil: until });
    muted = true;
    members.add(a.conversationId);
    changed.add(a.conversationId);
  };
  const logEntry = (a: ArrivedNote) => {
    const said = v.safeParse(logNote, parseJson(a.note.json));
    if (said.success) log(a, said.output);
  };
  const report = (a: ArrivedNote) => {
    const said = v.safeParse(reportNote, parseJson(a.note.json));
    if (said.success && a.message.room?.known) log(a, { what: 'reported', ...said.output });
  };
  const pin = (a: ArrivedNote) => {
    const other = readPinNote(db, a);
    if (other !== null) pinned.push([a.conversationId, other.stanzaId]);
  };
  const held = (a: ArrivedNote) => {
    const said = v.safeParse(heldNote, parseJson(a.note.json));
    if (!said.success) return;
    const { sender, text, ...rest } = said.output;
    const message: HeldMessage = {
      ...rest,
      sender: cleanLine(sender, MAX_ADDRESS),
      text: cleanText(text, 20_000),
    };
    if (addHeld(db, a.conversationId, message)) changed.add(a.conversationId);
  };
  const reviewed = (a: ArrivedNote) => {
    const said = v.safeParse(reviewedNote, parseJson(a.note.json));
    if (said.success && dropHeld(db, a.conversationId, said.output.id)) changed.add(a.conversationId);
  };

  o.notes.read('groups', {
    apply: (a) => {
      const room = roomById(db, a.conversationId);
      if (room === null) return;
      const from = senderRank(db, a);
      const moderator = from === 'owner' || from === 'moderator';
      if (a.note.kind === 'policy') policy(a, room, from);
      else if (a.note.kind === 'mute' && moderator) mute(a, from);
      else if (a.note.kind === 'log' && moderator) logEntry(a);
      else if (a.note.kind === 'pin' && moderator) pin(a);
      else if (a.note.kind === 'report') report(a);
      // What waits is told by the room alone, and now: in an archive it is over.
      else if (a.note.kind === 'held' && from === 'room' && a.message.source === 'live') held(a);
      else if (a.note.kind === 'reviewed' && from === 'room') reviewed(a);
    },
    announce: () => {
      for (const one of members) o.told.members(one);
      for (const one of changed) o.told.group(one);
      for (const one of returned.splice(0)) o.returned(one);
      for (const [id, stanzaId] of pinned.splice(0)) o.pinned(id, stanzaId);
      members.clear();
      changed.clear();
      if (muted) o.muted();
      muted = false;
    },
  });
}

/**
 * What a note's sender is: live as the room says, in an archive what they are now, for others' archives do not tell.
 * `room`: the room itself. Of who is not known for sure: nothing.
 */
function senderRank(db: GroupParts['db'], { message, conversationId }: ArrivedNote): Rank | 'room' {
  const { room } = message;
  if (room === undefined) return 'none';
  if (room.byRoom) return 'room';
  if (!room.known) return 'none';
  return room.affiliation === null ? rankIn(db, conversationId, message.from) : rankOf(room.affiliation);
}

const isModerator = (rank: Rank): boolean => rank === 'owner' || rank === 'moderator';
/** Whether one may mute the other: moderators whoever is none. */
const mayMute = (from: Rank | 'room', them: Rank): boolean =>
  from === 'room' || (isModerator(from) && !isModerator(them));

/** The same, live and from the archive. */
const entryIdOf = ({ message }: ArrivedNote): string =>
  message.originId !== null
    ? `o:${message.from}:${message.originId}`
    : `s:${message.stanzaId ?? message.id ?? ''}`;
