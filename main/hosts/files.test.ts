import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { externalUrl } from './external-url.ts';
import { createLog } from './log-file.ts';
import { createSettingsFile } from './settings-file.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'postcard-files-'));

describe('settings file', () => {
  it('keeps values, and unknown ones of another version', () => {
    const file = join(folder(), 'settings.json');
    writeFileSync(file, '{"fromTheFuture": [1]}');
    createSettingsFile(file).set('window', { width: 800 });
    const again = createSettingsFile(file);
    expect(again.get('window')).toEqual({ width: 800 });
    expect(again.get('fromTheFuture')).toEqual([1]);
    expect(again.get('constructor')).toBeUndefined();
    again.set('window', undefined);
    expect(createSettingsFile(file).get('window')).toBeUndefined();
  });

  it.each(['{"a":', '[]', 'null'])('puts %j aside and starts anew', (text) => {
    const file = join(folder(), 'settings.json');
    writeFileSync(file, text);
    const settings = createSettingsFile(file);
    expect(settings.get('a')).toBeUndefined();
    expect(readFileSync(`${file}.broken`, 'utf8')).toBe(text);
    settings.set('a', 1);
    expect(createSettingsFile(file).get('a')).toBe(1);
  });
});

describe('log', () => {
  it('rotates, and keeps two older files', () => {
    const file = join(folder(), 'postcard.log');
    const log = createLog(file, 100);
    for (let n = 0; n < 40; n += 1) log(`line ${String(n)} of this log`);
    expect(readFileSync(file, 'utf8')).toContain('line 39');
    expect(existsSync(`${file}.1`)).toBe(true);
    expect(existsSync(`${file}.2`)).toBe(true);
    expect(existsSync(`${file}.3`)).toBe(false);
    expect(statSync(file).size).toBeLessThan(200);
  });

  it('does not throw where it can not write', () => {
    expect(() => {
      createLog(join(folder(), 'missing', 'postcard.log'))('line');
    }).not.toThrow();
  });
});

describe('addresses that leave Postcard', () => {
  it('lets web pages and mail through, in the form a launcher reads in the same way', () => {
    expect(externalUrl('https://example.org/a b?"x"')).toBe('https://example.org/a%20b?%22x%22');
    expect(externalUrl('mailto:ann@example.org')).toBe('mailto:ann@example.org');
  });

  it.each([
    '',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/x',
    'vscode://x',
    '-a Calculator',
    'C:\\x',
  ])('refuses %j', (url) => {
    expect(() => externalUrl(url)).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  });
});
