import Store from 'electron-store';
import { join } from 'node:path';
import type { SettingsFile } from '../../ports.ts';
import { putAsideIfBroken } from '../settings-file.ts';

/** Settings in electron-store, in the profile's folder, so that the browser host finds the same file. */
export function createStoredSettings(folder: string): SettingsFile {
  putAsideIfBroken(join(folder, 'settings.json'));
  const store = new Store<Record<string, unknown>>({
    cwd: folder,
    name: 'settings',
    accessPropertiesByDotNotation: false,
    configFileMode: 0o600,
  });
  return {
    get: (key) => store.get(key),
    set: (key, value) => {
      if (value === undefined) store.delete(key);
      else store.set(key, value);
    },
  };
}
