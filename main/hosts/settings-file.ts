import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SettingsFile } from '../ports.ts';

/**
 * Settings as JSON in the very format of electron-store, so that either host reads what the other one wrote.
 * A file that can't be parsed is put aside as `settings.json.broken`, never overwritten.
 */
export function createSettingsFile(file: string): SettingsFile {
  const values = load(file);
  return {
    get: (key) => values[key],
    set: (key, value) => {
      if (value === undefined) Reflect.deleteProperty(values, key);
      else values[key] = value;
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, JSON.stringify(values, null, '\t'), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    },
  };
}

/** Puts a file aside that is no JSON object; electron-store would throw at it, or clear it. */
export function putAsideIfBroken(file: string): void {
  load(file);
}

function load(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return bare({});
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return bare(value);
  } catch {
    // Falls through to the same end as JSON of the wrong shape.
  }
  renameSync(file, `${file}.broken`);
  return bare({});
}

/** Without a prototype: `get('constructor')` finds nothing. */
function bare(values: object): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, values);
}
