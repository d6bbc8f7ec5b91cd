import { bareOf, bareOfUser, parseJid } from '../jid.ts';
import { StanzaError } from '../stanza.ts';
import type { Jid } from '../jid.ts';

/** The account an address names. @throws StanzaError jid-malformed, item-not-found */
export function accountNamed(text: string | undefined): Jid {
  const jid = parseJid(text);
  if (!jid) throw new StanzaError('jid-malformed');
  if (!jid.user || bareOf(jid) !== bareOfUser(jid.user)) throw new StanzaError('item-not-found');
  return { ...jid, resource: '' };
}
