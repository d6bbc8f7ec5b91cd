import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { helpText, parseOptions, type Command } from '../scripts/options.mjs';

/** What a person can put right on the command line: one clear line on stderr, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface Options {
  /** Absolute. */
  readonly home: string;
  readonly profile: string;
  /** The browser host's, or the stand-alone hub's, loopback port; 0 is any. */
  readonly port: number;
  /** null: not said. */
  readonly hubPort: number | null;
  /** Whether the browser host opens the system's browser. */
  readonly open: boolean;
  /** The stand-alone hub: print the queue of reports, and end. */
  readonly reports?: true;
}

/** `print`: what was asked for is a text on stdout, and exit code 0. */
export type CommandLine = { readonly run: Options } | { readonly print: string };

/**
 * Reads the options of a command.
 * @param foreign `ignore` where Chromium's own switches stand between ours (Electron)
 * @throws UsageError for unknown options and bad values
 */
export function readCommandLine(
  command: Command,
  argv: readonly string[],
  version: string,
  foreign: 'refuse' | 'ignore' = 'refuse',
): CommandLine {
  const parsed = parseOptions(command, argv, { foreign });
  if (!parsed.ok) throw new UsageError(parsed.problem);
  const { values } = parsed;
  if (values.help) return { print: helpText(command) };
  if (values.version) return { print: version };
  return {
    run: {
      home: values.home === undefined ? defaultHome() : resolve(values.home),
      profile: values.profile ?? 'default',
      port: values.port ?? 0,
      hubPort: values['hub-port'] ?? null,
      open: values['no-open'] === undefined,
      ...(values.reports ? { reports: true as const } : {}),
    },
  };
}

/**
 * The system's place for application data. On Windows the local one, not the roaming one, which is copied over
 * the network at every sign-in and is no place for gigabytes of pictures.
 */
export function defaultHome(platform: NodeJS.Platform = process.platform, env = process.env): string {
  if (platform === 'win32') {
    return join(env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'Postcard');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Postcard');
  // XDG Base Directory: a relative path is invalid and to be ignored.
  const xdg = env['XDG_DATA_HOME'];
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.local', 'share'), 'postcard');
}

/**
 * Makes the profile's folder, for this user alone, and makes sure that it can be written.
 * @returns its absolute path
 * @throws UsageError when it can't
 */
export function prepareProfile(home: string, profile: string): string {
  const folder = join(home, 'profiles', profile);
  makeWritable(folder, home);
  return folder;
}

/** @throws UsageError when the folder can't be made or written */
export function makeWritable(folder: string, shown: string = folder): void {
  const probe = join(folder, `.writable-${String(process.pid)}`);
  try {
    makeFolders(folder);
    writeFileSync(probe, 'x', { mode: 0o600 });
    rmSync(probe, { force: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new UsageError(`Postcard can't write to the folder ${shown}: ${reasons[code] ?? code}.`);
  }
}

/** Not `recursive: true`: on a file system that makes no folders (/proc) Node then tries for ever. */
function makeFolders(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(folder);
  if (above !== folder) makeFolders(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another instance of the same home made it in this moment.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'it is on a read-only disk',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'it is a file',
  ENOENT: 'it can not be made there',
  ENAMETOOLONG: 'its name is too long',
};
