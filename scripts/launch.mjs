// Starts a built program of ours and becomes its stand-in: its signals, its exit code.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { passWithoutNoise } from './quiet.mjs';
import { environment, nodePath, root } from './setup.mjs';

/** Runs `out/main/NAME.js` on Node. Resolves to its exit code. */
export function runOnNode(name, args) {
  const child = spawn(nodePath(), [join(root, 'out', 'main', `${name}.js`), ...args], {
    env: environment(),
    // The channel tells it when this process has gone without a word (killed): it stops then, too.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  return standIn(child);
}

/** Runs the app in Electron. Resolves to its exit code. */
export function runInElectron(program, args) {
  const env = environment();
  // Set in terminals of programs that are made with Electron themselves; it would start as plain Node.
  delete env.ELECTRON_RUN_AS_NODE;
  const child = spawn(program, [root, ...args], { env, stdio: ['inherit', 'inherit', 'pipe', 'ipc'] });
  passWithoutNoise(child.stderr);
  return standIn(child);
}

function standIn(child) {
  return new Promise((resolve, reject) => {
    // The program decides when it ends; a second signal is the program's business as well.
    const pass = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, pass);
    child.once('error', reject);
    // `close`, not `exit`: what it wrote last has passed by then.
    child.once('close', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}
