import { Menu, nativeImage, Tray } from 'electron';
import { askSessionBus } from './session-bus.ts';
import { texts } from './texts.ts';
import { iconFile } from './window.ts';

/**
 * Whether a tray icon would be seen. Windows and macOS have one; on Linux the desktop says so on its bus (plain
 * GNOME has none), and without one a closed window could not be found again.
 */
export async function hasTray(): Promise<boolean> {
  if (process.platform === 'win32' || process.platform === 'darwin') return true;
  const [bus, path] = ['org.freedesktop.DBus', '/org/freedesktop/DBus'];
  const answer = await askSessionBus(bus, path, `${bus}.NameHasOwner`, 'org.kde.StatusNotifierWatcher');
  return answer?.includes('true') ?? false;
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
