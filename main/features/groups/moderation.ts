import { PostcardError } from '../../../contract/errors.ts';
import type { GroupMember, ModerationEntry, Rank } from '../../../contract/groups.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { Handlers } from '../../../contract/index.ts';
import {
  furtherStanzaIds,
  messageById,
  peopleOfRank,
  personByAddress,
  putRoomPerson,
  rankIn,
  roomById,
  stanzaIdOfMessage,
  type RoomRow,
} from '../../store/index.ts';
import type { Affiliation, RoomCalls } from '../../xmpp/index.ts';
import { bareAddress } from '../bare-address.ts';
import { isTooMuch } from './create.ts';
import { sendNote, sendNoteTo, tellRoom } from './own-note.ts';
import { existingRoom, type GroupParts, type Told } from './parts.ts';
import type { RoomPeople } from './people.ts';
import { rightsOf, rightsOver } from './rights.ts';
import { standingOf } from './describe.ts';

type Moderation = Pick<
  Handlers,
  | 'groups.invite'
  | 'groups.remove'
  | 'groups.ban'
  | 'groups.unban'
  | 'groups.mute'
  | 'groups.setRank'
  | 'groups.handOver'
  | 'groups.deleteForEveryone'
  | 'groups.reportToModerators'
>;

interface Parts extends GroupParts {
  readonly told: Told;
  readonly people: RoomPeople;
}

/** What a `log` note says; `message`: the room's id of one. */
export interface LogNote {
  readonly what: ModerationEntry['what'];
  readonly about: string;
  readonly reason: string;
  readonly message?: string;
}

/** Lists that change with what moderators do. */
const LISTS: readonly Affiliation[] = ['owner', 'admin', 'member', 'outcast'];

/** What moderators and owners do with people and messages. The room decides; the app asks for what could work. */
export function moderationHandlers(o: Parts): Moderation {
  const { db } = o;

  /** The person, and whether I may; throws `forbidden`, `offline`. */
  const over = (id: ConversationId, typed: string, what: keyof GroupMember['may']) => {
    const room = existingRoom(db, id);
    const address = bareAddress(typed);
    const { rooms } = o.connection.online();
    const them = { rank: rankIn(db, id, address), self: address === o.ownAddress };
    if (!rightsOver(room, them)[what]) throw new PostcardError('forbidden');
    return { room, address, rooms, rank: them.rank };
  };
  const log = (room: RoomRow, value: LogNote) => {
    if (!o.connection.isReady()) return;
    sendNote(o.connection.online(), { room: room.address, kind: 'log', value });
  };
  const reread = async (room: RoomRow) => {
    await o.people.read(roomById(db, room.conversationId) ?? room, LISTS);
    o.told.members(room.conversationId);
  };
  const setRank = async (
    { room, address, rooms }: { room: RoomRow; address: string; rooms: RoomCalls },
    to: { affiliation: Affiliation; what: ModerationEntry['what']; reason: string },
  ) => {
    await rooms.setAffiliation(room.address, address, to.affiliation, to.reason);
    log(room, { what: to.what, about: address, reason: to.reason });
    await reread(room);
  };
  /** Out of a room that lets people in who are no members. */
  const kick = async (room: RoomRow, rooms: RoomCalls, address: string, reason: string) => {
    const there = o.people.present(room.address, address);
    if (there === null) return;
    await unlessGone(rooms.setRole(room.address, there.nick, 'none', reason));
  };

  return {
    'groups.invite': async ({ id, address: typed, reason }) => {
      const room = existingRoom(db, id);
      const address = bareAddress(typed);
      const { rooms } = o.connection.online();
      const standing = standingOf(room, Date.now());
      if (!rightsOf(standing).invite || rankIn(db, id, address) === 'banned')
        throw new PostcardError('forbidden');
      const moderates = room.rank === 'owner' || room.rank === 'moderator';
      if (moderates && rankIn(db, id, address) === 'none')
        await rooms.setAffiliation(room.address, address, 'member', '');
      try {
        await rooms.invite(room.address, address, reason || room.name);
      } catch (error) {
        if (!(error instanceof PostcardError) || error.code !== 'not-invited') throw error;
        if (isTooMuch(error)) throw new PostcardError('server-error', error.detail, { cause: error });
        throw new PostcardError('not-invited', { name: personByAddress(db, address).name }, { cause: error });
      } finally {
        if (moderates) await reread(room);
      }
    },
    'groups.remove': async ({ id, address, reason }) => {
      const on = over(id, address, 'remove');
      await setRank(on, { affiliation: 'none', what: 'removed', reason });
      await kick(on.room, on.rooms, on.address, reason);
    },
    'groups.ban': async ({ id, address, reason }) => {
      await setRank(over(id, address, 'ban'), { affiliation: 'outcast', what: 'banned', reason });
    },
    'groups.unban': async ({ id, address: typed }) => {
      const room = existingRoom(db, id);
      const address = bareAddress(typed);
      const { rooms } = o.connection.online();
      if (!rightsOf(standingOf(room, Date.now())).moderate) throw new PostcardError('forbidden');
      await setRank({ room, address, rooms }, { affiliation: 'none', what: 'unbanned', reason: '' });
    },
    'groups.mute': async ({ id, address, until, reason }) => {
      const { room, address: person, rooms } = over(id, address, 'mute');
      const there = o.people.present(room.address, person);
      const role = until === null ? 'participant' : 'visitor';
      // Who is away is muted when they come: the note says until when.
      if (there !== null) await unlessGone(rooms.setRole(room.address, there.nick, role, reason));
      sendNote(o.connection.online(), {
        room: room.address,
        kind: 'mute',
        value: { address: person, until, reason },
      });
      if (putRoomPerson(db, id, { address: person, mutedUntil: until })) o.told.members(id);
    },
    'groups.setRank': async ({ id, address, rank }) => {
      const on = over(id, address, rank === 'moderator' ? 'makeModerator' : 'makeMember');
      await setRank(on, { affiliation: affiliationOf(rank), what: rank, reason: '' });
    },
    'groups.handOver': async ({ id, address }) => {
      const on = over(id, address, 'handOver');
      await setRank(on, { affiliation: 'owner', what: 'owner', reason: '' });
      // Only now: a room is never without an owner.
      await on.rooms.setAffiliation(on.room.address, o.ownAddress, 'admin', '');
      await reread(on.room);
    },
    'groups.deleteForEveryone': async ({ messageId, reason }) => {
      const { room, stanzaId, author } = messageIn(o, messageId);
      const { rooms } = o.connection.online();
      if (!rightsOf(standingOf(room, Date.now())).moderate) throw new PostcardError('forbidden');
      // Read before: with the message, what belongs to it is gone here.
      const further = furtherStanzaIds(db, messageId);
      await rooms.moderate(room.address, stanzaId, reason);
      // To servers a correction and a caption for other apps are messages of their own, with the whole text.
      for (const id of further) await unlessGone(rooms.moderate(room.address, id, reason));
      log(room, { what: 'deleted', about: author, reason, message: stanzaId });
    },
    'groups.reportToModerators': async ({ messageId, reason }) => {
      const { room, stanzaId, author } = messageIn(o, messageId);
      const session = o.connection.online();
      const value = { message: stanzaId, about: author, reason };
      // Our hub shows it to moderators alone; elsewhere a note to the room would tell everybody who reports whom.
      if (room.enforced) return tellRoom(session, { room: room.address, kind: 'report', value });
      const moderators = (['owner', 'moderator'] as const).flatMap((rank) =>
        peopleOfRank(db, room.conversationId, rank),
      );
      // Whose address is hidden is told through the room, which takes it only to who is there.
      const reached = moderators.filter(
        ({ address, present }) => address !== o.ownAddress && (present || !address.includes('/')),
      );
      if (reached.length === 0) throw new PostcardError('not-delivered');
      for (const { address } of reached)
        sendNoteTo(session, { address, kind: 'report', value: { ...value, room: room.address } });
    },
  };
}

const affiliations: Readonly<Record<Exclude<Rank, 'none'>, Affiliation>> = {
  owner: 'owner',
  moderator: 'admin',
  member: 'member',
  banned: 'outcast',
};
const affiliationOf = (rank: Exclude<Rank, 'none'>): Affiliation => affiliations[rank];

/** They went by themselves meanwhile, or with the membership that was taken from them. */
async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof PostcardError) || error.code !== 'not-found') throw error;
  }
}

/** A message of a group, as the room calls it. Throws `not-found` for any other one. */
export function messageIn(
  o: Pick<GroupParts, 'db'>,
  messageId: MessageId,
): { room: RoomRow; stanzaId: string; author: string } {
  const message = messageById(o.db, messageId);
  if (message === null) throw new PostcardError('not-found');
  const room = existingRoom(o.db, message.conversationId);
  const found = stanzaIdOfMessage(o.db, messageId);
  if (found === null) throw new PostcardError('not-found');
  return { room, ...found };
}
