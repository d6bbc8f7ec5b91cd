import { app } from 'electron';
import { join } from 'node:path';
import { prepareProfile, readCommandLine, type Options } from '../../cli.ts';
import { createLog } from '../log-file.ts';
import { lockOrAsk } from '../profile-lock.ts';
import { alreadyOpen, startFailure } from '../startup.ts';
import type { MainWindow } from './main-window.ts';
import { registerPageScheme } from './page-protocol.ts';
import { reportUncaught } from './trouble.ts';

// Everything up to `ready` happens in this first turn: `ready` waits for this module, so nothing here may await it.
registerPageScheme();
app.setName('Postcard');
app.setAppUserModelId('org.postcard.desktop');

let options: Options | null = null;
try {
  const line = readCommandLine('start', process.argv.slice(1), app.getVersion(), 'ignore');
  if ('print' in line) print(line.print);
  else begin((options = line.run));
} catch (error) {
  fail(error);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`, () => {
    app.exit(0);
  });
}

function fail(error: unknown): void {
  const { text, code } = startFailure(error, options);
  process.stderr.write(`${text}\n`, () => {
    app.exit(code);
  });
}

function begin(run: Options): void {
  const folder = prepareProfile(run.home, run.profile);
  // Chromium's own files of this profile: two of them never share any.
  app.setPath('userData', join(folder, 'electron'));
  const logFile = join(folder, 'postcard.log');
  const log = createLog(logFile);
  reportUncaught(log, logFile);
  start(run, folder, log).catch(fail);
}

async function start(run: Options, folder: string, log: (line: string) => void): Promise<void> {
  let window: MainWindow | null = null;
  const taken = await lockOrAsk(folder, () => {
    window?.raise();
    return Promise.resolve(null);
  });
  if ('answer' in taken) {
    // The browser host has it: its address is what can be opened. Else a window has been raised.
    print(taken.answer ?? alreadyOpen);
    return;
  }
  await app.whenReady();
  // Here and not above: while it loads, Chromium's other processes start.
  const { openApp } = await import('./open-app.ts');
  window = await openApp({
    run,
    folder,
    // The bundle that this module becomes lies in out/main.
    built: new URL('./', import.meta.url),
    log,
    released: () => {
      taken.lock.release();
    },
  });
}
