import { MAX_BIO, MAX_INTEREST, MAX_INTERESTS, MAX_LINK } from '../../contract/people.ts';
import type { Media } from '../media/index.ts';
import {
  conversationByAddress,
  personRow,
  upsertPerson,
  type PersonRow,
  type WritableDb,
} from '../store/index.ts';
import type { Profile } from '../xmpp/index.ts';
import { keepAvatar } from './avatar-file.ts';
import type { AccountConnection } from './connection.ts';
import { asPostcardError } from './media-errors.ts';
import type { PeopleChanges } from './people-changes.ts';
import { cleanLink, cleanName, cleanText, cleanWords } from './plain-text.ts';

/** Reads what people say of themselves, and keeps it. */
export interface ProfileLookup {
  /** Looks when what is stored is older than `maxAge`, ms. */
  look(address: string, maxAge: number): void;
  isLooking(address: string): boolean;
  close(): void;
}

/** Profiles asked for at once: a whole inbox may want to know. */
const AT_ONCE = 3;

/** A profile as it may be stored and shown: plain text of a sane length. What it does not say is ''. */
export function cleanProfile(
  profile: Profile,
  address: string,
): Pick<PersonRow, 'bio' | 'interests' | 'link'> & { name: string } {
  return {
    name: cleanName(profile.name ?? '', address),
    bio: cleanText(profile.bio, MAX_BIO),
    interests: cleanWords(profile.interests, { words: MAX_INTERESTS, length: MAX_INTEREST }),
    link: cleanLink(profile.link, MAX_LINK),
  };
}

export function createProfileLookup(o: {
  db: WritableDb;
  ownAddress: string;
  media: Media;
  connection: AccountConnection;
  told: PeopleChanges;
  log(line: string): void;
}): ProfileLookup {
  const { db, connection } = o;
  const looking = new Set<string>();
  const waiting: string[] = [];
  let active = 0;
  /** Avatars being fetched; true: it changed once more meanwhile. */
  const fetching = new Map<string, boolean>();
  let closed = false;

  const put = (person: Parameters<typeof upsertPerson>[1]) => {
    if (!closed && upsertPerson(db, person)) o.told.person(person.address);
  };
  const code = (error: unknown) => asPostcardError(error)?.code;

  const look = (address: string, maxAge: number) => {
    if (!connection.isReady() || looking.has(address) || address === o.ownAddress) return;
    const at = personRow(db, address)?.fetchedAt ?? null;
    if (at !== null && at > Date.now() - maxAge) return;
    looking.add(address);
    waiting.push(address);
    lookNext();
  };
  const lookNext = () => {
    const address = active < AT_ONCE && !closed ? waiting.shift() : undefined;
    if (address === undefined) return;
    active += 1;
    read(address)
      .catch((error: unknown) => {
        o.log(`a profile could not be read: ${code(error) ?? String(error)}`);
        // Somebody without a profile is not asked for it with every message.
        if (code(error) !== 'offline' && code(error) !== 'disk-full') put({ address, fetchedAt: Date.now() });
      })
      .catch((error: unknown) => o.log(`a profile was not noted: ${String(error)}`))
      .finally(() => {
        active -= 1;
        looking.delete(address);
        // Also when nothing changed: it is not being looked up any more.
        if (!closed) o.told.person(address);
        lookNext();
      });
  };
  const read = async (address: string) => {
    const profile = await connection.online().profile(address);
    const { name, ...said } = cleanProfile(profile, address);
    put({ address, ...said, isPrivate: profile.isPrivate === true, ...(name ? { nick: name } : {}) });
    await fetchAvatar(address);
    put({ address, fetchedAt: Date.now() });
  };
  const fetchAvatar = async (address: string) => {
    const avatar = await connection.online().avatar(address);
    if (!avatar) return put({ address, avatarHash: null, avatarSha256: null });
    if (personRow(db, address)?.avatarHash === avatar.hash && personRow(db, address)?.avatarSha256) return;
    const picture = await keepAvatar(o.media, avatar.data);
    put({ address, avatarHash: avatar.hash, avatarSha256: picture.sha256 });
  };

  /** One fetch for somebody at a time, however often they say that it changed. */
  const renewAvatar = (address: string) => {
    if (fetching.has(address)) return void fetching.set(address, true);
    fetching.set(address, false);
    fetchAvatar(address)
      .catch((error: unknown) => o.log(`an avatar could not be read: ${code(error) ?? String(error)}`))
      .finally(() => {
        const again = fetching.get(address) === true && !closed && connection.isReady();
        fetching.delete(address);
        if (again) renewAvatar(address);
      });
  };

  connection.listen({
    onNickChanged: ({ address, nick }) => {
      if (address !== o.ownAddress) put({ address, nick: nick === null ? '' : cleanName(nick, address) });
    },
    onAvatarChanged: ({ address, hash }) => {
      const known = personRow(db, address);
      if (address === o.ownAddress || known?.avatarHash === hash) return;
      // Whoever asks for a picture shows that they are there: somebody not let in has sent it for nothing.
      if (!known?.inRoster && conversationByAddress(db, address)?.request !== 'none') return;
      if (hash === null) put({ address, avatarHash: null, avatarSha256: null });
      else renewAvatar(address);
    },
  });

  return {
    look,
    isLooking: (address) => looking.has(address),
    close: () => void (closed = true),
  };
}
