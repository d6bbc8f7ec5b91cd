// Runs inside Electron's main process, before the app (`electron -r`), so that it needs no inspector: an evaluation
// right after the launch can lose its promise to V8's garbage collector. It writes down what the app shows, and does
// what a person does outside of the page, asked by lines of JSON over the socket of POSTCARD_TEST_SOCKET.
const { app, BrowserWindow, Notification } = require('electron');
const { createServer } = require('node:net');
const { createInterface } = require('node:readline');

const shown = [];

// Machines for tests have no notification daemon, so what is shown is written down. `system`: a spec has brought one.
if (process.env.POSTCARD_TEST_NOTIFICATIONS !== 'system') {
  Notification.isSupported = () => true;
  Notification.prototype.show = function show() {
    shown.push({ title: this.title, body: this.body });
  };
}

/** What can be asked for; each gives what is sent back. */
const acts = {
  notifications: () => shown,
  /** As the menu does it: window and background alike. */
  quit: () => void setImmediate(() => app.quit()),
  /** As the window's own button does it. */
  closeWindow: () => BrowserWindow.getAllWindows().forEach((window) => window.close()),
  windowVisible: () => BrowserWindow.getAllWindows().some((window) => window.isVisible()),
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
