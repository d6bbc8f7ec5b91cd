import type { Account } from '../../contract/accounts.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Events } from '../events.ts';
import type { Ports } from '../ports.ts';
import type { AccountRecord } from './account-record.ts';
import type { AccountConnection } from './connection.ts';
import type { IncomingFiles } from './incoming-files.ts';
import type { OwnProfile } from './own-profile.ts';
import type { SettingsFeature } from './settings.ts';

/** Every method that needs an account that is signed in. */
export type AccountHandlers = Omit<
  Handlers,
  | 'app.state'
  | 'app.retry'
  | 'app.quit'
  | 'app.openExternal'
  | 'accounts.create'
  | 'accounts.signIn'
  | 'accounts.signOut'
  | 'accounts.delete'
  | 'accounts.changePassword'
  | 'accounts.updatePassword'
  | 'settings.get'
  | 'settings.set'
>;

/** An open account: its store, files, connection and features. */
export interface OpenAccount {
  readonly record: AccountRecord;
  readonly handlers: AccountHandlers;
  readonly connection: AccountConnection;
  readonly profile: OwnProfile;
  describe(): Account;
  mediaBytes(): Promise<number>;
  /** `/media/*` */
  serve(request: Request): Promise<Response>;
  /** The hub moved, came back (an address) or went away (null). */
  hubMoved(url: string | null): void;
  close(o: { resumable: boolean }): Promise<void>;
}

export interface OpenAccountOptions {
  readonly record: AccountRecord;
  readonly password: string | null;
  /** Holds one folder for each account this profile was signed in to. */
  readonly accountsFolder: string;
  readonly ports: Ports;
  readonly events: Events;
  readonly settings: SettingsFeature;
  readonly files: IncomingFiles;
  hubUrl(): string | null;
  /** Made a moment ago: its archive holds no history, only news. */
  readonly newAccount: boolean;
  /** Something in `describe()` changed. */
  changed(): void;
}
