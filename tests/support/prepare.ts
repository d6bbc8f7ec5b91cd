import { rmSync } from 'node:fs';
import { temporaryFolder } from './folders.ts';
import { prepareServers } from './servers.ts';

/**
 * Before the integration cases: installs the servers where that can be done, and says what will be skipped. Gives
 * what tidies up: the cases' processes are ended without a chance to do so.
 */
export default function setup(): () => void {
  prepareServers();
  const folder = temporaryFolder('integration');
  process.env['POSTCARD_TEST_TEMP'] = folder;
  return () => {
    if (!process.env['POSTCARD_KEEP_TEMP']) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
