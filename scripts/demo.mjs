// npm run demo: the app in a throw-away folder, on a hub with sample people.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOnNode } from './launch.mjs';

/**
 * @param {object} values options of `demo`
 * @param {(values: object) => Promise<number>} open opens the app
 * @returns {Promise<number>} the exit code
 */
export async function demo(values, open) {
  const home = mkdtempSync(join(tmpdir(), 'postcard-demo-'));
  try {
    process.stderr.write('Inviting some sample people …\n');
    const filled = await runOnNode('demo', [`--home=${home}`]);
    return filled === 0 ? await open({ ...values, home }) : filled;
  } finally {
    // Windows keeps files of a process that has just ended for a moment.
    rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
}
