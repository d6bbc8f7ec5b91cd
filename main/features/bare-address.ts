import { PostcardError } from '../../contract/errors.ts';
import { parseServer } from '../xmpp/index.ts';

/** The bare address that was typed or chosen, prepared. Throws `address-invalid`. */
export function bareAddress(typed: string): string {
  const at = typed.indexOf('@');
  if (at < 1) throw new PostcardError('address-invalid');
  return parseServer(typed.split('/')[0] ?? typed, typed.slice(at + 1)).bareAddress;
}
