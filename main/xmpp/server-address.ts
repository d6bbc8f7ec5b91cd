import { PostcardError } from '../../contract/errors.ts';
import type { ServerTarget } from './types.ts';

/** What a person typed, as an address. Throws PostcardError `address-invalid`, `username-invalid`. */
export function parseServer(username: string, server: string): { bareAddress: string; target: ServerTarget } {
  throw new PostcardError('address-invalid', { username, server });
}
