// npm test: everything, on a fresh clone too. Plain JavaScript for Node 18 and newer, without any package.
//
//   npm test -- [--only PART,…] [--require THING,…]
//     PART   unit, integration, browser, electron
//     THING  servers, browser, electron, desktop: it is a failure when what tests them was left out
//            (also from the environment variable POSTCARD_TEST_REQUIRE)
//
// The last line of stdout is `N passed, N failed, N skipped`, over all parts; exit code 1 when anything failed.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureDependencies, root, SetupError } from './setup.mjs';
import { countsOf, failuresOf, inWords, sum } from './testing/counts.mjs';

const say = (line) => process.stdout.write(`${line}\n`);
const reports = join(root, '.cache', 'test-reports');

class UsageError extends Error {}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  if (error instanceof SetupError) say(inWords({ passed: 0, failed: 1, skipped: 0 }));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(argv) {
  const { only, require } = readOptions(argv);
  await ensureDependencies(say);
  // It needs the packages.
  const { parts, serversAreThere } = await import('./testing/parts.mjs');
  const { desktopObstacle } = await import('./testing/desktop.mjs');
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });

  const results = [];
  const failures = [];
  const leftOut = new Map();
  for (const part of parts) {
    if (only !== null && !only.includes(part.name)) continue;
    results.push(await runPart(part, leftOut, failures));
  }
  const ran = (part) => only === null || only.includes(part);
  if (ran('integration') && !serversAreThere())
    leftOut.set('servers', 'ejabberd, Prosody or slixmpp is not installed');
  const noDesktop = ran('electron') ? desktopObstacle() : null;
  if (noDesktop !== null) leftOut.set('desktop', noDesktop);

  say('');
  for (const what of failures) say(`Failed: ${what}`);
  for (const [what, reason] of leftOut) say(`Left out: ${what}: ${reason}.`);
  const missed = require.filter((what) => leftOut.has(what));
  for (const what of missed) say(`Failed: ${what} had to be tested.`);
  const total = sum([...results, { passed: 0, failed: missed.length, skipped: 0 }]);
  say(inWords(total));
  return total.failed === 0 ? 0 : 1;
}

/** Runs a part, or notes why it is left out: its specs count as skipped. */
async function runPart(part, leftOut, failures) {
  say(`\n── ${part.title}`);
  const { run, countSpecs } = await import('./testing/parts.mjs');
  const reason = await part.obstacle(say);
  if (reason !== null) {
    leftOut.set(part.name, reason);
    say(`Left out: ${reason}.`);
    return { passed: 0, failed: 0, skipped: countSpecs(part) };
  }
  const report = join(reports, `${part.name}.json`);
  const status = await run(part.command(report));
  const counts = countsOf(part.runner, report, status);
  failures.push(...failuresOf(part.runner, report).map((what) => `${part.title}: ${what}`));
  say(`${part.title}: ${inWords(counts)}`);
  return counts;
}

function readOptions(argv) {
  const values = {
    '--only': null,
    '--require': (process.env.POSTCARD_TEST_REQUIRE ?? '').split(',').filter(Boolean),
  };
  const allowed = {
    '--only': ['unit', 'integration', 'browser', 'electron'],
    '--require': ['servers', 'browser', 'electron', 'desktop'],
  };
  for (let at = 0; at < argv.length; at += 1) {
    const [name, inline] = argv[at].split('=', 2);
    if (!(name in allowed)) throw new UsageError(`Unknown option ${name}; there are --only and --require.`);
    const given = (inline ?? argv[(at += 1)] ?? '').split(',');
    const wrong = given.find((value) => !allowed[name].includes(value));
    if (wrong !== undefined)
      throw new UsageError(`${name} takes ${allowed[name].join(', ')}, not "${wrong}".`);
    values[name] = given;
  }
  return { only: values['--only'], require: values['--require'] };
}
