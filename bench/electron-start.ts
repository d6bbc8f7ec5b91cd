import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { electronPath, switches } from '../tests/e2e/launch/electron-host.ts';
import { environment } from '../scripts/setup.mjs';
import { projectRoot, temporaryFolder } from '../tests/support/folders.ts';
import { until, within } from '../tests/support/wait.ts';
import { installProbe } from './probe.ts';

/** The least an Electron app can be: a window with a word in it. Returns its folder. */
export function emptyApp(): string {
  const folder = temporaryFolder('bench-empty-app');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'empty', main: 'main.cjs' }));
  writeFileSync(
    join(folder, 'main.cjs'),
    `const { app, BrowserWindow } = require('electron');
     app.setPath('userData', __dirname + '/data');
     app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadFile(__dirname + '/index.html'));`,
  );
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Empty</title><main>Empty</main>');
  return folder;
}

/** Why Electron is left out here; null when it can be started. */
export function electronMissing(): string | null {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'])
    return 'there is no display (xvfb-run -a gives one)';
  try {
    electronPath();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** ms from the start of Electron on `app` until what fits `selector` was painted in its window. */
export async function shownInElectron(
  app: string,
  args: readonly string[],
  selector: string,
): Promise<number> {
  const begin = performance.timeOrigin + performance.now();
  const all = [...switches, '--remote-debugging-port=0', app, ...args];
  const child = spawn(electronPath(), all, {
    env: environment(),
    cwd: projectRoot,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const port = await new Promise<string>((resolve, reject) => {
      void ended.then(() => reject(new Error('Electron ended at once')));
      createInterface({ input: child.stderr }).on('line', (line) => {
        const [, found] = /DevTools listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(line) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    const shown = await until(() => askWindow(port, selector), { timeout: 60_000, what: 'a window' });
    return shown - begin;
  } finally {
    child.kill('SIGTERM');
    await within(20_000, 'Electron to end', ended);
  }
}

/** Asks the window, if there is one, when it showed it; null while it is still on its way to the page. */
async function askWindow(port: string, selector: string): Promise<number | null> {
  const list = await fetch(`http://127.0.0.1:${port}/json/list`);
  const targets = (await list.json()) as { type: string; url: string; webSocketDebuggerUrl: string }[];
  const page = targets.find(({ type, url }) => type === 'page' && url !== '' && url !== 'about:blank');
  if (!page) return null;
  const socket = new WebSocket(page.webSocketDebuggerUrl);
  const expression = `(${installProbe.toString()})(${JSON.stringify(selector)}); window.shown`;
  const answer = await new Promise<{ result?: { result?: { value?: unknown } } } | null>((resolve) => {
    socket.onopen = () =>
      socket.send(
        JSON.stringify({
          id: 1,
          method: 'Runtime.evaluate',
          params: { expression, awaitPromise: true, returnByValue: true },
        }),
      );
    socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)) as object);
    socket.onclose = socket.onerror = () => resolve(null);
  });
  socket.close();
  // A page that was left meanwhile answers with an error: the next one is asked.
  const value = answer?.result?.result?.value;
  return typeof value === 'number' ? value : null;
}
