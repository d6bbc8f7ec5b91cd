import { existsSync, readFileSync } from 'node:fs';
import { readCommandLine, makeWritable, type Options } from '../../cli.ts';
import { joinHub } from '../../hub/election.ts';
import { startHub } from '../../hub/index.ts';
import { lineOf, queuedReports } from '../../hub/report-list.ts';
import { startFailure } from '../startup.ts';
import { onceStopped, onSignals } from '../stopping.ts';

/** The built-in server alone: `npm run hub -- [--port N] [--home DIR] [--reports]`. */
async function run(options: Options): Promise<void> {
  if (options.reports) {
    for (const report of queuedReports(options.home)) console.log(lineOf(report));
    return;
  }
  makeWritable(options.home);
  const hub = await joinHub({
    home: options.home,
    preferredPort: options.port,
    host: startHub,
    log: (line) => console.error(line),
  });
  if (!hub.hosting()) {
    console.log(`The hub of this home runs already: ${hub.url() ?? ''}`);
    await hub.close();
    return;
  }
  const stop = onceStopped(
    () => hub.close(),
    (code) => process.exit(code),
    (line) => console.error(line),
  );
  onSignals(() => stop());
  console.log(`Hub is ready: ${hub.url() ?? ''}`);
}

function fail(error: unknown, options: Options | null): void {
  const busy = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const { text, code } = busy
    ? {
        text: `Port ${String(options?.port)} is in use by another program. Choose another with --port.`,
        code: 2,
      }
    : startFailure(error, options);
  console.error(text);
  process.exit(code);
}

/** From the project's package.json: this file runs built (`out/main`) and, in tests, from its source. */
function version(): string {
  const places = ['../../package.json', '../../../package.json'].map(
    (path) => new URL(path, import.meta.url),
  );
  const found = places.find((url) => existsSync(url));
  const { version: text } = JSON.parse(found ? readFileSync(found, 'utf8') : '{}') as { version?: string };
  return text ?? 'unknown';
}

let options: Options | null = null;
try {
  const asked = readCommandLine('hub', process.argv.slice(2), version());
  if ('print' in asked) console.log(asked.print);
  else {
    options = asked.run;
    run(options).catch((error: unknown) => fail(error, options));
  }
} catch (error) {
  fail(error, options);
}
