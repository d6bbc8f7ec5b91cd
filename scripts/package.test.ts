import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
// Written by npm; only these fields are read.
const lock = JSON.parse(read('package-lock.json')) as {
  packages: Record<string, { dev?: boolean; dependencies?: Record<string, string> }>;
};
const shipped = Object.keys(lock.packages).filter((path) => path !== '' && lock.packages[path]?.dev !== true);
const builder = read('electron-builder.yml');

/** `a/b` of `a/b/c` for packages with a scope, else `a`. */
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

describe('what a package for people has in it', () => {
  it('has every package that the main process imports: those for building stay behind', () => {
    const sources = globSync('{main,contract}/**/*.ts', { cwd: root }).filter(
      (path) => !/\.test\.ts$|\.fixture\.ts$|[\\/]testing[\\/]/.test(path),
    );
    const imports = sources.flatMap((path) =>
      [
        ...read(path).matchAll(/^(?:import|export) (?!type )[^'"]*?from '([^'"]+)'|import\('([^'"]+)'\)/gm),
      ].map(([, fixed, later]) => fixed ?? later ?? ''),
    );
    const named = imports.filter((name) => name !== '' && !name.startsWith('.') && !isBuiltin(name));
    const needed = [...new Set(named.map(packageOf))].filter((name) => name !== 'electron');
    expect(needed).toContain('better-sqlite3');
    const there = Object.keys(lock.packages['']?.dependencies ?? {});
    expect(needed.filter((name) => !there.includes(name))).toEqual([]);
  });

  it('leaves native code and WebAssembly outside of the archive, where the system can load it', () => {
    const native = shipped.filter(
      (path) => globSync(`${path}/**/*.{node,wasm,so,so.*,dylib,dll}`, { cwd: root }).length > 0,
    );
    expect(native.map((path) => packageOf(path.replace('node_modules/', '')))).toContain('better-sqlite3');
    const unpacked = [...builder.matchAll(/^ {2}- '\*\*\/(node_modules\/[^*]+)\/\*\*'$/gm)].map(
      ([, path]) => path ?? '',
    );
    const packed = native.filter((path) => !unpacked.some((folder) => `${path}/`.startsWith(`${folder}/`)));
    expect(packed).toEqual([]);
  });

  it('has what the built app reads beside its code', () => {
    for (const pattern of ['out/**', 'resources/**', 'package.json'])
      expect(builder).toContain(`- ${pattern}\n`);
  });
});
