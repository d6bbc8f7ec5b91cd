// npm run bench [-- NAME…]: one JSON line a figure; see bench/index.ts.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { environment, ensureBuilt, ensureDependencies, nodePath, root } from './setup.mjs';

await ensureDependencies();
// The benches of the window run the app as it is built.
await ensureBuilt();
const { status } = spawnSync(nodePath(), [join(root, 'bench', 'index.ts'), ...process.argv.slice(2)], {
  cwd: root,
  env: environment(),
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
