import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accountFor, folderOf, secretOf, writeAccount } from '../main/features/account-record.ts';
import { createSecrets } from '../main/hosts/secrets-file.ts';
import { createSettingsFile } from '../main/hosts/settings-file.ts';
import { temporaryFolder } from '../tests/support/folders.ts';
import { generated, owner, type Size } from './generator.ts';

/** Nobody listens there: the account is offline, as on a train. */
const nowhere = 'ws://127.0.0.1:9/xmpp-websocket';

/** A home whose default profile is signed in to an account with the generated store of this size. */
export async function homeWith(size: Size): Promise<string> {
  const { home, account } = await emptyHome(size);
  cpSync(generated(size), join(account, 'postcard.sqlite'));
  return home;
}

/** A home whose default profile is signed in; its account's folder is yet to be filled. */
export async function emptyHome(name: string): Promise<{ home: string; account: string }> {
  const home = temporaryFolder(`bench-${name}`);
  const profile = join(home, 'profiles', 'default');
  const record = accountFor(owner, nowhere);
  const account = join(profile, 'accounts', folderOf(record));
  mkdirSync(account, { recursive: true });
  writeAccount(createSettingsFile(join(profile, 'settings.json')), record);
  await createSecrets(join(profile, 'secrets.json'), null).set(secretOf(record), 'secret-1');
  return { home, account };
}
