// The browser of the end-to-end specs: found, or installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { environment, nodePath, root } from '../setup.mjs';
import { canInstall, install } from './debian.mjs';

/** ms; it has about 170 MB. */
const downloadLimit = 300_000;
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/**
 * Makes sure that there is a Chromium for Playwright.
 * @param {(line: string) => void} say
 * @returns {string | null} why there is none; null when there is one
 */
export function ensureBrowser(say) {
  if (process.env.PLAYWRIGHT_CHROMIUM) {
    return existsSync(process.env.PLAYWRIGHT_CHROMIUM) ? null : 'PLAYWRIGHT_CHROMIUM names no file';
  }
  if (onPath() || playwrightsOwn()) return null;
  // Debian's comes with the libraries that it needs; Playwright's own may lack some on a bare machine.
  if (canInstall()) {
    say('Installing Chromium …');
    if (install('chromium') && onPath()) return null;
  }
  say('Downloading Chromium for Playwright (once, about 170 MB) …');
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  spawnSync(nodePath(), [cli, 'install', 'chromium'], {
    env: environment(),
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: downloadLimit,
  });
  return playwrightsOwn() ? null : 'there is no Chromium, and it could not be installed';
}

const onPath = () =>
  (process.env.PATH ?? '')
    .split(process.platform === 'win32' ? ';' : ':')
    .some((folder) => names.some((name) => existsSync(join(folder, name))));

function playwrightsOwn() {
  const { chromium } = createRequire(join(root, 'package.json'))('@playwright/test');
  return existsSync(chromium.executablePath());
}
