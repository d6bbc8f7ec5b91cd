// Runs inside Electron's main process, before the app (`electron -r`), so that it needs no inspector: an evaluation
// right after the launch can lose its promise to V8's garbage collector. It writes down what the app shows, and does
// what a person does outside of the page, asked by lines of JSON over the socket of POSTCARD_TEST_SOCKET.
const { app, BrowserWindow, clipboard, Menu, Notification } = require('electron');
const { createServer } = require('node:net');
const { createInterface } = require('node:readline');

const shown = [];
const menus = [];
const saved = [];
let savePath = null;

// Machines for tests have no notification daemon, so what is shown is written down. `system`: a spec has brought one.
if (process.env.POSTCARD_TEST_NOTIFICATIONS !== 'system') {
  Notification.isSupported = () => true;
  Notification.prototype.show = function show() {
    shown.push(this);
  };
}

// A native menu can't be seen from here once it is open: it is held on to instead.
Menu.prototype.popup = function popup() {
  menus.push(this);
};

// Nobody is there to answer the system's dialog.
app.on('session-created', (session) => {
  session.on('will-download', (_event, item) => {
    if (savePath === null) return;
    item.setSavePath(savePath);
    item.once('done', (_done, state) => {
      const proposed = item.getSaveDialogOptions().defaultPath ?? item.getFilename();
      saved.push({ state, proposed });
    });
  });
});

/** What can be asked for; each gives what is sent back. */
const acts = {
  notifications: () => shown.map(({ title, body }) => ({ title, body })),
  clickNotification: (at) => void shown[at].emit('click', {}),
  /** As the menu does it: window and background alike. */
  quit: () => void setImmediate(() => app.quit()),
  /** As the window's own button does it. */
  closeWindow: () => BrowserWindow.getAllWindows().forEach((window) => window.close()),
  visible: () => BrowserWindow.getAllWindows().some((window) => window.isVisible() && !window.isMinimized()),
  /** From now on files are saved here. */
  saveAs: (path) => void (savePath = path),
  saved: () => saved,
  /** The labels of the last menu that was opened. */
  menu: () => menus.at(-1)?.items.map(({ label, role }) => label || role || '') ?? null,
  /** Chooses from it. Without a window manager no window has the system's focus, so it is said which one is meant. */
  choose: (label) => {
    const [window] = BrowserWindow.getAllWindows();
    const item = menus.at(-1).items.find((each) => each.label === label);
    item.click({}, window, window.webContents);
  },
  clipboard: () => {
    const picture = clipboard.readImage();
    return { text: clipboard.readText(), picture: picture.isEmpty() ? null : picture.getSize() };
  },
};

createServer((socket) => {
  createInterface({ input: socket }).on('line', (line) => {
    const { act, argument } = JSON.parse(line);
    socket.write(`${JSON.stringify({ result: acts[act](argument) ?? null })}\n`);
  });
  // The driver leaves when it is done; the app goes on.
  socket.on('error', () => socket.destroy());
})
  .listen(process.env.POSTCARD_TEST_SOCKET)
  .unref();
