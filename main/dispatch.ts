import * as v from 'valibot';
import { PostcardError, type ErrorCode, type ErrorDetail, type Outcome } from '../contract/errors.ts';
import { contract, methodNames, type Handlers, type MethodName } from '../contract/index.ts';
import type { Method } from '../contract/define.ts';
import { describeBug } from './describe-bug.ts';

/** Calls one method of the contract with what came from a window: both the name and the params are untrusted. */
export type Dispatch = (name: unknown, params: unknown) => Promise<Outcome<unknown>>;

const known: ReadonlySet<unknown> = new Set(methodNames);
const isMethodName = (name: unknown): name is MethodName => known.has(name);

const failure = (code: ErrorCode, detail: ErrorDetail = {}): Outcome<never> => ({ ok: false, code, detail });

/**
 * Method name → parser → handler → outcome; the same for every host. Never rejects. Expected failures keep their
 * code; anything else is a bug: logged with its stack, and crossing as `internal` without a word of it.
 */
export function createDispatch(handlers: Handlers, log: (line: string) => void): Dispatch {
  return async (name, params) => {
    if (!isMethodName(name)) return failure('unknown-method');
    const method: Method = contract[name];
    const parsed = v.safeParse(method.params, params);
    if (!parsed.success) return failure('invalid-argument', { at: pathOf(parsed.issues[0]) });
    try {
      // The parser of this very name made the argument; a union over all names can't express that.
      const handler = handlers[name] as (params: unknown) => unknown;
      return { ok: true, value: await handler(parsed.output) };
    } catch (error) {
      return outcomeOf(error, name, log);
    }
  };
}

function outcomeOf(error: unknown, name: MethodName, log: (line: string) => void): Outcome<never> {
  if (error instanceof PostcardError) return failure(error.code, error.detail);
  const code = systemCode(error);
  if (code !== null) {
    log(`${name}: ${code}`);
    return failure(code);
  }
  log(`${name}: ${describeBug(error)}`);
  return failure('internal');
}

/** Failures of the disk that any handler may meet, and that a person can do something about. */
function systemCode(error: unknown): ErrorCode | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = 'code' in at ? at.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') return 'disk-full';
    if (code === 'EROFS' || code === 'SQLITE_READONLY') return 'folder-unwritable';
    if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') return 'database-broken';
  }
  return null;
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  return v.getDotPath(issue) ?? '';
}
