import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { childrenOf, runs } from '../../tests/support/family.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postcard-worker-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** An app of a few lines: it says so once its worker is in the middle of big pictures. */
const app = (pictures: string) => `
import { openMedia } from '${new URL('index.ts', import.meta.url).href}';
const media = await openMedia({ folder: process.argv[2] });
const [small, large] = ['small', 'large'].map((name) => \`${pictures}/\${name}.png\`);
await media.inspect(small);
for (let n = 0; n < 20; n += 1) void media.thumbnail(large, 600 + n);
console.log('working');
`;

// Only Linux has /proc.
test.runIf(process.platform === 'linux')(
  'the worker ends with the app, also when that is killed in the middle of a job',
  async () => {
    for (const [name, edge] of Object.entries({ small: 20, large: 5000 })) {
      const create = { width: edge, height: edge, channels: 3 as const, background: '#357' };
      await sharp({ create })
        .png()
        .toFile(join(folder, `${name}.png`));
    }
    const program = join(folder, 'app.mjs');
    await writeFile(program, app(folder));
    const started = spawn(process.execPath, [program, join(folder, 'files')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(createInterface({ input: started.stdout }), 'line');
    const workers = childrenOf(started.pid ?? 0);
    expect(workers).toHaveLength(1);
    started.kill('SIGKILL');
    await once(started, 'exit');
    await expect.poll(() => workers.filter(runs), { timeout: 5000 }).toEqual([]);
  },
);

test('a program that has nothing to do but its pictures waits for them, and ends when it has closed', async () => {
  const picture = join(folder, 'one.png');
  const create = { width: 20, height: 20, channels: 3 as const, background: '#357' };
  await sharp({ create }).png().toFile(picture);
  const program = join(folder, 'closing.mjs');
  const lines = [
    `import { openMedia } from '${new URL('index.ts', import.meta.url).href}';`,
    'const media = await openMedia({ folder: process.argv[2] });',
    'const { width } = await media.inspect(process.argv[3]);',
    'await media.close();',
    'console.log(width);',
  ];
  await writeFile(program, lines.join('\n'));
  const args = [program, join(folder, 'closing'), picture];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toBe('20\n');
});
