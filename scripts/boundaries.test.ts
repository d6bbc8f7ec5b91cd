import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import ts from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

/** The project's own configuration, without the rules that need types: the files here do not exist. */
const eslint = new ESLint({
  cwd: dirname(dirname(fileURLToPath(import.meta.url))),
  overrideConfig: [
    { files: ['**/*.{ts,vue}'], languageOptions: { parserOptions: { projectService: false } } },
    ts.configs.disableTypeChecked,
  ],
});

async function rulesBroken(filePath: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return [...new Set(result?.messages.map(({ ruleId }) => ruleId))];
}

const imports = (path: string) => `import * as it from '${path}';\nexport const x = it;\n`;

describe('imports point inward', () => {
  it.each([
    ['contract/x.ts', '../main/ports.ts'],
    ['contract/x.ts', '../renderer/bridge/index.ts'],
    ['preload/x.ts', '../main/ports.ts'],
    ['renderer/x.ts', '../main/ports.ts'],
    ['renderer/x.ts', '../preload/channels.ts'],
    ['main/store/x.ts', '../xmpp/index.ts'],
    ['main/store/x.ts', '../features/settings.ts'],
    ['main/xmpp/x.ts', '../store/index.ts'],
    ['main/xmpp/modules/x.ts', '../../media/index.ts'],
    ['main/media/x.ts', '../store/index.ts'],
    ['main/hub/x.ts', '../xmpp/index.ts'],
    ['main/hub/x.ts', '../ports.ts'],
    ['main/features/x.ts', '../hosts/profile-lock.ts'],
    ['main/hosts/electron/x.ts', '../browser/server.ts'],
    ['main/hosts/browser/x.ts', '../electron/texts.ts'],
    ['main/hosts/browser/x.ts', '../../store/index.ts'],
    ['main/hosts/x.ts', '../features/settings.ts'],
    ['main/dispatch.ts', './store/index.ts'],
    ['main/app.ts', './hosts/profile-lock.ts'],
  ])('%s may not import %s', async (file, path) => {
    expect(await rulesBroken(file, imports(path))).toEqual(['boundaries/dependencies']);
  });

  it.each([
    ['contract/x.ts', './ids.ts'],
    ['preload/x.ts', '../contract/index.ts'],
    ['preload/x.ts', 'electron'],
    ['renderer/features/x.ts', '../bridge/index.ts'],
    ['main/store/x.ts', '../../contract/ids.ts'],
    ['main/features/x.ts', '../store/index.ts'],
    ['main/features/x.ts', '../ports.ts'],
    ['main/app.ts', './features/settings.ts'],
    ['main/hosts/electron/x.ts', '../../app.ts'],
    ['main/hosts/electron/x.ts', '../../../preload/channels.ts'],
    ['main/hosts/electron/x.ts', 'electron'],
    ['main/hosts/browser/x.ts', '../profile-lock.ts'],
    ['main/store/x.test.ts', '../xmpp/index.ts'],
  ])('%s may import %s', async (file, path) => {
    expect(await rulesBroken(file, imports(path))).toEqual([]);
  });

  it.each([
    'main/features/x.ts',
    'main/hosts/browser/x.ts',
    'main/hosts/x.ts',
    'renderer/x.ts',
    'contract/x.ts',
  ])('%s may not know Electron', async (file) => {
    expect(await rulesBroken(file, imports('electron'))).toEqual(['no-restricted-imports']);
    expect(await rulesBroken(file, 'export const isElectron = true;\n')).toEqual(['no-restricted-syntax']);
  });

  it('lets features use the type of what constructs them, not the thing', async () => {
    const broken = '@typescript-eslint/no-restricted-imports';
    expect(await rulesBroken('main/features/x.ts', imports('../app.ts'))).toEqual([broken]);
    const type = "import type { Application } from '../app.ts';\nexport type X = Application;\n";
    expect(await rulesBroken('main/features/x.ts', type)).toEqual([]);
  });
});

describe('house rules', () => {
  it('has no empty catch, and no file over the limit', async () => {
    const empty = 'export function f(g: () => void) {\n  try {\n    g();\n  } catch {}\n}\n';
    expect(await rulesBroken('main/features/x.ts', empty)).toEqual(['no-empty']);
    const long = 'export const x = [\n' + '  1,\n'.repeat(300) + '];\n';
    expect(await rulesBroken('main/features/x.ts', long)).toEqual(['max-lines']);
  });
});
