import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { joinHub } from './election.ts';
import { startHub } from './index.ts';

const HELP = `Usage: npm run hub -- [--port N] [--home DIR]
Runs Postcard's built-in XMPP server alone, on this computer only.

  --port N    the loopback port (0 or nothing: any)
  --home DIR  where its data lives (default: the system's place for application data)
  --help      this text`;

/** The system's place for application data, as the app uses it. */
function defaultHome(): string {
  if (process.platform === 'win32')
    return join(process.env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Postcard');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Postcard');
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'Postcard');
}

class UsageError extends Error {}

function readOptions(args: string[]): { help: boolean; port: number; home: string } {
  try {
    const { values } = parseArgs({
      args,
      options: { port: { type: 'string' }, home: { type: 'string' }, help: { type: 'boolean' } },
    });
    const port = values.port ?? '0';
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      throw new UsageError(`--port: "${port}" is not a port`);
    return { help: values.help ?? false, port: Number(port), home: values.home ?? defaultHome() };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

function explain(error: unknown, port: number, home: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program`;
  if (/^(?:EACCES|EPERM|EROFS|ENOTDIR|EEXIST|ENOENT|SQLITE_CANTOPEN|SQLITE_READONLY)/.test(code)) {
    return `The folder ${home} can't be written (${code})`;
  }
  return error instanceof Error ? error.message : String(error);
}

async function main(): Promise<void> {
  const { help, port, home } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return;
  }
  const log = (line: string): void => console.error(line);
  try {
    const hub = await joinHub({ home, preferredPort: port, host: startHub, log });
    if (!hub.hosting()) {
      console.log(`The hub of this home already runs at ${hub.url() ?? ''}`);
      await hub.close();
      return;
    }
    const stop = (): void => void hub.close().then(() => process.exit(0));
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    console.log(`Hub is ready: ${hub.url() ?? ''}`);
  } catch (error) {
    throw new UsageError(explain(error, port, home));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(2);
});
