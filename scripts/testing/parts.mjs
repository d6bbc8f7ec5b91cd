// The four parts of the test suite: what each needs, and how it is run.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureElectron } from '../electron-runtime.mjs';
import { ensureBuilt, environment, nodePath, root, works } from '../setup.mjs';
import { ensureBrowser } from './browser.mjs';
import { canInstall, install } from './debian.mjs';
import { prepareDesktop } from './desktop.mjs';

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const playwright = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
const installer = join(root, 'scripts', 'servers', 'install.sh');

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} title
 * @property {(say: (line: string) => void) => Promise<string | null>} obstacle why it can't run; null when it can
 * @property {(report: string) => { command: string, args: string[], env?: NodeJS.ProcessEnv }} command
 *   `report`: the JSON file to write
 * @property {'vitest' | 'playwright'} runner
 */

const vitestPart = (name, title, prepare = async () => undefined) => ({
  name,
  title,
  runner: 'vitest',
  async obstacle(say) {
    await prepare(say);
    return null;
  },
  command: (report) => ({
    command: nodePath(),
    args: [
      vitest,
      'run',
      '--project',
      name,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ],
  }),
});

const playwrightPart = (name, title, obstacle) => ({
  name,
  title,
  runner: 'playwright',
  async obstacle(say) {
    const reason = await obstacle(say);
    if (reason === null) await ensureBuilt(say);
    return reason;
  },
  command(report) {
    const args = [playwright, 'test', `--project=${name}`];
    const env = { POSTCARD_E2E_REPORT: report };
    if (name !== 'electron' || !needsDisplay()) return { command: nodePath(), args, env };
    return { command: 'xvfb-run', args: ['-a', '-s', '-screen 0 1920x1200x24', nodePath(), ...args], env };
  },
});

const needsDisplay = () =>
  process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;

async function electronObstacle(say) {
  const electron = await ensureElectron({ insist: true, say });
  if ('reason' in electron) return electron.reason;
  prepareDesktop(say);
  if (!needsDisplay()) return null;
  if (!works('xvfb-run', ['--help']) && canInstall()) install('xvfb', 'xauth');
  return works('xvfb-run', ['--help']) ? null : 'there is no display, and xvfb-run is not installed';
}

/** Installs Prosody, ejabberd and slixmpp where that can be done; the cases skip what is missing, with the reason. */
async function prepareServers(say) {
  if (!canInstall() || serversAreThere()) return;
  say('Installing the servers to test against …');
  spawnSync(installer, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Whether everything of the integration cases is there. */
export const serversAreThere = () =>
  process.platform === 'linux' &&
  existsSync(installer) &&
  spawnSync(installer, ['--check'], { stdio: 'ignore' }).status === 0;

/** @type {Part[]} */
export const parts = [
  vitestPart('unit', 'Unit'),
  vitestPart('integration', 'Integration: hub, Prosody, ejabberd', prepareServers),
  playwrightPart('browser', 'End to end in Chromium', async (say) => ensureBrowser(say)),
  playwrightPart('electron', 'End to end in Electron', electronObstacle),
];

/** Runs a part; resolves to the exit status of its runner. */
export function run({ command, args, env = {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...environment(), ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
}

/** How many specs a part of Playwright's has; 0 when it can't be told. */
export function countSpecs(part) {
  const args = [playwright, 'test', `--project=${part.name}`, '--list'];
  const listed = spawnSync(nodePath(), args, { cwd: root, env: environment(), encoding: 'utf8' });
  return Number(/^Total: (\d+) tests?/m.exec(listed.stdout ?? '')?.[1] ?? 0);
}
