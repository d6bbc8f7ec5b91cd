import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Menu, nativeImage, Tray } from 'electron';
import { texts } from './texts.ts';
import { iconFile } from './window.ts';

const run = promisify(execFile);

/**
 * Whether a tray icon would be seen. Windows and macOS have one; on Linux the desktop says so on its bus (plain
 * GNOME has none), and without one a closed window could not be found again.
 */
export async function hasTray(): Promise<boolean> {
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  if (!process.env['DBUS_SESSION_BUS_ADDRESS']) return false;
  const watcher = 'org.kde.StatusNotifierWatcher';
  const ask = ['--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/org/freedesktop/DBus'];
  const method = ['--method', 'org.freedesktop.DBus.NameHasOwner', watcher];
  try {
    const { stdout } = await run('gdbus', ['call', ...ask, ...method], { timeout: 1000 });
    return stdout.includes('true');
  } catch {
    // No gdbus or no bus: nobody who could show an icon.
    return false;
  }
}

export interface TrayIcon {
  setUnread(count: number): void;
}

export function createTray(actions: { open(): void; quit(): void }): TrayIcon {
  const size = process.platform === 'darwin' ? 18 : 24;
  const icon = nativeImage.createFromPath(iconFile()).resize({ width: size, height: size });
  const tray = new Tray(icon);
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: texts.open, click: actions.open },
      { type: 'separator' },
      { label: texts.quit, click: actions.quit },
    ]),
  );
  tray.on('click', actions.open);
  const setUnread = (count: number) => {
    tray.setToolTip(count > 0 ? `Postcard: ${texts.unread(count)}` : 'Postcard');
  };
  setUnread(0);
  return { setUnread };
}
