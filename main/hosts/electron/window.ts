import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { join } from 'node:path';
import type { SettingsFile } from '../../ports.ts';
import { pageUrl } from './page-protocol.ts';
import { restoredState, smallest, type Bounds } from './window-state.ts';

/** The page's own background in both themes, so that a window never flashes in the wrong colour. */
const backgrounds = { light: '#ffffff', dark: '#16181d' };

const settingsKey = 'window';

/**
 * The one window of this profile: sandboxed, with nothing of Node in it.
 * @param built the folder `out/`
 */
export function createWindow(built: string, settings: SettingsFile): BrowserWindow {
  const state = restoredState(settings.get(settingsKey), workAreas());
  const window = new BrowserWindow({
    ...state.bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Postcard',
    backgroundColor: nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light,
    autoHideMenuBar: true,
    icon: iconFile(),
    webPreferences: {
      preload: join(built, 'preload', 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: true,
      // The compiled script is kept from the first start on, not from the third.
      v8CacheOptions: 'bypassHeatCheck',
      devTools: !app.isPackaged,
    },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  rememberState(window, settings);
  void window.loadURL(pageUrl);
  return window;
}

/** Also used by the tray. */
export const iconFile = () => join(app.getAppPath(), 'resources', 'icons', 'postcard.png');

function workAreas(): Bounds[] {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return [primary, ...others].map((display) => display.workArea);
}

/** Written when the window rests, not at every pixel it moves; and at its end. */
function rememberState(window: BrowserWindow, settings: SettingsFile): void {
  let timer: NodeJS.Timeout | undefined;
  const save = () => {
    clearTimeout(timer);
    timer = undefined;
    if (window.isDestroyed()) return;
    settings.set(settingsKey, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(save, 500);
  };
  // Not one call over a list of names: each event has an overload of its own.
  window.on('resize', soon);
  window.on('move', soon);
  window.on('maximize', soon);
  window.on('unmaximize', soon);
  window.on('close', save);
}

/** Shows the window wherever it is: closed to the background, minimized, or behind others. */
export function raise(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
