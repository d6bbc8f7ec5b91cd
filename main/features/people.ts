import type { Handlers } from '../../contract/index.ts';
import type { Person, Profile } from '../../contract/people.ts';
import type { Media } from '../media/index.ts';
import {
  contactNote,
  countPeople,
  listPeople,
  personByAddress,
  personRow,
  relationTo,
  searchPeople,
  upsertPerson,
  type WritableDb,
} from '../store/index.ts';
import type { FoundPeople } from '../xmpp/index.ts';
import type { AccountSettingsFeature } from './account-settings.ts';
import { bareAddress } from './bare-address.ts';
import type { AccountConnection } from './connection.ts';
import { createContactNotes } from './contact-notes.ts';
import { createFollows } from './follows.ts';
import { asPostcardError } from './media-errors.ts';
import type { PeopleChanges } from './people-changes.ts';
import { cleanName } from './plain-text.ts';
import { createProfileLookup } from './profile-lookup.ts';
import { createRoster, type Roster } from './roster.ts';

/** Who others are: names, pictures and profiles; who follows whom; finding somebody. */
export interface People extends Roster {
  /** Somebody came into view (wrote, or a conversation was opened): their profile is looked up when it is old. */
  met(address: string): void;
  /** What is still being looked up is not written down any more. */
  close(): void;
  readonly handlers: Pick<
    Handlers,
    | 'people.find'
    | 'people.get'
    | 'people.profile'
    | 'people.list'
    | 'people.counts'
    | 'people.follow'
    | 'people.unfollow'
    | 'people.removeFollower'
    | 'people.answerFollow'
    | 'people.setNote'
    | 'people.setTags'
    | 'people.tags'
  >;
}

/** ms */
const LOOK_AGAIN = 7 * 86_400_000;
/** ms; for a profile that somebody looks at, since no server tells of all its changes. */
const LOOK_AGAIN_IN_VIEW = 60_000;
/** ms; for one that was opened anew: going back and forth asks once. */
const LOOK_AGAIN_OPENED = 2_000;
const MAX_FOUND = 50;

export function createPeople(o: {
  db: WritableDb;
  ownAddress: string;
  media: Media;
  connection: AccountConnection;
  settings: AccountSettingsFeature;
  told: PeopleChanges;
  /** Somebody is followed from now on: what else that means. */
  onFollow(address: string): void;
  log(line: string): void;
}): People {
  const { db, connection } = o;
  const lookup = createProfileLookup(o);
  const met = (address: string) => lookup.look(address, LOOK_AGAIN);
  const follows = createFollows({ ...o, met });
  const roster = createRoster({ ...o, onSettled: follows.settled });
  const notes = createContactNotes(o);

  const profile = (address: string): Profile => {
    const known = personRow(db, address);
    const person = personByAddress(db, address);
    const { note, tags } = contactNote(db, address);
    return {
      ...person,
      nick: known?.name && known.nick !== known.name ? known.nick : '',
      bio: known?.bio ?? '',
      interests: known?.interests ?? [],
      link: known?.link ?? '',
      isPrivate: known?.isPrivate ?? false,
      relation: relationTo(db, o.ownAddress, address),
      followsMe: known?.subscription === 'from' || known?.subscription === 'both',
      followPending: known?.followPending ?? false,
      followRequest: known?.followRequest ?? false,
      note,
      tags,
      looking: lookup.isLooking(address),
    };
  };

  const directory = async (
    query: string,
  ): Promise<FoundPeople & { directory: 'searched' | 'unsupported' | 'offline' }> => {
    const nobody = { people: [], interests: 'none' } as const;
    if (!connection.isReady()) return { ...nobody, directory: 'offline' };
    try {
      const found = await connection.online().search(query);
      return found ? { ...found, directory: 'searched' } : { ...nobody, directory: 'unsupported' };
    } catch (error) {
      if (!asPostcardError(error)) throw error;
      return { ...nobody, directory: 'unsupported' };
    }
  };

  return {
    met,
    letIn: roster.letIn,
    close: lookup.close,
    handlers: {
      ...follows.handlers,
      ...notes.handlers,
      'people.find': async ({ query }) => {
        const local = searchPeople(db, query, MAX_FOUND);
        if (query === '') {
          const known = local.filter(({ address }) => address !== o.ownAddress);
          return { items: known, directory: 'searched', interests: 'none' };
        }
        const remote = await directory(query);
        for (const { address, name } of remote.people) noteName(db, address, name);
        const items = new Map<string, Person>();
        const found = [...local, ...remote.people].map((p) => p.address);
        for (const address of [...typedAddress(query), ...found])
          items.set(address, personByAddress(db, address));
        items.delete(o.ownAddress);
        const { directory: searched, interests } = remote;
        return { items: [...items.values()].slice(0, MAX_FOUND), directory: searched, interests };
      },
      'people.get': ({ address }) => {
        met(address);
        return personByAddress(db, address);
      },
      'people.profile': ({ address: typed, opened }) => {
        const address = bareAddress(typed);
        lookup.look(address, opened ? LOOK_AGAIN_OPENED : LOOK_AGAIN_IN_VIEW);
        return profile(address);
      },
      'people.list': (params) => listPeople(db, params),
      'people.counts': () => countPeople(db),
    },
  };
}

/** What a directory calls somebody: newer than what is here, or the same. */
function noteName(db: WritableDb, address: string, name: string | null): void {
  const nick = cleanName(name ?? '', address);
  if (nick) upsertPerson(db, { address, nick });
}

/** A full address is offered as it is, lower case (RFC 7622), whether the directory knows it or not. */
function typedAddress(query: string): string[] {
  const typed = query.trim().toLowerCase();
  return /^[^\s@/"&'<>:]+@[^\s@/]+$/.test(typed) ? [typed] : [];
}
