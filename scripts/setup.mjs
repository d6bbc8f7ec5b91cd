// What has to be there before anything of Postcard can run: the packages of the lock file, the Node they need, and
// a build that is newer than the sources. Plain JavaScript for Node 18 and newer, without any package: it runs
// before there are any.
import { spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...path) => join(root, ...path);

/** A failure that a person can do something about: its message is printed as it is, without a stack. */
export class SetupError extends Error {}

/** ms since 1970 of a file's last change; 0 when there is no such file. */
const changedAt = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

/**
 * Installs the packages when they are missing or older than the lock file. Two starts at the same moment install
 * once. `say` gets one line when something is done. Throws SetupError.
 */
export async function ensureDependencies(say = defaultSay) {
  if (dependenciesAreCurrent()) return;
  await exclusively(async () => {
    if (dependenciesAreCurrent()) return;
    say('Installing the packages (once, a minute or two) …');
    const npm = npmCommand();
    const status = await run(
      npm.command,
      [...npm.args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'],
      {
        shell: npm.shell,
      },
    );
    if (status !== 0) throw new SetupError('npm ci failed: see its message above. Is there a connection?');
  });
}

const dependenciesAreCurrent = () =>
  changedAt(at('node_modules', '.package-lock.json')) >= changedAt(at('package-lock.json')) &&
  existsSync(at('node_modules', '.package-lock.json'));

/** npm itself, also on Windows, where `npm` is a script that only a shell can start. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /npm-cli\.c?js$/.test(script)) {
    return { command: process.execPath, args: [script], shell: false };
  }
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

/**
 * The Node that Postcard runs on: the one its packages bring along, else this one where it is new enough.
 * Throws SetupError.
 */
export function nodePath() {
  const own = at('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(own)) return own;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new SetupError(
    `Node ${process.versions.node} is too old, and npm did not install the newer one. ` +
      'Run "npm ci --foreground-scripts" and look at its messages.',
  );
}

/** The environment for programs of ours: the Node above comes first on PATH. */
export function environment() {
  const separator = process.platform === 'win32' ? ';' : ':';
  return { ...process.env, PATH: [dirname(nodePath()), process.env.PATH ?? ''].join(separator) };
}

const sources = ['contract', 'main', 'preload', 'renderer', 'resources'];
const configuration = ['package-lock.json', 'electron.vite.config.ts', 'tsconfig.json'];
const built = [
  'main/electron.js',
  'main/browser.js',
  'main/hub.js',
  'preload/preload.cjs',
  'renderer/index.html',
];

/** Builds when a part of `out/` is missing or older than a source. Throws SetupError. */
export async function ensureBuilt(say = defaultSay) {
  if (buildIsCurrent()) return;
  await exclusively(async () => {
    if (buildIsCurrent()) return;
    say('Building …');
    const started = Date.now();
    const builder = at('node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const log = at('.cache', 'build.log');
    const status = await run(nodePath(), [builder, 'build', '--logLevel', 'warn'], {
      log,
      env: environment(),
    });
    if (status !== 0) throw new SetupError(`The build failed:\n${readFileSync(log, 'utf8').trim()}`);
    writeFileSync(stamp, String(started));
  });
}

// Not the outputs' own times: a bundler may leave an unchanged file alone.
const stamp = at('out', '.built');

function buildIsCurrent() {
  if (!existsSync(stamp) || built.some((file) => !existsSync(at('out', file)))) return false;
  const builtAt = Number(readFileSync(stamp, 'utf8'));
  return (
    configuration.every((file) => changedAt(at(file)) < builtAt) &&
    sources.every((folder) => newest(at(folder)) < builtAt)
  );
}

/** The latest change below a folder, ms since 1970; tests are no part of a build. */
function newest(folder) {
  if (!existsSync(folder)) return 0;
  let latest = changedAt(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name.endsWith('.test.ts')) continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : changedAt(path));
  }
  return latest;
}

/** Runs one at a time among all processes on this folder; a lock whose owner is gone is taken over. */
async function exclusively(work) {
  mkdirSync(at('.cache'), { recursive: true });
  const lock = at('.cache', 'setup.lock');
  while (!takeLock(lock)) {
    if (!ownerIsAlive(lock)) rmSync(lock, { force: true });
    else await delay(200);
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function takeLock(lock) {
  try {
    const file = openSync(lock, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new SetupError(`This folder cannot be written: ${root} (${error.code})`);
  }
}

function ownerIsAlive(lock) {
  let owner;
  try {
    owner = Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
  // Taken this very moment, and the number not written yet.
  if (!Number.isInteger(owner) || owner <= 0) return Date.now() - changedAt(lock) < 5_000;
  try {
    process.kill(owner, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Runs a program in the project's folder; what it prints goes to stderr, or to `log`. Gives its exit status. */
function run(command, args, { shell = false, env = process.env, log = null } = {}) {
  const output = log === null ? process.stderr.fd : openSync(log, 'w');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, shell, stdio: ['ignore', output, output] });
    child.once('error', (error) =>
      reject(new SetupError(`${command} could not be started: ${error.message}`)),
    );
    child.once('exit', (status) => {
      if (log !== null) closeSync(output);
      resolve(status ?? 1);
    });
  });
}

function defaultSay(line) {
  process.stderr.write(`${line}\n`);
}

/** Whether a program is there and starts. */
export function works(command, args = ['--version']) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
