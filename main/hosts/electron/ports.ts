import { app, BrowserWindow, dialog, shell } from 'electron';
import { join } from 'node:path';
import { PostcardError } from '../../../contract/errors.ts';
import type { Ports, SettingsFile } from '../../ports.ts';
import { externalUrl } from '../external-url.ts';
import { platform } from '../platform.ts';
import { createSecrets } from '../secrets-file.ts';
import { createNotifications, type BodyText } from './notifications.ts';
import { systemSealer } from './sealer.ts';
import { startUtility } from './utility-process.ts';

/** What the Electron host offers. After the app is ready. */
export function createElectronPorts(o: {
  folder: string;
  built: URL;
  settings: SettingsFile;
  tray: boolean;
  bodyText: BodyText;
  raise: () => void;
  unreadChanged: (count: number) => void;
  log: (line: string) => void;
}): Ports {
  const notifications = createNotifications(o.raise, o.bodyText, o.log);
  return {
    platform: platform(),
    notificationsShownBy: 'native',
    canRunInBackground: o.tray,
    notify: (notification) => {
      notifications.show(notification);
    },
    dismiss: (id) => {
      notifications.dismiss(id);
    },
    setBadge: o.unreadChanged,
    openExternal: async (url) => {
      const safe = externalUrl(url);
      try {
        await shell.openExternal(safe);
      } catch (error) {
        throw new PostcardError('not-found', { what: 'program' }, { cause: error });
      }
    },
    chooseFolder: async () => {
      const options = { properties: ['openDirectory' as const, 'createDirectory' as const] };
      const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
      const answer = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options));
      return answer.canceled ? null : (answer.filePaths[0] ?? null);
    },
    secrets: createSecrets(join(o.folder, 'secrets.json'), systemSealer()),
    settings: o.settings,
    focusWindow: o.raise,
    quit: () => {
      app.quit();
    },
    log: o.log,
    startProcess: (file) => startUtility(file, new URL('utility.js', o.built)),
    workerFile: (name) => new URL(`${name}.js`, o.built),
  };
}
