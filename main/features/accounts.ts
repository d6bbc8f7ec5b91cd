import { rm } from 'node:fs/promises';
import type { OpenAccount, OpenAccountOptions } from './open-account.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistrationForm } from '../../contract/accounts.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { FileSource } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Ports } from '../ports.ts';
import { register } from '../xmpp/index.ts';
import {
  accountFor,
  folderOf,
  readAccount,
  secretOf,
  targetOf,
  writeAccount,
  type AccountRecord,
} from './account-record.ts';
import { asPostcardError } from './media-errors.ts';

type Opened = Pick<OpenAccountOptions, 'record' | 'password' | 'newAccount'>;

/** Which account this profile has: made, signed in, signed out, deleted. One at a time. */
export interface Accounts {
  current(): OpenAccount | null;
  /** Opens the account of the last time, if there is one. Throws what keeps its store from opening. */
  restore(): Promise<void>;
  close(): Promise<void>;
  readonly handlers: Pick<
    Handlers,
    | 'accounts.create'
    | 'accounts.signIn'
    | 'accounts.signOut'
    | 'accounts.delete'
    | 'accounts.changePassword'
    | 'accounts.updatePassword'
  >;
}

/** ms until a server that says nothing counts as unreachable. */
const FIRST_ANSWER = 30_000;

export function createAccounts(o: {
  ports: Ports;
  accountsFolder: string;
  open(what: Opened): Promise<OpenAccount>;
  /** Starts or finds the built-in hub; throws `hub-unavailable`. Resolves to its address. */
  hub(): Promise<string>;
  /** The same in the background: what is stored can be read without it. */
  lookForHub(): void;
  changed(): void;
}): Accounts {
  const { ports } = o;
  let open: OpenAccount | null = null;
  let busy = false;

  const signedIn = (): OpenAccount => {
    if (!open) throw new PostcardError('not-signed-in');
    return open;
  };
  /** Two windows, or two presses: one after the other would sign in twice. */
  const alone = async <T>(work: () => Promise<T>): Promise<T> => {
    if (busy) throw new PostcardError('already-signed-in');
    busy = true;
    try {
      return await work();
    } finally {
      busy = false;
    }
  };
  const hubFor = async (record: AccountRecord) => (record.onThisComputer ? await o.hub() : null);

  const enter = async (record: AccountRecord, password: string, newAccount: boolean) => {
    const known = existsSync(join(o.accountsFolder, folderOf(record)));
    const account = await o.open({ record, password, newAccount });
    try {
      await answered(account.connection.firstAttempt());
      await ports.secrets.set(secretOf(record), password);
      writeAccount(ports.settings, record);
      open = account;
    } catch (error) {
      await account.close({ resumable: false });
      // What was here before stays: only what this attempt made is taken away.
      if (!known) await rm(join(o.accountsFolder, folderOf(record)), { recursive: true, force: true });
      throw error;
    }
  };
  const create = async (p: {
    username: string;
    password: string;
    displayName: string;
    server: string;
    picture: FileSource | null;
    form: Record<string, string> | null;
  }): Promise<RegistrationForm | null> => {
    if (open) throw new PostcardError('already-signed-in');
    const record = accountFor(p.username, p.server);
    const target = targetOf(record, await hubFor(record));
    if (!target) throw new PostcardError('hub-unavailable');
    const username = record.address.split('@')[0] ?? '';
    const made = await register({ target, username, password: p.password, form: p.form, log: ports.log });
    if ('form' in made) return made.form;
    await enter(record, p.password, true);
    const profile = signedIn().profile;
    profile.setName(p.displayName === '' ? username : p.displayName);
    if (p.picture) await givePicture(p.picture);
    o.changed();
    return null;
  };
  /** The account is made by now: a picture that is no good must not look as if it were not. */
  const givePicture = async (source: FileSource) => {
    try {
      await signedIn().profile.setPicture(source);
    } catch (error) {
      ports.log(`the first picture was not taken: ${asPostcardError(error)?.code ?? String(error)}`);
    }
  };
  const leave = async (record: AccountRecord, deleteMessages: boolean) => {
    const leaving = open;
    open = null;
    try {
      await leaving?.close({ resumable: false });
    } catch (error) {
      // What could not be saved of the connection is not needed any more.
      ports.log(`on signing out: ${asPostcardError(error)?.code ?? String(error)}`);
    }
    writeAccount(ports.settings, null);
    await ports.secrets.delete(secretOf(record));
    if (deleteMessages) await rm(join(o.accountsFolder, folderOf(record)), { recursive: true, force: true });
    ports.setBadge(0);
    o.changed();
  };
  const checkPassword = async (record: AccountRecord, password: string) => {
    if ((await ports.secrets.get(secretOf(record))) !== password) throw new PostcardError('wrong-password');
  };

  return {
    current: () => open,
    restore: async () => {
      const record = readAccount(ports.settings);
      if (!record) return;
      if (record.onThisComputer) o.lookForHub();
      const password = await passwordOf(ports, record);
      open = await o.open({ record, password, newAccount: false });
    },
    close: async () => {
      await open?.close({ resumable: true });
      open = null;
    },
    handlers: {
      'accounts.create': (params) => alone(() => create(params)),
      'accounts.signIn': ({ username, password, server }) =>
        alone(async () => {
          if (open) throw new PostcardError('already-signed-in');
          const record = accountFor(username, server);
          await hubFor(record);
          await enter(record, password, false);
          o.changed();
        }),
      'accounts.signOut': ({ deleteMessages }) => alone(() => leave(signedIn().record, deleteMessages)),
      'accounts.delete': ({ password }) =>
        alone(async () => {
          const account = signedIn();
          await checkPassword(account.record, password);
          await account.connection.online().deleteAccount();
          await leave(account.record, true);
        }),
      'accounts.changePassword': ({ password, newPassword }) =>
        alone(async () => {
          const account = signedIn();
          await checkPassword(account.record, password);
          await account.connection.online().changePassword(newPassword);
          await ports.secrets.set(secretOf(account.record), newPassword);
          // It is changed by now: a server that is slow to let us in again is for the connection to deal with.
          await answered(account.connection.usePassword(newPassword)).catch((error: unknown) =>
            ports.log(`after the change of password: ${asPostcardError(error)?.code ?? String(error)}`),
          );
        }),
      'accounts.updatePassword': ({ password }) =>
        alone(async () => {
          const account = signedIn();
          await answered(account.connection.usePassword(password));
          await ports.secrets.set(secretOf(account.record), password);
        }),
    },
  };
}

/** A key store that is locked is no reason to hide the messages: the password is asked for again. */
async function passwordOf(ports: Ports, record: AccountRecord): Promise<string | null> {
  try {
    return await ports.secrets.get(secretOf(record));
  } catch (error) {
    if (!(error instanceof PostcardError)) throw error;
    ports.log('the password could not be read');
    return null;
  }
}

async function answered(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new PostcardError('server-unreachable')), FIRST_ANSWER);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
