export type Command = 'start' | 'demo' | 'hub';

export interface OptionValues {
  host?: 'electron' | 'browser';
  home?: string;
  profile?: string;
  port?: number;
  'hub-port'?: number;
  'no-open'?: true;
  reports?: true;
  help?: true;
  version?: true;
}

/** `problem` is one line for stderr. `foreign: 'ignore'` leaves alone what is not an option of ours. */
export function parseOptions(
  command: Command,
  argv: readonly string[],
  how?: { foreign?: 'refuse' | 'ignore' },
): { ok: true; values: OptionValues } | { ok: false; problem: string };

export function helpText(command: Command): string;
