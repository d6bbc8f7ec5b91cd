// npm start, npm run hub, npm run demo: set up what is missing, then open the app. Plain JavaScript for Node 18 and
// newer, without any package: it runs before there are any.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findElectron } from './electron-runtime.mjs';
import { runInElectron, runOnNode } from './launch.mjs';
import { helpText, parseOptions } from './options.mjs';
import { ensureBuilt, ensureDependencies, root, SetupError } from './setup.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

/** One clear line, and exit code 2: something that whoever typed the command can put right. */
class UsageError extends Error {}

const [first, ...rest] = process.argv.slice(2);
const command = first === 'hub' || first === 'demo' ? first : 'start';

try {
  process.exitCode = await main(command === 'start' ? process.argv.slice(2) : rest);
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function main(argv) {
  const parsed = parseOptions(command, argv);
  if (!parsed.ok) throw new UsageError(parsed.problem);
  const { values } = parsed;
  if (values.help || values.version) {
    process.stdout.write(`${values.help ? helpText(command) : version()}\n`);
    return 0;
  }
  await ensureDependencies(say);
  await ensureBuilt(say);
  if (command === 'hub') return runOnNode('hub', optionsFor(values, ['port', 'home', 'reports']));
  if (command === 'demo') return (await import('./demo.mjs')).demo(values, open);
  return open(values);
}

/**
 * Opens the app in the host that was asked for, else in Electron where it can run. Resolves to its exit code.
 * @param {import('./options.d.mts').OptionValues} values
 */
async function open(values) {
  const args = optionsFor(values, ['home', 'profile', 'port', 'hub-port', 'no-open']);
  if (values.host === 'browser') return runOnNode('browser', args);
  const electron = await findElectron({ insist: values.host === 'electron', say });
  if ('program' in electron) return runInElectron(electron.program, args);
  if (values.host === 'electron') throw new UsageError(`Electron can't run here: ${electron.reason}.`);
  say(`Opening in the browser, since Electron can't run here: ${electron.reason}.`);
  return runOnNode('browser', args);
}

/** Options as arguments again, in the form that can't be misread; a folder as it was meant where it was typed. */
function optionsFor(values, names) {
  return names
    .filter((name) => values[name] !== undefined)
    .map((name) => {
      if (values[name] === true) return `--${name}`;
      return `--${name}=${name === 'home' ? resolve(typedIn(), values.home) : values[name]}`;
    });
}

/** npm runs its scripts in the project's folder and says where it was called. */
function typedIn() {
  const byNpm = process.env.npm_lifecycle_event === command && process.cwd() === root;
  return (byNpm && process.env.INIT_CWD) || process.cwd();
}

function version() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
}
