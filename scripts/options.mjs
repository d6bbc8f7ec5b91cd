/**
 * The command line's grammar, in plain JavaScript: `scripts/start.mjs` needs it before anything is installed or
 * built, and `main/cli.ts` uses the very same.
 */

const port = (name) => ({
  value: name,
  parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined),
  wants: 'a port number from 0 to 65535',
});

const folder = {
  value: 'DIR',
  parse: (text) => (text !== '' && !text.includes('\0') ? text : undefined),
  wants: 'a folder',
};

/** Windows gives these names to devices, with any extension. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const profileName = /^[\p{L}\p{N}_](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}_-])?$/u;

const table = {
  host: {
    value: 'electron|browser',
    parse: (text) => (text === 'electron' || text === 'browser' ? text : undefined),
    wants: 'electron or browser',
    help: 'the window it opens in (default: electron where it can run, else browser)',
  },
  home: { ...folder, help: 'where all data lives (default: the place for application data)' },
  profile: {
    value: 'NAME',
    parse: (text) => (profileName.test(text) && !deviceName.test(text) ? text.normalize('NFC') : undefined),
    wants: 'a name of up to 64 letters, digits, spaces, dots, dashes or underscores',
    help: "one account's data inside it (default: default); several can run at once",
  },
  port: { ...port('N'), help: 'browser host: the loopback port (0 = any, the default)' },
  'hub-port': { ...port('N'), help: "the built-in server's loopback port" },
  'no-open': { help: 'browser host: print the address, open nothing' },
  reports: { help: 'print the reports of abuse that were sent to it, a line of JSON each, and end' },
  help: { help: 'show this text' },
  version: { help: "show Postcard's version" },
};

/** What each command takes. `electron` takes the options of `start` and leaves Chromium's own switches alone. */
const commands = {
  start: {
    usage: 'npm start -- [options]',
    options: ['host', 'home', 'profile', 'port', 'hub-port', 'no-open', 'help', 'version'],
  },
  demo: {
    usage: 'npm run demo -- [options]',
    options: ['host', 'port', 'hub-port', 'no-open', 'help', 'version'],
  },
  hub: { usage: 'npm run hub -- [options]', options: ['port', 'home', 'reports', 'help', 'version'] },
};

/**
 * @param {'start' | 'demo' | 'hub'} command
 * @param {readonly string[]} argv what follows the program's name
 * @param {{ foreign?: 'refuse' | 'ignore' }} [how] `ignore` leaves alone what is not an option of ours
 * @returns {{ ok: true, values: Record<string, string | number | boolean> } | { ok: false, problem: string }}
 */
export function parseOptions(command, argv, { foreign = 'refuse' } = {}) {
  const values = {};
  for (let at = 0; at < argv.length; at += 1) {
    const [, name, inline] = /^--([^=]+)(?:=([\s\S]*))?$/.exec(argv[at]) ?? [];
    if (name === undefined || !commands[command].options.includes(name)) {
      if (foreign === 'ignore') continue;
      return { ok: false, problem: unknown(command, argv[at]) };
    }
    const { parse, wants } = table[name];
    if (parse === undefined) {
      if (inline !== undefined) return { ok: false, problem: `--${name} takes no value.` };
      values[name] = true;
      continue;
    }
    const text = inline ?? argv[(at += 1)];
    const value =
      text === undefined || (inline === undefined && text.startsWith('--')) ? undefined : parse(text);
    if (value === undefined) return { ok: false, problem: `--${name} needs ${wants}.` };
    if (name in values) return { ok: false, problem: `--${name} is given twice.` };
    values[name] = value;
  }
  return { ok: true, values };
}

function unknown(command, argument) {
  const what = argument.startsWith('-') ? 'option' : 'argument';
  // One line, whatever was typed.
  const shown = argument.replace(/[^\x20-\x7e\u00a0-\uffff]/g, '?').slice(0, 80);
  return `Unknown ${what} ${shown}; ${commands[command].usage.replace('[options]', '--help')} lists what there is.`;
}

/** @param {'start' | 'demo' | 'hub'} command */
export function helpText(command) {
  const lines = commands[command].options.map((name) => {
    const { value, help } = table[name];
    const text = command === 'hub' && name === 'port' ? "the server's loopback port (0 = any)" : help;
    return `  ${`--${name}${value === undefined ? '' : ` ${value}`}`.padEnd(27)}  ${text}`;
  });
  return [`Usage: ${commands[command].usage}`, '', ...lines].join('\n');
}
