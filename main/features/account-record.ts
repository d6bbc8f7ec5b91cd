import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { THIS_COMPUTER } from '../../contract/accounts.ts';
import type { SettingsFile } from '../ports.ts';
import { parseServer, type ServerTarget } from '../xmpp/index.ts';

/** Which account this profile is signed in to. The password is kept apart, with the host's secrets. */
const schema = v.object({
  address: v.string(),
  /** As it was typed. */
  server: v.string(),
  onThisComputer: v.boolean(),
  domain: v.string(),
  endpoint: v.nullable(v.string()),
});
export type AccountRecord = v.InferOutput<typeof schema>;

const KEY = 'account';
/** The domain of every hub; nothing of it ever leaves this computer. */
const HUB_DOMAIN = 'localhost';

export function readAccount(file: SettingsFile): AccountRecord | null {
  const parsed = v.safeParse(schema, file.get(KEY));
  return parsed.success ? parsed.output : null;
}

export const writeAccount = (file: SettingsFile, record: AccountRecord | null): void => file.set(KEY, record);

/** What was typed into Username and Server. Throws `address-invalid`. */
export function accountFor(username: string, server: string): AccountRecord {
  const typed = server.trim();
  const domain = username.split('@')[1]?.toLowerCase();
  const hubMeant = typed === '' || typed.toLowerCase() === THIS_COMPUTER.toLowerCase();
  // Somebody who types an address of another server means that server, whatever is preselected.
  if (hubMeant && (domain === undefined || domain === HUB_DOMAIN)) {
    const { bareAddress } = parseServer(
      username.includes('@') ? username : `${username}@${HUB_DOMAIN}`,
      HUB_DOMAIN,
    );
    return {
      address: bareAddress,
      server: THIS_COMPUTER,
      onThisComputer: true,
      domain: HUB_DOMAIN,
      endpoint: null,
    };
  }
  const chosen = hubMeant && domain !== undefined ? domain : typed;
  const { bareAddress, target } = parseServer(username, chosen);
  return { address: bareAddress, server: chosen, onThisComputer: false, ...target };
}

/** Where to connect; null while the hub can't be reached. */
export function targetOf(record: AccountRecord, hubUrl: string | null): ServerTarget | null {
  if (!record.onThisComputer) return { domain: record.domain, endpoint: record.endpoint };
  return hubUrl === null ? null : { domain: record.domain, endpoint: hubUrl };
}

/** Folder name of an account's data. An address on the hub is not the same account as one of a real server. */
export function folderOf(record: AccountRecord): string {
  const readable = record.address.replace(/[^a-z0-9.@_-]/gi, '_').slice(0, 60);
  const where = record.onThisComputer ? 'hub' : `${record.domain} ${record.endpoint ?? ''}`;
  return `${readable}-${createHash('sha256').update(`${record.address} ${where}`).digest('hex').slice(0, 8)}`;
}

export const secretOf = (record: AccountRecord): string => `password ${folderOf(record)}`;
