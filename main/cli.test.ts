import { mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultHome, prepareProfile, readCommandLine, UsageError } from './cli.ts';

const start = (...argv: string[]) => readCommandLine('start', argv, '1.2.3');
const electron = (...argv: string[]) => readCommandLine('start', argv, '1.2.3', 'ignore');

describe('options', () => {
  it('has defaults for everything', () => {
    expect(start()).toEqual({
      run: { home: defaultHome(), profile: 'default', port: 0, hubPort: null, open: true },
    });
  });

  it('takes values after a space and after an equals sign', () => {
    const run = { home: resolve('data'), profile: 'zweites Profil', port: 8080, hubPort: 5280, open: false };
    expect(
      start('--home', 'data', '--profile=zweites Profil', '--port', '8080', '--hub-port=5280', '--no-open'),
    ).toEqual({ run });
  });

  it('prints help and version', () => {
    expect(start('--version')).toEqual({ print: '1.2.3' });
    const help = start('--help');
    if (!('print' in help)) throw new Error('no help');
    for (const option of [
      '--host',
      '--home',
      '--profile',
      '--port',
      '--hub-port',
      '--no-open',
      '--version',
    ]) {
      expect(help.print).toContain(option);
    }
  });

  it.each([
    ['--hoem', 'x'],
    ['-h'],
    ['stray'],
    ['--port'],
    ['--port', '--no-open'],
    ['--port', '65536'],
    ['--port', '-1'],
    ['--port', '1e3'],
    ['--port', '80x'],
    ['--hub-port', ''],
    ['--host', 'firefox'],
    ['--home'],
    ['--home', ''],
    ['--profile', ''],
    ['--profile', '../other'],
    ['--profile', 'a/b'],
    ['--profile', 'a\\b'],
    ['--profile', '..'],
    ['--profile', 'dot.'],
    ['--profile', 'NUL'],
    ['--profile', 'com1.txt'],
    ['--profile', 'x'.repeat(65)],
    ['--no-open=1'],
    ['--port', '1', '--port', '2'],
    ['--no-sandbox'],
    ['--line\nbreak'],
  ])('refuses %j with one line', (...argv) => {
    expect(() => start(...argv)).toThrow(UsageError);
    expect(() => start(...argv)).toThrow(/^[^\n]+$/);
  });

  it("leaves Chromium's own switches alone in Electron, but not bad values of ours", () => {
    expect(electron('--no-sandbox', '--disable-gpu', '.', '--profile', 'b', '--lang=de')).toMatchObject({
      run: { profile: 'b' },
    });
    expect(() => electron('--no-sandbox', '.', '--port', 'many')).toThrow(UsageError);
  });

  it('knows the options of the stand-alone hub', () => {
    expect(readCommandLine('hub', ['--port', '5280', '--home', '/h'], '1')).toMatchObject({
      run: { port: 5280, home: resolve('/h') },
    });
    expect(() => readCommandLine('hub', ['--profile', 'x'], '1')).toThrow(UsageError);
  });
});

describe('folders', () => {
  it('follows the system', () => {
    expect(defaultHome('linux', { XDG_DATA_HOME: '/x' })).toBe('/x/postcard');
    expect(defaultHome('linux', { XDG_DATA_HOME: 'relative' })).toMatch(/\.local\/share\/postcard$/);
    expect(defaultHome('win32', { LOCALAPPDATA: '/L' })).toBe(join('/L', 'Postcard'));
    expect(defaultHome('darwin', {})).toMatch(/Application Support/);
  });

  it('makes the profile for this user alone, and leaves no probe behind', () => {
    const home = join(mkdtempSync(join(tmpdir(), 'postcard-cli-')), 'new', 'home');
    const folder = prepareProfile(home, 'ann');
    expect(readdirSync(folder)).toEqual([]);
    if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it.skipIf(process.platform !== 'linux')('gives up on a file system that makes no folders', () => {
    expect(() => prepareProfile('/proc/postcard', 'ann')).toThrow(UsageError);
  });

  it('says in one line when the home is a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'postcard-cli-')), 'file');
    writeFileSync(file, '');
    expect(() => prepareProfile(file, 'ann')).toThrow(/can't write to the folder .*file: .*file\.$/);
    expect(() => prepareProfile(file, 'ann')).toThrow(UsageError);
  });
});
