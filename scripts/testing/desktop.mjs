// What the specs of notifications, tray and key store need: on Linux a desktop, stood in for on a bus of its own.
import { works } from '../setup.mjs';
import { canInstall, install } from './debian.mjs';

/** Debian's packages; libnotify and libsecret are what Electron itself loads. */
const packages = [
  'python3-dbusmock',
  'dbus-daemon',
  'libglib2.0-bin',
  'libnotify4',
  'libsecret-1-0',
  'gnome-keyring',
];

const libraries = "import ctypes; ctypes.CDLL('libnotify.so.4'); ctypes.CDLL('libsecret-1.so.0')";

/** @returns {string | null} what is missing; null when nothing is */
export function desktopObstacle() {
  if (process.platform !== 'linux') return 'notifications of the system are tried on Linux only';
  const has = (code) => works('/usr/bin/python3', ['-c', code]);
  const missing = [
    ['python3-dbusmock', () => has('import dbusmock')],
    ['dbus-daemon', () => works('dbus-daemon')],
    ['libglib2.0-bin', () => works('gdbus', ['help'])],
    ['libnotify4 or libsecret-1-0', () => has(libraries)],
    ['gnome-keyring', () => works('gnome-keyring-daemon')],
  ].filter(([, there]) => !there());
  return missing.length === 0
    ? null
    : `not installed: ${missing.map(([name]) => name).join(', ')} (npm test does it, as root on Debian)`;
}

/** Installs what is missing where that can be done. */
export function prepareDesktop(say) {
  if (desktopObstacle() === null || !canInstall()) return;
  say('Installing what stands in for a desktop …');
  install(...packages);
}
