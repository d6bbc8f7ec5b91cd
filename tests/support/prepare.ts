import { prepareServers } from './servers.ts';

/** Before the integration cases: installs the servers where that can be done, and says what will be skipped. */
export default function setup(): void {
  prepareServers();
}
