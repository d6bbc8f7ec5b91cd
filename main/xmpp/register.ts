import type { RegistrationForm } from '../../contract/accounts.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { ServerTarget } from './types.ts';

export interface RegisterOptions {
  readonly target: ServerTarget;
  /** The local part alone. */
  readonly username: string;
  readonly password: string;
  /** Answers to a form that an earlier call returned. */
  readonly form: Record<string, string> | null;
  log(line: string): void;
}

export type RegisterResult = { registered: true } | { form: RegistrationForm };

/** Makes an account over a short connection of its own (XEP-0077). */
export async function register(options: RegisterOptions): Promise<RegisterResult> {
  throw new PostcardError('internal', { username: options.username });
}
