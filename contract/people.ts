import * as v from 'valibot';
import { event, method } from './define.ts';
import { address } from './ids.ts';

export interface Person {
  readonly address: string;
  readonly name: string;
  readonly avatar: string | null;
}

/**
 * `friend`: both follow each other. `accepted`: let in without being followed. A `follower` is as little let in as
 * a `stranger`.
 */
export type Relation = 'self' | 'friend' | 'following' | 'follower' | 'accepted' | 'stranger';

/** How somebody and I stand to each other, for lists. */
export interface ListedPerson extends Person {
  readonly relation: Relation;
  readonly followsMe: boolean;
  /** I asked to follow and wait for the answer. */
  readonly followPending: boolean;
  /** They ask to follow me and wait for mine. */
  readonly followRequest: boolean;
  readonly tags: readonly string[];
}

export interface Profile extends ListedPerson {
  /** What they call themselves, where I call them something else; '' otherwise. */
  readonly nick: string;
  readonly bio: string;
  readonly interests: readonly string[];
  /** An http or https address; '' when none. */
  readonly link: string;
  /** Asks before somebody follows. */
  readonly isPrivate: boolean;
  /** Only I see it. */
  readonly note: string;
  /** Being looked up at this moment. */
  readonly looking: boolean;
}

export type PeopleList = 'friends' | 'following' | 'followers' | 'requests';
export type PeopleCounts = Readonly<Record<PeopleList, number>>;

/** Characters. */
export const MAX_BIO = 500;
export const MAX_INTEREST = 40;
export const MAX_INTERESTS = 20;
export const MAX_LINK = 500;
export const MAX_NOTE = 5_000;
export const MAX_TAG = 40;
export const MAX_TAGS = 20;

const somebody = v.object({ address });
const text = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max));

export const people = {
  /**
   * By name, user name or interest; a full address that is typed comes first. `interests`: which of them the
   * server's directory looks through.
   */
  'people.find': method<{
    items: readonly Person[];
    directory: 'searched' | 'unsupported' | 'offline';
    interests: 'all' | 'first' | 'none';
  }>()(v.object({ query: v.pipe(v.string(), v.trim(), v.maxLength(200)) })),
  'people.get': method<Person>()(somebody),
  /** What is stored, at once; it is looked up anew where it is old, and `people.changed` tells. */
  'people.profile': method<Profile>()(
    v.object({
      ...somebody.entries,
      /** Opened by somebody just now: looked up although it was a moment ago. */
      opened: v.optional(v.boolean(), false),
    }),
  ),
  /** By name. `before`: the cursor of the page before. */
  'people.list': method<{ items: readonly ListedPerson[]; next: string | null }>()(
    v.object({
      list: v.picklist(['friends', 'following', 'followers', 'requests']),
      before: v.nullable(v.pipe(v.string(), v.maxLength(4096))),
      limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500)),
    }),
  ),
  'people.counts': method<PeopleCounts>()(v.object({})),
  /** Follows, or asks to. It lets them in. Fails with `offline`, `address-invalid`. */
  'people.follow': method()(somebody),
  /** Also takes back a question that waits for its answer. */
  'people.unfollow': method()(somebody),
  'people.removeFollower': method()(somebody),
  'people.answerFollow': method()(v.object({ address, accept: v.boolean() })),
  'people.setNote': method()(v.object({ address, note: text(MAX_NOTE) })),
  'people.setTags': method()(
    v.object({ address, tags: v.pipe(v.array(text(MAX_TAG)), v.maxLength(MAX_TAGS)) }),
  ),
  /** All tags in use, by name. */
  'people.tags': method<readonly string[]>()(v.object({})),
  /** My own profile, for everybody to see. Stored at once, published as soon as there is a connection. */
  'people.setOwn': method()(
    v.object({
      displayName: v.pipe(text(100), v.nonEmpty()),
      bio: text(MAX_BIO),
      interests: v.pipe(v.array(text(MAX_INTEREST)), v.maxLength(MAX_INTERESTS)),
      link: text(MAX_LINK),
    }),
  ),
  'people.changed': event<{ items: readonly Person[] }>(),
  /** Who follows whom has changed: lists are to be read anew. */
  'people.relations': event<PeopleCounts>(),
};
