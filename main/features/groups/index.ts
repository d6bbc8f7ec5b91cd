import type { ConversationId } from '../../../contract/ids.ts';
import { PostcardError } from '../../../contract/errors.ts';
import type { Conversation } from '../../../contract/conversations.ts';
import type { Handlers } from '../../../contract/index.ts';
import {
  conversationById,
  insertOutgoing,
  invitationById,
  listInvitations,
  listLog,
  listRoomPeople,
  removeInvitationsTo,
  roomById,
  roomByAddress,
} from '../../store/index.ts';
import { activityOf, type CountVotes } from './activity.ts';
import { createBookmarks } from './bookmarks.ts';
import { createNewGroups } from './create.ts';
import { askDaily } from './daily-question.ts';
import { describeGroup, describeMember, standingOf } from './describe.ts';
import { readGroupNotes } from './group-notes.ts';
import { createGuidelines } from './guidelines.ts';
import { createInformation } from './information.ts';
import { joinByLink, joinRoom } from './join.ts';
import { leaveGroup } from './leave.ts';
import { mayPost, type Post } from './may-post.ts';
import { createMembership } from './membership.ts';
import { moderationHandlers } from './moderation.ts';
import { createGroupMutes } from './mutes.ts';
import { createTold, existingRoom, type GroupParts } from './parts.ts';
import { createRoomPeople, type RoomPeople } from './people.ts';
import { createPolicies } from './policy.ts';
import { promptsFor } from './prompts.ts';
import { readDirectReports } from './reports.ts';
import { reviewHandlers } from './review.ts';
import { rightsOf } from './rights.ts';
import { roomPinHandlers, tellPin } from './room-pins.ts';

/** Groups: who is in them, as what, and what is decided there (docs/mechanisms/groups.md). */
export interface Groups {
  /** Whether this may be sent there; anything may in what is no group. Throws `forbidden`, `guidelines-first`, `slow-mode`. */
  mayPost(id: ConversationId, post: Post): void;
  /** A friend invites me there: in, as by Accept. What does not work waits in Requests. */
  welcome(room: string): void;
  /** A group was read up to its newest message. */
  opened(): void;
  close(): void;
  readonly handlers: Pick<Handlers, Extract<keyof Handlers, `groups.${string}`> | 'pins.setForAll'>;
}

/** ms from coming into a group until everybody in it is asked for: its newest messages are shown meanwhile. */
const PEOPLE_AFTER = 500;

export function createGroups(
  o: GroupParts & {
    isBlocked(address: string): boolean;
    /** Invitations changed. */
    onInvitationGone(): void;
    /** It is entered, and its archive has been read up. */
    isLevel(id: ConversationId): boolean;
    /** Something waits to be sent. */
    pump(): void;
    /** Votes in polls and question boxes; none where there are none. */
    votes?: CountVotes;
    /** Takes files of deleted messages off the disk. */
    erase(): void;
  },
): Groups {
  const { db } = o;
  const told = createTold(o);
  const parts = { ...o, told };
  // They need each other: who is there decides about mutes, and mutes about who comes in again.
  const mutes = createGroupMutes({ ...parts, people: () => people, again: (id) => membership.again(id) });
  const people: RoomPeople = createRoomPeople({
    ...parts,
    onPresent: mutes.look,
    onOwner: (id) => policies.inherited(id),
  });
  const information = createInformation(parts);
  const policies = createPolicies({ ...parts, information });
  const report = (error: unknown) => {
    if (!(error instanceof PostcardError)) o.log(`the lists of a group could not be read: ${String(error)}`);
  };
  const settling = new Map<ConversationId, NodeJS.Timeout>();
  const readPeople = (id: ConversationId) => {
    clearTimeout(settling.get(id));
    settling.delete(id);
    const room = roomById(db, id);
    if (room === null || !o.connection.isReady()) return;
    people.read(room, ['owner', 'admin', 'member', 'outcast']).catch(report);
  };
  const membership = createMembership({
    ...parts,
    people,
    onEntered: ({ conversationId, address }) => {
      // Also those that were accepted on another device, or by a link.
      if (removeInvitationsTo(db, address)) o.onInvitationGone();
      clearTimeout(settling.get(conversationId));
      settling.set(
        conversationId,
        setTimeout(() => readPeople(conversationId), PEOPLE_AFTER),
      );
      information.refresh(conversationId);
    },
  });
  const guidelines = createGuidelines(parts);
  const bookmarks = createBookmarks({ ...parts, membership, onFound: () => guidelines.ask() });
  const created = createNewGroups({
    ...parts,
    membership,
    bookmarks,
    information,
    onInvited: (address) => {
      const room = roomByAddress(db, address);
      if (room !== null) readPeople(room.conversationId);
    },
  });
  readGroupNotes({
    ...parts,
    returned: policies.returned,
    muted: mutes.changed,
    pinned: (id, stanzaId) => tellPin(parts, id, stanzaId),
  });
  readDirectReports(parts);
  const daily = askDaily({
    ...o,
    say: (conversationId, { text, originId }) => {
      const sentAt = Date.now();
      const senderAddress = o.ownAddress;
      insertOutgoing(db, {
        conversationId,
        originId,
        text,
        sentAt,
        senderAddress,
        reply: null,
        holdUntil: 0,
      });
      o.pump();
      o.changes.conversation(conversationId);
    },
  });
  const joining = { ...parts, membership, bookmarks };
  const conversation = (id: ConversationId): Conversation => {
    const found = conversationById(db, id);
    if (found === null) throw new PostcardError('not-found');
    return found;
  };
  const accept = async (invitation: number) => {
    const found = invitationById(db, invitation);
    if (found === null) throw new PostcardError('not-found');
    const id = await joinRoom(joining, found.room);
    if (removeInvitationsTo(db, found.room)) o.onInvitationGone();
    guidelines.ask();
    return conversation(id);
  };

  return {
    mayPost: (id, post) => mayPost(db, id, post),
    welcome: (room) => {
      const invitation = listInvitations(db).find((one) => one.room === room);
      if (invitation) accept(invitation.id).catch(report);
    },
    opened: policies.opened,
    close: () => {
      for (const part of [
        daily,
        mutes,
        people,
        information,
        policies,
        membership,
        guidelines,
        bookmarks,
        created,
      ])
        part.close();
      for (const timer of settling.values()) clearTimeout(timer);
      told.close();
    },
    handlers: {
      'groups.create': async (given) => conversation(await created.create(given)),
      'groups.get': ({ id }) => describeGroup(db, existingRoom(db, id), Date.now()),
      'groups.members': ({ id, query, list, before, limit }) => {
        const room = existingRoom(db, id);
        const page = listRoomPeople(db, id, { query, list, before, limit });
        const how = { ownAddress: o.ownAddress, now: Date.now() };
        return { ...page, items: page.items.map((person) => describeMember(room, person, how)) };
      },
      'groups.join': async ({ link }) => conversation(await joinByLink(joining, link)),
      'groups.acceptInvitation': ({ id }) => accept(id),
      'groups.leave': ({ id, successor, erase }) =>
        leaveGroup({ ...joining, erase: o.erase }, id, { successor, erase }),
      'groups.destroy': async ({ id, reason }) => {
        const room = existingRoom(db, id);
        const { rooms } = o.connection.online();
        if (room.rank !== 'owner') throw new PostcardError('forbidden');
        await rooms.destroy(room.address, reason);
        bookmarks.remove(room.address, { resign: false });
        membership.out(id, 'destroyed', reason);
      },
      ...moderationHandlers({ ...parts, people }),
      ...policies.handlers,
      'groups.setPicture': async ({ id, picture, crop }) => {
        if (existingRoom(db, id).rank !== 'owner') throw new PostcardError('forbidden');
        await information.setPicture(id, picture, crop);
      },
      ...guidelines.handlers,
      ...reviewHandlers(parts),
      ...roomPinHandlers(parts),
      'groups.log': ({ id, before, limit }) => {
        const room = existingRoom(db, id);
        if (!rightsOf(standingOf(room, Date.now())).moderate) throw new PostcardError('forbidden');
        return listLog(db, id, { before, limit });
      },
      'groups.activity': ({ id }) =>
        activityOf(db, id, { now: Date.now(), votes: o.votes ?? (() => new Map()) }),
      'groups.prompts': ({ id }) => promptsFor(db, id, Date.now()),
    },
  };
}
