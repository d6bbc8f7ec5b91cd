import * as v from 'valibot';
import type { Handlers } from '../../contract/index.ts';
import { settingsSchema, type Settings } from '../../contract/settings.ts';
import type { Events } from '../events.ts';
import type { SettingsFile } from '../ports.ts';

export interface SettingsFeature {
  current(): Settings;
  readonly handlers: Pick<Handlers, 'settings.get' | 'settings.set'>;
}

const KEY = 'settings';

/** Settings of this machine and profile. A value that doesn't fit (edited by hand) falls back to its default. */
export function createSettings(o: {
  file: SettingsFile;
  events: Events;
  /** Bytes that pictures take on this computer. */
  mediaBytes(): Promise<number>;
}): SettingsFeature {
  let current = read(o.file.get(KEY));
  return {
    current: () => current,
    handlers: {
      'settings.get': async () => ({ ...current, mediaBytes: await o.mediaBytes() }),
      'settings.set': (change) => {
        const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        // What is in the file is kept, so that a newer version finds its own keys again.
        const stored = o.file.get(KEY);
        const next = { ...(isRecord(stored) ? stored : {}), ...current, ...given };
        o.file.set(KEY, next);
        current = read(next);
        o.events.emit('settings.changed', current);
        return current;
      },
    },
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an earlier version called otherwise. */
function upToDate(record: Record<string, unknown>): Record<string, unknown> {
  const hidden = record['notificationPreview'] === false && record['notificationText'] === undefined;
  return hidden ? { ...record, notificationText: 'name' } : record;
}

function read(stored: unknown): Settings {
  const record = upToDate(isRecord(stored) ? stored : {});
  const good = Object.entries(settingsSchema.entries).filter(([key, schema]) => v.is(schema, record[key]));
  return v.parse(settingsSchema, Object.fromEntries(good.map(([key]) => [key, record[key]])));
}
