import type { Handlers } from '../../contract/index.ts';
import type { Person } from '../../contract/people.ts';
import type { Events } from '../events.ts';
import type { Media } from '../media/index.ts';
import {
  conversationByAddress,
  personByAddress,
  personRow,
  searchPeople,
  upsertPerson,
  type WritableDb,
} from '../store/index.ts';
import type { RosterItem } from '../xmpp/index.ts';
import { keepAvatar } from './avatar-file.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import { asPostcardError } from './media-errors.ts';

/** Who others are: names and pictures, and finding somebody. */
export interface People {
  /** Somebody came into view (wrote, or a conversation was opened): their profile is looked up when it is old. */
  met(address: string): void;
  /** What is still being looked up is not written down any more. */
  close(): void;
  readonly handlers: Pick<Handlers, 'people.find' | 'people.get'>;
}

/** ms */
const LOOK_AGAIN = 7 * 86_400_000;
/** Profiles asked for at once: a whole inbox may want to know. */
const AT_ONCE = 3;
const MAX_FOUND = 50;
/** Characters; a longer name is cut. */
const MAX_NAME = 100;

export function createPeople(o: {
  db: WritableDb;
  ownAddress: string;
  media: Media;
  connection: AccountConnection;
  changes: Changes;
  events: Events;
  log(line: string): void;
}): People {
  const { db, connection } = o;
  const looking = new Set<string>();
  const waiting: string[] = [];
  let active = 0;
  /** Avatars being fetched; true: it changed once more meanwhile. */
  const fetching = new Map<string, boolean>();
  let closed = false;

  const changed = (address: string) => {
    o.events.emit('people.changed', { items: [personByAddress(db, address)] });
    const conversation = conversationByAddress(db, address);
    if (conversation) o.changes.conversation(conversation.id);
  };
  const put = (person: Parameters<typeof upsertPerson>[1]) => {
    if (!closed && upsertPerson(db, person)) changed(person.address);
  };

  const met = (address: string) => {
    if (!connection.isReady() || looking.has(address) || address === o.ownAddress) return;
    const row = personRow(db, address);
    const fresh = row?.fetchedAt != null && row.fetchedAt > Date.now() - LOOK_AGAIN;
    if (fresh) return;
    looking.add(address);
    waiting.push(address);
    lookNext();
  };
  const lookNext = () => {
    const address = active < AT_ONCE && !closed ? waiting.shift() : undefined;
    if (address === undefined) return;
    active += 1;
    look(address)
      .catch((error: unknown) => {
        const code = asPostcardError(error)?.code;
        o.log(`a profile could not be read: ${code ?? String(error)}`);
        // Somebody without a profile is not asked for it with every message.
        if (code !== 'offline' && code !== 'disk-full') put({ address, fetchedAt: Date.now() });
      })
      .catch((error: unknown) => o.log(`a profile was not noted: ${String(error)}`))
      .finally(() => {
        active -= 1;
        looking.delete(address);
        lookNext();
      });
  };
  const look = async (address: string) => {
    const card = await connection.online().vcard(address);
    if (card.name) put({ address, nick: cleanName(card.name) });
    await fetchAvatar(address);
    put({ address, fetchedAt: Date.now() });
  };
  const fetchAvatar = async (address: string) => {
    const avatar = await connection.online().avatar(address);
    if (!avatar) return put({ address, avatarHash: null, avatarSha256: null });
    const picture = await keepAvatar(o.media, avatar.data);
    put({ address, avatarHash: avatar.hash, avatarSha256: picture.sha256 });
  };

  /** One fetch for somebody at a time, however often they say that it changed. */
  const renewAvatar = (address: string) => {
    if (fetching.has(address)) return void fetching.set(address, true);
    fetching.set(address, false);
    fetchAvatar(address)
      .catch((error: unknown) =>
        o.log(`an avatar could not be read: ${asPostcardError(error)?.code ?? String(error)}`),
      )
      .finally(() => {
        const again = fetching.get(address) === true && !closed && connection.isReady();
        fetching.delete(address);
        if (again) renewAvatar(address);
      });
  };

  const rosterChanged = (items: readonly RosterItem[]) => {
    for (const item of items) {
      const subscription = item.subscription === 'remove' ? 'none' : item.subscription;
      put({ address: item.address, subscription, name: item.name === null ? '' : cleanName(item.name) });
    }
  };

  connection.listen({
    onRosterChanged: rosterChanged,
    onReady: ({ resumed }) => {
      if (resumed) return;
      connection
        .online()
        .roster()
        .then(rosterChanged)
        .catch((error: unknown) =>
          o.log(`the roster could not be read: ${asPostcardError(error)?.code ?? String(error)}`),
        );
    },
    onNickChanged: ({ address, nick }) => put({ address, nick: nick === null ? '' : cleanName(nick) }),
    onAvatarChanged: ({ address, hash }) => {
      if (personRow(db, address)?.avatarHash === hash || !conversationByAddress(db, address)) return;
      if (hash === null) put({ address, avatarHash: null, avatarSha256: null });
      else renewAvatar(address);
    },
  });

  const directory = async (query: string) => {
    if (!connection.isReady()) return { found: [], directory: 'offline' as const };
    try {
      const found = await connection.online().search(query);
      return { found: found ?? [], directory: found ? ('searched' as const) : ('unsupported' as const) };
    } catch (error) {
      if (!asPostcardError(error)) throw error;
      return { found: [], directory: 'unsupported' as const };
    }
  };

  return {
    met,
    close: () => void (closed = true),
    handlers: {
      'people.find': async ({ query }) => {
        const local = searchPeople(db, query, MAX_FOUND);
        const remote = query === '' ? { found: [], directory: 'searched' as const } : await directory(query);
        for (const person of remote.found)
          if (person.name) upsertPerson(db, { address: person.address, nick: cleanName(person.name) });
        const items = new Map<string, Person>();
        for (const address of [
          ...typedAddress(query),
          ...local.map((p) => p.address),
          ...remote.found.map((p) => p.address),
        ])
          items.set(address, personByAddress(db, address));
        items.delete(o.ownAddress);
        return { items: [...items.values()].slice(0, MAX_FOUND), directory: remote.directory };
      },
      'people.get': ({ address }) => {
        met(address);
        return personByAddress(db, address);
      },
    },
  };
}

/** A full address is offered as it is, lower case (RFC 7622), whether the directory knows it or not. */
function typedAddress(query: string): string[] {
  const typed = query.trim().toLowerCase();
  return /^[^\s@/"&'<>:]+@[^\s@/]+$/.test(typed) ? [typed] : [];
}

/** Names are one line of plain text. */
function cleanName(name: string): string {
  return (
    name
      // eslint-disable-next-line no-control-regex -- control characters are what is taken out
      .replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, ' ')
      .trim()
      .slice(0, MAX_NAME)
  );
}
