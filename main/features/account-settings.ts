import * as v from 'valibot';
import { accountSettingsSchema, type AccountSettings } from '../../contract/account-settings.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Events } from '../events.ts';
import {
  accountSettingRows,
  durably,
  markAccountSettingSynced,
  nextChangeAt,
  saveAccountSetting,
  transact,
  unsyncedAccountSettings,
  type WritableDb,
} from '../store/index.ts';
import type { PrivateItem, Session } from '../xmpp/index.ts';
import type { AccountConnection } from './connection.ts';

/** Settings that belong to the account and follow it to its other devices: docs/mechanisms/account-settings.md. */
export interface AccountSettingsFeature {
  all(): AccountSettings;
  get<K extends keyof AccountSettings>(key: K): AccountSettings[K];
  /** Stored when it returns; given to the server as soon as there is a connection. Throws `disk-full`, … */
  set<K extends keyof AccountSettings>(key: K, value: AccountSettings[K]): void;
  /** Takes over what holds elsewhere (a server's own list), without telling it to other devices. */
  adopt<K extends keyof AccountSettings>(key: K, value: AccountSettings[K]): void;
  /** Nobody has ever chosen this one, on any device that is known of. */
  isUntouched(key: keyof AccountSettings): boolean;
  /** Called after each change of one key, from wherever it came. */
  onChange(listener: (change: SettingChange) => void): void;
  /**
   * Brings this device and the server to the same state: what is newer there comes here, what waits here goes there.
   * False where the server keeps no such data. Rejects with `offline`, `no-answer`.
   */
  sync(): Promise<boolean>;
  readonly handlers: Pick<Handlers, 'accountSettings.get' | 'accountSettings.set'>;
}

export interface SettingChange {
  readonly key: keyof AccountSettings;
  readonly before: AccountSettings;
  readonly after: AccountSettings;
  /** `here`: chosen on this device. */
  readonly from: 'here' | 'elsewhere';
}

const NODE = 'urn:postcard:settings:0';
const defaults = v.parse(accountSettingsSchema, {});
const isKey = (key: string): key is keyof AccountSettings =>
  Object.hasOwn(accountSettingsSchema.entries, key);
/** Characters of one value that another device may send. */
const MAX_VALUE = 10_000;

const payload = v.object({
  value: v.unknown(),
  changedAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
});

export function createAccountSettings(o: {
  db: WritableDb;
  connection: AccountConnection;
  events: Events;
  log(line: string): void;
}): AccountSettingsFeature {
  const { db } = o;
  const listeners: ((change: SettingChange) => void)[] = [];
  let current = read(db);
  let running: Promise<boolean> | null = null;
  let again = false;

  const tell = (before: AccountSettings, from: SettingChange['from']) => {
    current = read(db);
    const after = current;
    const changed = (Object.keys(after) as (keyof AccountSettings)[]).filter((k) => after[k] !== before[k]);
    if (changed.length === 0) return;
    o.events.emit('accountSettings.changed', after);
    for (const key of changed) for (const listener of listeners) listener({ key, before, after, from });
  };

  const change = (given: Partial<AccountSettings>, unsynced: boolean) => {
    const before = current;
    const entries = Object.entries(given).filter(([key, value]) => value !== undefined && isKey(key));
    durably(db, () => {
      for (const [key, value] of entries) {
        const changedAt = unsynced ? nextChangeAt(db, key, Date.now()) : 0;
        saveAccountSetting(db, { key, value: JSON.stringify(value), changedAt, unsynced });
      }
    });
    tell(before, unsynced ? 'here' : 'elsewhere');
    if (unsynced) push();
  };

  const takeOver = (items: readonly PrivateItem[]) => {
    const before = current;
    transact(db, () => items.forEach((item) => keep(db, item)));
    tell(before, 'elsewhere');
  };

  const syncOnce = async (): Promise<boolean> => {
    const session = o.connection.online();
    try {
      takeOver(await session.privateStorage.items(NODE));
      await publishWaiting(db, session);
      return true;
    } catch (error) {
      if (isOffline(error)) throw error;
      // Private storage is a comfort: without it the settings hold on this device alone.
      o.log(`settings stay on this device: ${String(error)}`);
      return false;
    }
  };

  /** One at a time; who asks meanwhile gets a run that begins after the question. */
  const sync = (): Promise<boolean> => {
    if (running !== null) {
      again = true;
      return running;
    }
    running = (async () => {
      let done: boolean;
      do {
        again = false;
        done = await syncOnce();
      } while (again);
      return done;
    })().finally(() => (running = null));
    return running;
  };

  const push = () => {
    if (!o.connection.isReady()) return;
    sync().catch((error: unknown) => o.log(`settings wait for the next connection: ${String(error)}`));
  };

  o.connection.listen({
    onReady: push,
    onPrivateItem: ({ node, ...item }) => {
      if (node === NODE) takeOver([item]);
    },
  });

  return {
    all: () => current,
    get: (key) => current[key],
    set: (key, value) => change({ [key]: value }, true),
    adopt: (key, value) => change({ [key]: value }, false),
    isUntouched: (key) => !accountSettingRows(db).some((row) => row.key === key && row.changedAt > 0),
    onChange: (listener) => void listeners.push(listener),
    sync,
    handlers: {
      'accountSettings.get': () => current,
      'accountSettings.set': (given) => {
        change(given as Partial<AccountSettings>, true);
        return current;
      },
    },
  };
}

async function publishWaiting(db: WritableDb, session: Session): Promise<void> {
  for (const row of unsyncedAccountSettings(db)) {
    const text = JSON.stringify({ value: JSON.parse(row.value) as unknown, changedAt: row.changedAt });
    await session.privateStorage.publish(NODE, { id: row.key, text });
    markAccountSettingSynced(db, row.key, row.changedAt);
  }
}

/** What another device published, or a person by hand: nothing of it is trusted. Keys of newer versions are kept. */
function keep(db: WritableDb, { id, text }: PrivateItem): void {
  const parsed = v.safeParse(payload, parseJson(text));
  if (!parsed.success || id.length > 100) return;
  const { value, changedAt } = parsed.output;
  if (isKey(id) && !v.is(accountSettingsSchema.entries[id], value)) return;
  saveAccountSetting(db, { key: id, value: JSON.stringify(value ?? null), changedAt, unsynced: false });
}

function parseJson(text: string): unknown {
  if (text.length > MAX_VALUE) return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What is stored and sound, and the defaults for the rest. */
function read(db: WritableDb): AccountSettings {
  const stored = accountSettingRows(db).flatMap(({ key, value }) => {
    const parsed = parseJson(value);
    return isKey(key) && v.is(accountSettingsSchema.entries[key], parsed) ? [[key, parsed] as const] : [];
  });
  return { ...defaults, ...(Object.fromEntries(stored) as Partial<AccountSettings>) };
}

const isOffline = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'offline' || error.code === 'no-answer');
