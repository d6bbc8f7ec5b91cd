import type { ErrorCode } from '../../../contract/errors.ts';
import type { Problem } from '../../texts/index.ts';

export type FieldName = 'username' | 'password' | 'server';

/** Which box a failure is about; what is not here stands above the button. */
const fieldOf: Partial<Record<ErrorCode, FieldName>> = {
  'username-taken': 'username',
  'username-invalid': 'username',
  'address-invalid': 'username',
  'wrong-password': 'password',
  'registration-closed': 'server',
  'server-not-found': 'server',
  'server-unreachable': 'server',
  'certificate-invalid': 'server',
  'connection-insecure': 'server',
};

/**
 * The box a failure belongs to (null: to none of them), and the failure in that box's terms: where the user name
 * has no server in it, an address that is not valid can only be the server's.
 */
export function placed(what: Problem, username: string): { field: FieldName | null; what: Problem } {
  if (what.code === 'address-invalid' && !username.includes('@')) {
    return { field: 'server', what: { code: 'server-not-found', detail: {} } };
  }
  return { field: fieldOf[what.code] ?? null, what };
}
