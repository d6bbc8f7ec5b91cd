// Whether Electron can run here, and where its program is. Plain JavaScript without packages, for Node 18 and newer.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment, nodePath, root } from './setup.mjs';

const packageFolder = join(root, 'node_modules', 'electron');
const program = {
  darwin: join('Electron.app', 'Contents', 'MacOS', 'Electron'),
  win32: 'electron.exe',
}[process.platform];

/** ms; the archive has about 110 MB. */
const downloadLimit = 300_000;
/** ms: after a download that failed, starts go on without a new attempt for so long. */
const retryAfter = 3_600_000;
const failedMark = join(root, '.cache', 'electron-download-failed');

/**
 * Finds Electron's program, downloading it at the first start.
 * @param {{ insist: boolean, say: (line: string) => void }} how `insist`: it was asked for by name
 * @returns {Promise<{ program: string } | { reason: string }>} the reason completes "Electron can't run here: …"
 */
export async function findElectron({ insist, say }) {
  const obstacle = systemObstacle();
  if (obstacle !== null) return { reason: obstacle };
  const found = await ensureElectron({ insist, say });
  if ('reason' in found) return found;
  const blocked = sandboxObstacle(found.program);
  return blocked === null ? found : { reason: blocked };
}

/**
 * Electron's program, downloaded when it is not there, whether or not this system lets it open a window.
 * @param {{ insist: boolean, say: (line: string) => void }} how
 * @returns {Promise<{ program: string } | { reason: string }>}
 */
export async function ensureElectron({ insist, say }) {
  if (installed() === null) {
    const failure = await download(insist, say);
    if (failure !== null) return { reason: failure };
  }
  const found = installed();
  return found === null ? { reason: 'its program is missing after the download' } : { program: found };
}

/** What stands in the way whatever is installed; no download is worth a try then. */
function systemObstacle() {
  if (process.platform !== 'linux') return null;
  if (process.getuid() === 0) return "Chromium's sandbox does not work for root";
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display';
  return null;
}

function installed() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH || join(packageFolder, 'dist');
  const file = join(folder, program ?? 'electron');
  return existsSync(file) ? file : null;
}

/** On Linux the sandbox needs user namespaces for everybody, or a helper that belongs to root. */
function sandboxObstacle(file) {
  if (process.platform !== 'linux') return null;
  const refused =
    setting('/proc/sys/kernel/unprivileged_userns_clone') === '0' ||
    setting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1';
  if (!refused) return null;
  const helper = statSync(join(file, '..', 'chrome-sandbox'), { throwIfNoEntry: false });
  if (helper !== undefined && helper.uid === 0 && (helper.mode & 0o4000) !== 0) return null;
  return "this system does not allow Chromium's sandbox (user namespaces are restricted)";
}

function setting(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

/** null when it worked, else the reason. */
async function download(insist, say) {
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH) return 'ELECTRON_OVERRIDE_DIST_PATH holds no Electron';
  const failedAt = statSync(failedMark, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (!insist && Date.now() - failedAt < retryAfter) return 'its download failed a short time ago';
  say('Downloading Electron (once, about 110 MB) …');
  const failure = await runInstaller();
  if (failure === null) rmSync(failedMark, { force: true });
  else {
    mkdirSync(join(root, '.cache'), { recursive: true });
    writeFileSync(failedMark, '');
  }
  return failure;
}

function runInstaller() {
  return new Promise((resolve) => {
    const installer = spawn(nodePath(), [join(packageFolder, 'install.js')], {
      env: environment(),
      stdio: 'ignore',
      timeout: downloadLimit,
      killSignal: 'SIGKILL',
    });
    installer.once('error', (error) => resolve(`its download could not be started (${error.code})`));
    installer.once('exit', (code, signal) => {
      if (code === 0) resolve(null);
      else resolve(signal === null ? 'it could not be downloaded' : 'its download took too long');
    });
  });
}
