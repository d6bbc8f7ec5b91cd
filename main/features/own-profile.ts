import { readFile } from 'node:fs/promises';
import type { Account } from '../../contract/accounts.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { FileSource, PictureCrop } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import { MAX_BIO, MAX_INTEREST, MAX_INTERESTS, MAX_LINK } from '../../contract/people.ts';
import type { Media } from '../media/index.ts';
import { durably, personRow, readState, upsertPerson, writeState, type WritableDb } from '../store/index.ts';
import type { AccountRecord } from './account-record.ts';
import type { AccountSettingsFeature } from './account-settings.ts';
import { keepAvatar } from './avatar-file.ts';
import type { AccountConnection } from './connection.ts';
import type { IncomingFiles } from './incoming-files.ts';
import { asPostcardError, crossing } from './media-errors.ts';
import type { PeopleChanges } from './people-changes.ts';
import { cleanLine, cleanLink, cleanText, cleanWords, MAX_NAME } from './plain-text.ts';
import { cleanProfile } from './profile-lookup.ts';

/** My own profile: stored here at once, published as soon as there is a connection. */
export interface OwnProfile {
  account(): Account;
  setName(name: string): void;
  setPicture(source: FileSource | null, crop?: PictureCrop): Promise<void>;
  readonly handlers: Pick<Handlers, 'accounts.setDisplayName' | 'accounts.setPicture' | 'people.setOwn'>;
}

const NAME = 'own-name';
const AVATAR = 'own-avatar';
/** SHA-1 of the picture as the server has it, to see whether another device changed it. */
const AVATAR_HASH = 'own-avatar-hash';
/** Set while the server has not got the newest profile: `name` (the texts), or `all` with the picture. */
const PENDING = 'own-profile-pending';
const AVATAR_EDGE = 256;

/** What is published besides the picture. */
interface OwnTexts {
  readonly name: string;
  readonly bio: string;
  readonly link: string;
  readonly interests: readonly string[];
}

export function createOwnProfile(o: {
  db: WritableDb;
  record: AccountRecord;
  media: Media;
  files: IncomingFiles;
  connection: AccountConnection;
  settings: AccountSettingsFeature;
  told: PeopleChanges;
  changed(): void;
  log(line: string): void;
}): OwnProfile {
  const { db, connection, record } = o;
  const own = record.address;
  let uploadLimit: number | null = null;
  let sending = false;

  const name = () => readState(db, NAME) ?? own.split('@')[0] ?? own;
  const texts = (): OwnTexts => {
    const stored = personRow(db, own);
    const { bio = '', link = '', interests = [] } = stored ?? {};
    return { name: name(), bio, link, interests };
  };
  const tell = () => {
    o.told.person(own);
    o.changed();
  };
  const remember = (what: 'name' | 'all') => {
    if (readState(db, PENDING) !== 'all') writeState(db, PENDING, what);
    tell();
    publish();
  };
  const publish = () => {
    const pending = readState(db, PENDING);
    // One at a time, so that the newest is published last.
    if (pending === null || sending || !connection.isReady()) return;
    sending = true;
    send(pending === 'all').then(
      () => {
        sending = false;
        publish();
      },
      (error: unknown) => {
        sending = false;
        // Still pending: the next connection tries again.
        o.log(`the profile was not published: ${asPostcardError(error)?.code ?? String(error)}`);
      },
    );
  };
  /** Everything that is published, to see whether it changed once more while it was under way. */
  const state = () => ({
    ...texts(),
    avatar: readState(db, AVATAR),
    isPrivate: o.settings.get('privateProfile'),
  });
  const send = async (withPicture: boolean) => {
    const published = state();
    await connection.online().publishProfile({
      ...published,
      avatar: withPicture ? await picture(published.avatar) : undefined,
    });
    // Changed once more meanwhile: that change publishes itself.
    if (JSON.stringify(published) === JSON.stringify(state())) writeState(db, PENDING, null);
  };
  const picture = async (sha256: string | null) => {
    const path = sha256 === null ? null : o.media.store.path(sha256);
    if (path === null) return null;
    const { mediaType } = await o.media.inspect(path);
    return { data: new Uint8Array(await readFile(path)), mediaType, width: AVATAR_EDGE, height: AVATAR_EDGE };
  };

  /** What another device, or an app before this one, made of the profile. What waits to be published counts more. */
  const adopt = async () => {
    if (readState(db, PENDING) !== null) return;
    const session = connection.online();
    const [profile, avatar] = await Promise.all([session.profile(own), session.avatar(own)]);
    const found = cleanProfile(profile, own);
    const isNew = avatar !== null && avatar.hash !== readState(db, AVATAR_HASH);
    const kept = isNew ? await keepAvatar(o.media, avatar.data) : null;
    // Changed here meanwhile.
    if (readState(db, PENDING) !== null) return;
    if (found.name) store({ ...found, name: found.name });
    if (kept) setAvatar(kept.sha256);
    if (kept) writeState(db, AVATAR_HASH, avatar?.hash ?? null);
    tell();
  };
  const store = ({ name: nick, ...said }: OwnTexts) => {
    durably(db, () => {
      writeState(db, NAME, nick);
      upsertPerson(db, { address: own, nick, ...said });
    });
  };
  const setName = (next: string) => {
    store({ ...texts(), name: cleanLine(next, MAX_NAME) || name() });
    remember('name');
  };
  const setAvatar = (sha256: string | null) => {
    writeState(db, AVATAR, sha256);
    upsertPerson(db, { address: own, avatarSha256: sha256 });
  };
  const setPicture = async (source: FileSource | null, crop?: PictureCrop) => {
    if (source === null) setAvatar(null);
    else {
      const { path } = await o.files.resolve(source);
      setAvatar((await crossing(o.media.avatar(path, AVATAR_EDGE, crop))).sha256);
      await o.files.release(source);
    }
    remember('all');
  };

  o.settings.onChange(({ key, from }) => {
    // The device where it was chosen publishes it.
    if (key === 'privateProfile' && from === 'here') remember('name');
  });
  connection.listen({
    onReady: ({ resumed }) => {
      publish();
      if (resumed && uploadLimit !== null) return;
      const session = connection.online();
      Promise.all([session.uploadLimit(), adopt()])
        .then(([limit]) => {
          uploadLimit = limit;
          o.changed();
        })
        .catch((error: unknown) => o.log(`own profile: ${asPostcardError(error)?.code ?? String(error)}`));
    },
  });

  return {
    account: () => ({
      address: own,
      displayName: name(),
      avatar: readState(db, AVATAR),
      server: record.server,
      onThisComputer: record.onThisComputer,
      uploadLimit,
    }),
    setName,
    setPicture,
    handlers: {
      'accounts.setDisplayName': ({ displayName }) => setName(displayName),
      'accounts.setPicture': ({ picture: source, crop }) => setPicture(source, crop),
      'people.setOwn': (given) => {
        store(cleanOwn(given));
        remember('name');
      },
    },
  };
}

/** What I write about myself, under the rules that hold for everybody. Throws `invalid-argument`, `link-invalid`. */
function cleanOwn(given: {
  readonly displayName: string;
  readonly bio: string;
  readonly interests: readonly string[];
  readonly link: string;
}): OwnTexts {
  const name = cleanLine(given.displayName, MAX_NAME);
  if (name === '') throw new PostcardError('invalid-argument');
  const typed = given.link.trim();
  const link =
    typed === '' ? '' : cleanLink(/^[a-z][a-z\d+.-]*:/i.test(typed) ? typed : `https://${typed}`, MAX_LINK);
  if (typed !== '' && link === '') throw new PostcardError('link-invalid');
  return {
    name,
    bio: cleanText(given.bio, MAX_BIO),
    interests: cleanWords(given.interests, { words: MAX_INTERESTS, length: MAX_INTEREST }),
    link,
  };
}
