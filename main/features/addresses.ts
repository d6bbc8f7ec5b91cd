import { PostcardError } from '../../contract/errors.ts';
import { parseServer } from '../xmpp/index.ts';

/** The bare address (RFC 7622) of what was typed or came from a list. Throws `address-invalid`. */
export function bareAddressOf(typed: string): string {
  const at = typed.indexOf('@');
  if (at < 1) throw new PostcardError('address-invalid');
  return parseServer(typed.split('/')[0] ?? typed, typed.slice(at + 1)).bareAddress;
}
