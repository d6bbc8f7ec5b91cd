// Packages of Debian, for what the tests need and a machine may lack.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Whether packages can be installed without asking anybody. */
export const canInstall = () =>
  process.platform === 'linux' && process.getuid() === 0 && existsSync('/etc/debian_version');

let updated = false;

/** Installs packages without their recommendations. Gives whether it worked; what apt says goes to stderr. */
export function install(...packages) {
  const apt = (...args) =>
    spawnSync('apt-get', ['-qq', '-y', '-o', 'DPkg::Lock::Timeout=300', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'ignore', 'inherit'],
    }).status === 0;
  updated ||= apt('update');
  return apt('install', '--no-install-recommends', ...packages);
}
