import { PostcardError } from '../../contract/errors.ts';
import { UsageError, type Options } from '../cli.ts';

/** What a second start says when the first one has a window, which it has raised. */
export const alreadyOpen = 'Postcard is open already: its window has been raised.';

/** How a start that failed ends: its text on stderr and its exit code. */
export interface StartFailure {
  readonly text: string;
  readonly code: number;
}

/** One clear line and exit code 2 for what a person can put right; a stack and 1 for a bug. */
export function startFailure(error: unknown, options: Options | null): StartFailure {
  if (error instanceof UsageError) return { text: error.message, code: 2 };
  if (error instanceof PostcardError) return { text: expected(error, options), code: 2 };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: 1 };
}

function expected(error: PostcardError, options: Options | null): string {
  const home = options?.home ?? '';
  switch (error.code) {
    case 'hub-unavailable':
      return options?.hubPort == null
        ? 'The built-in server could not be started.'
        : `The built-in server can't use port ${String(options.hubPort)}: another program has it. Choose another with --hub-port.`;
    case 'disk-full':
      return `Postcard can't write to the folder ${home}: the disk is full.`;
    case 'folder-unwritable':
      return `Postcard can't write to the folder ${home}.`;
    default:
      return `Postcard could not be started (${error.code}).`;
  }
}
