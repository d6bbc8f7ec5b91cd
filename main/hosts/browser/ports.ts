import { join } from 'node:path';
import { PostcardError } from '../../../contract/errors.ts';
import type { Ports } from '../../ports.ts';
import { externalUrl } from '../external-url.ts';
import { platform } from '../platform.ts';
import { createSecrets } from '../secrets-file.ts';
import { createSettingsFile } from '../settings-file.ts';
import { openWithSystem } from './open-url.ts';

/** What the browser host offers: the page shows notifications, and the browser's windows are not ours to raise. */
export function createBrowserPorts(o: {
  folder: string;
  built: URL;
  log: (line: string) => void;
  quit: () => void;
}): Ports {
  const nothing = () => undefined;
  return {
    platform: platform(),
    notificationsShownBy: 'page',
    // Closing the page stops nothing.
    canRunInBackground: true,
    notify: nothing,
    dismiss: nothing,
    setBadge: nothing,
    openExternal: async (url) => {
      if (!(await openWithSystem(externalUrl(url))))
        throw new PostcardError('not-found', { what: 'program' });
    },
    chooseFolder: null,
    secrets: createSecrets(join(o.folder, 'secrets.json'), null),
    settings: createSettingsFile(join(o.folder, 'settings.json')),
    focusWindow: nothing,
    quit: o.quit,
    log: o.log,
    startProcess: null,
    workerFile: (name) => new URL(`${name}.js`, o.built),
  };
}
