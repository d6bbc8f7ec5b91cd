import { readFile } from 'node:fs/promises';
import type { Account } from '../../contract/accounts.ts';
import type { FileSource } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Media } from '../media/index.ts';
import { readState, upsertPerson, writeState, type WritableDb } from '../store/index.ts';
import type { AccountRecord } from './account-record.ts';
import { keepAvatar } from './avatar-file.ts';
import type { AccountConnection } from './connection.ts';
import type { IncomingFiles } from './incoming-files.ts';
import { asPostcardError, crossing } from './media-errors.ts';

/** My own name and picture: stored here at once, published as soon as there is a connection. */
export interface OwnProfile {
  account(): Account;
  setName(name: string): void;
  setPicture(source: FileSource | null): Promise<void>;
  readonly handlers: Pick<Handlers, 'accounts.setDisplayName' | 'accounts.setPicture'>;
}

const NAME = 'own-name';
const AVATAR = 'own-avatar';
/** Set while the server has not got the newest name and picture: `name`, or `all` with the picture. */
const PENDING = 'own-profile-pending';
const AVATAR_EDGE = 256;

export function createOwnProfile(o: {
  db: WritableDb;
  record: AccountRecord;
  media: Media;
  files: IncomingFiles;
  connection: AccountConnection;
  changed(): void;
  log(line: string): void;
}): OwnProfile {
  const { db, connection, record } = o;
  let uploadLimit: number | null = null;

  const name = () => readState(db, NAME) ?? record.address.split('@')[0] ?? record.address;
  const remember = (what: 'name' | 'all') => {
    if (readState(db, PENDING) !== 'all') writeState(db, PENDING, what);
    o.changed();
    publish();
  };
  const publish = () => {
    const pending = readState(db, PENDING);
    if (pending === null || !connection.isReady()) return;
    send(pending === 'all').catch((error: unknown) =>
      // Still pending: the next connection tries again.
      o.log(`the profile was not published: ${asPostcardError(error)?.code ?? String(error)}`),
    );
  };
  const send = async (withPicture: boolean) => {
    const published = { name: name(), avatar: readState(db, AVATAR) };
    await connection.online().publishProfile({
      name: published.name,
      avatar: withPicture ? await picture(published.avatar) : undefined,
    });
    // Changed once more meanwhile: that change publishes itself.
    if (published.name === name() && published.avatar === readState(db, AVATAR))
      writeState(db, PENDING, null);
  };
  const picture = async (sha256: string | null) => {
    const path = sha256 === null ? null : o.media.store.path(sha256);
    if (path === null) return null;
    const { mediaType } = await o.media.inspect(path);
    return { data: new Uint8Array(await readFile(path)), mediaType, width: AVATAR_EDGE, height: AVATAR_EDGE };
  };

  /** A fresh profile of an account that exists takes over what the server has. */
  const adopt = async () => {
    if (readState(db, NAME) !== null || readState(db, PENDING) !== null) return;
    const card = await connection.online().vcard(record.address);
    if (card.name && readState(db, NAME) === null) setName(card.name, false);
    const avatar = await connection.online().avatar(record.address);
    if (avatar && readState(db, AVATAR) === null) {
      setAvatar((await keepAvatar(o.media, avatar.data)).sha256);
    }
    o.changed();
  };
  const setName = (next: string, publishIt = true) => {
    writeState(db, NAME, next);
    upsertPerson(db, { address: record.address, nick: next });
    if (publishIt) remember('name');
  };
  const setAvatar = (sha256: string | null) => {
    writeState(db, AVATAR, sha256);
    upsertPerson(db, { address: record.address, avatarSha256: sha256 });
  };
  const setPicture = async (source: FileSource | null) => {
    if (source === null) setAvatar(null);
    else {
      const { path } = await o.files.resolve(source);
      setAvatar((await crossing(o.media.avatar(path, AVATAR_EDGE))).sha256);
      await o.files.release(source);
    }
    remember('all');
  };

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
      address: record.address,
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
      'accounts.setPicture': ({ picture: source }) => setPicture(source),
    },
  };
}
