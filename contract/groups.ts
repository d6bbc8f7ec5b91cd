import * as v from 'valibot';
import type { Conversation } from './conversations.ts';
import { event, method } from './define.ts';
import {
  address,
  conversationId,
  fileSource,
  messageId,
  pictureCrop,
  type ConversationId,
  type MessageId,
} from './ids.ts';

/** What somebody is in a group. In XEP-0045: owner, admin, member, none, outcast. */
export type Rank = 'owner' | 'moderator' | 'member' | 'none' | 'banned';

/** Whether I am in it. `joining`: on the way in, or waiting for a connection. The rest are final until I join anew. */
export type GroupState = 'joining' | 'joined' | 'left' | 'removed' | 'banned' | 'destroyed';

/** What the owner of a group decided for everybody in it. */
export interface GroupPolicy {
  /** Shown before the first message and whenever it changes; '' for none. */
  readonly guidelines: string;
  /** Seconds between two messages of a member; 0: as fast as they like. Not for moderators. */
  readonly slowMode: number;
  readonly membersMay: { readonly invite: boolean; readonly media: boolean; readonly links: boolean };
  /** Only moderators write. */
  readonly announcementsOnly: boolean;
  /** Of people who have not written here yet, messages wait for a moderator. */
  readonly approveFirst: boolean;
  /** Messages of members with one of these words (whole words, any case) wait for a moderator. */
  readonly heldWords: string[];
  /** A question that the owner's app asks once a day at this minute of the owner's day; null: none. */
  readonly dailyQuestion: { readonly minute: number; readonly questions: string[] } | null;
}

export const defaultPolicy: GroupPolicy = {
  guidelines: '',
  slowMode: 0,
  membersMay: { invite: true, media: true, links: true },
  announcementsOnly: false,
  approveFirst: false,
  heldWords: [],
  dailyQuestion: null,
};

/** What I may do in a group; decided by one function of what I am and its policy (docs/mechanisms/groups.md). */
export interface GroupRights {
  readonly write: boolean;
  readonly media: boolean;
  readonly links: boolean;
  readonly invite: boolean;
  readonly moderate: boolean;
  readonly configure: boolean;
  readonly destroy: boolean;
}

export interface Group {
  readonly conversationId: ConversationId;
  /** Of the room; bare. */
  readonly address: string;
  readonly name: string;
  readonly description: string;
  /** SHA-256 of its picture, shown from `/media/avatar/…`. */
  readonly avatar: string | null;
  readonly state: GroupState;
  /** Why I was removed or banned, or it was closed; '' when nothing was said. */
  readonly reason: string;
  readonly rank: Rank;
  readonly nick: string;
  /** Unix time, ms; null: not muted, 8640000000000000: until a moderator ends it. */
  readonly mutedUntil: number | null;
  readonly may: GroupRights;
  readonly members: number;
  /** Who decides there, by bare address: owners and moderators. */
  readonly moderators: readonly { readonly address: string; readonly rank: 'owner' | 'moderator' }[];
  /** New members may read what was written before they came. null where the server always lets them. */
  readonly history: boolean | null;
  readonly policy: GroupPolicy;
  /** What of the policy the server sees to; the rest is up to the apps, and the panel says so. */
  readonly enforced: boolean;
  /** The guidelines as they are now were accepted here (or there are none). */
  readonly guidelinesAccepted: boolean;
  /** Unix time, ms, before which slow mode takes no message of mine; 0: at once. */
  readonly nextMessageAt: number;
  /** Messages waiting for a moderator, as far as I may see them. */
  readonly held: number;
  /** `xmpp:…?join`, to be given to others. */
  readonly link: string;
}

export interface GroupMember {
  /** Bare address; null where the group hides it. */
  readonly address: string | null;
  readonly nick: string;
  readonly name: string;
  readonly avatar: string | null;
  readonly rank: Rank;
  readonly self: boolean;
  /** Is in it right now. */
  readonly present: boolean;
  /** As in `Group`. */
  readonly mutedUntil: number | null;
  /** Why they were banned; '' otherwise. */
  readonly reason: string;
  /** What I may do with them. */
  readonly may: {
    readonly remove: boolean;
    readonly ban: boolean;
    readonly mute: boolean;
    readonly makeModerator: boolean;
    readonly makeMember: boolean;
    readonly handOver: boolean;
  };
}

/** One line of what moderators did. */
export interface ModerationEntry {
  readonly id: number;
  readonly what:
    | 'removed'
    | 'banned'
    | 'unbanned'
    | 'muted'
    | 'unmuted'
    | 'moderator'
    | 'member'
    | 'owner'
    | 'deleted'
    | 'held-published'
    | 'held-dropped'
    | 'policy'
    | 'reported';
  readonly by: string;
  /** Whom it was about; '' when it was nobody. */
  readonly about: string;
  readonly reason: string;
  /** Unix time, ms. */
  readonly at: number;
  /** A reported or deleted message that is still here. */
  readonly messageId: MessageId | null;
}

/** A message that waits for a moderator. */
export interface HeldMessage {
  /** The room's id of it. */
  readonly id: string;
  readonly sender: string;
  readonly text: string;
  readonly photo: boolean;
  readonly why: 'first' | 'words';
  readonly at: number;
}

/** Of one week; counts of what everybody in the group could see, and of nothing else. */
export interface GroupActivity {
  /** Unix time of its first day, ms. */
  readonly from: number;
  readonly members: readonly {
    readonly name: string;
    readonly address: string;
    readonly messages: number;
    readonly replies: number;
    readonly votes: number;
  }[];
}

const id = v.object({ id: conversationId });
const reason = v.optional(v.pipe(v.string(), v.trim(), v.maxLength(500)), '');
const one = { id: conversationId, address };
const groupName = v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100));
const page = {
  before: v.nullable(v.pipe(v.string(), v.maxLength(256))),
  limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200)),
};

const policy = v.object({
  guidelines: v.pipe(v.string(), v.trim(), v.maxLength(5000)),
  slowMode: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400)),
  membersMay: v.object({ invite: v.boolean(), media: v.boolean(), links: v.boolean() }),
  announcementsOnly: v.boolean(),
  approveFirst: v.boolean(),
  heldWords: v.pipe(v.array(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(100))), v.maxLength(200)),
  dailyQuestion: v.nullable(
    v.object({
      minute: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1439)),
      questions: v.pipe(
        v.array(v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(300))),
        v.minLength(1),
        v.maxLength(100),
      ),
    }),
  ),
});
/** The same as a policy that was read from a room: it may come from anybody's app. */
export const groupPolicy = policy;

export const groups = {
  /**
   * Makes a group of these people with me as its owner. Who lets me is a member at once, the others are asked.
   * Throws `offline`, `groups-unsupported`, `server-error`.
   */
  'groups.create': method<Conversation>()(
    v.object({
      name: groupName,
      people: v.pipe(v.array(address), v.maxLength(1000)),
      picture: v.optional(v.nullable(fileSource), null),
      crop: v.optional(pictureCrop),
    }),
  ),
  'groups.get': method<Group>()(id),
  /** Owners first, then moderators, then members, each by name. `query`: part of a name or address. */
  'groups.members': method<{ items: readonly GroupMember[]; next: string | null; total: number }>()(
    v.object({
      id: conversationId,
      query: v.pipe(v.string(), v.maxLength(200)),
      list: v.optional(v.picklist(['members', 'banned']), 'members'),
      ...page,
    }),
  ),
  /** Throws `not-invited` {name}: they let nobody, or only friends, invite them; `forbidden`. */
  'groups.invite': method()(v.object({ ...one, reason })),
  /** By a link or an address. Throws `link-invalid`, `group-not-found`, `group-closed` (members only), `banned`. */
  'groups.join': method<Conversation>()(
    v.object({ link: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(3200)) }),
  ),
  'groups.acceptInvitation': method<Conversation>()(
    v.object({ id: v.pipe(v.number(), v.safeInteger(), v.minValue(1)) }),
  ),
  /** `successor`: needed from an only owner who is not alone; throws `successor-needed`. `erase`: the messages here, too. */
  'groups.leave': method()(
    v.object({ id: conversationId, successor: v.optional(v.nullable(address), null), erase: v.boolean() }),
  ),
  'groups.destroy': method()(v.object({ id: conversationId, reason })),
  /** Each throws `forbidden` where the server refuses, `offline`. */
  'groups.remove': method()(v.object({ ...one, reason })),
  'groups.ban': method()(v.object({ ...one, reason })),
  'groups.unban': method()(v.object(one)),
  /** `until`: as in `GroupMember`; null ends it. */
  'groups.mute': method()(v.object({ ...one, until: v.nullable(v.number()), reason })),
  'groups.setRank': method()(v.object({ ...one, rank: v.picklist(['moderator', 'member']) })),
  'groups.handOver': method()(v.object(one)),
  'groups.configure': method()(
    v.object({
      id: conversationId,
      name: v.optional(groupName),
      description: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(1000))),
      history: v.optional(v.boolean()),
      policy: v.optional(policy),
    }),
  ),
  'groups.setPicture': method()(
    v.object({ id: conversationId, picture: v.nullable(fileSource), crop: v.optional(pictureCrop) }),
  ),
  'groups.acceptGuidelines': method()(id),
  /** Takes a message of somebody else back for everybody (XEP-0425). Throws `forbidden`, `moderation-unsupported`. */
  'groups.deleteForEveryone': method()(v.object({ messageId, reason })),
  /** Tells the moderators of the message's group about it. */
  'groups.reportToModerators': method()(v.object({ messageId, reason })),
  'groups.log': method<{ items: readonly ModerationEntry[]; next: string | null }>()(
    v.object({ id: conversationId, ...page }),
  ),
  'groups.held': method<readonly HeldMessage[]>()(id),
  'groups.review': method()(
    v.object({
      id: conversationId,
      held: v.pipe(v.string(), v.nonEmpty(), v.maxLength(256)),
      publish: v.boolean(),
    }),
  ),
  /**
   * Takes back a message of mine that waits for a moderator (`waits-for-moderator`); it goes from here once the room says so.
   * Throws `not-found` where it does not wait, `offline`.
   */
  'groups.withdraw': method()(v.object({ messageId })),
  /** The weeks that are kept, newest first; for owners. */
  'groups.activity': method<readonly GroupActivity[]>()(id),
  /** Questions that could wake it up, for a group in which nobody has written for some days; [] otherwise. */
  'groups.prompts': method<readonly string[]>()(id),
  /** Anything that `groups.get` says has changed. */
  'groups.changed': event<{ id: ConversationId }>(),
  /** Who is in it, or what they are. */
  'groups.membersChanged': event<{ id: ConversationId }>(),
};
