import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import { texts } from './texts.ts';

/** The native menu. On macOS it is what makes copy and paste work at all; elsewhere Alt shows it. */
export function setMenu(): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(process.platform === 'darwin')));
}

function template(mac: boolean): MenuItemConstructorOptions[] {
  const quit: MenuItemConstructorOptions = {
    label: texts.quit,
    accelerator: 'CommandOrControl+Q',
    click: () => {
      app.quit();
    },
  };
  const close: MenuItemConstructorOptions = { role: 'close', label: texts.closeWindow };
  return [
    ...(mac ? [appMenu(quit)] : []),
    { label: texts.file, submenu: mac ? [close] : [close, { type: 'separator' }, quit] },
    { label: texts.edit, submenu: editMenu() },
    { label: texts.view, submenu: viewMenu() },
    { role: 'windowMenu', label: texts.window },
  ];
}

function appMenu(quit: MenuItemConstructorOptions): MenuItemConstructorOptions {
  return {
    label: app.name,
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      quit,
    ],
  };
}

function editMenu(): MenuItemConstructorOptions[] {
  return [
    { role: 'undo' },
    { role: 'redo' },
    { type: 'separator' },
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'pasteAndMatchStyle' },
    { role: 'delete' },
    { role: 'selectAll' },
  ];
}

function viewMenu(): MenuItemConstructorOptions[] {
  const zoom: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  return app.isPackaged
    ? zoom
    : [...zoom, { type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }];
}
