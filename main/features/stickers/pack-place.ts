import { PostcardError } from '../../../contract/errors.ts';
import { STICKERS } from '../../xmpp/index.ts';
import { bareAddress } from '../bare-address.ts';

/** Where a pack is published. */
export interface PackPlace {
  /** Bare address. */
  readonly owner: string;
  readonly node: string;
  readonly id: string;
}

/** XEP-0449 section 4.6 (RFC 5122, XEP-0060 section 12.22). */
export const packUri = ({ owner, node, id }: PackPlace): string =>
  `xmpp:${encodeURI(owner)}?pubsub;action=retrieve;node=${encodeURIComponent(node).replaceAll('%3A', ':')};item=${encodeURIComponent(id)}`;

/** Where a link leads; null where it leads to no sticker pack. */
export function readPackUri(uri: string): PackPlace | null {
  const match = /^xmpp:([^?#]+)\?pubsub;([^#]+)$/i.exec(uri.trim());
  if (!match) return null;
  try {
    const values = new Map(
      (match[2] ?? '').split(';').map((pair): [string, string] => {
        const [key = '', ...rest] = pair.split('=');
        return [key, decodeURIComponent(rest.join('='))];
      }),
    );
    const owner = bareAddress(decodeURIComponent(match[1] ?? ''));
    const [node, id] = [values.get('node') ?? STICKERS, values.get('item') ?? ''];
    const action = values.get('action') ?? 'retrieve';
    if (id === '' || id.length > 1023 || node !== STICKERS || action !== 'retrieve') return null;
    return { owner, node, id };
  } catch (error) {
    // A percent sign that encodes nothing, or what is no address.
    if (error instanceof URIError || error instanceof PostcardError) return null;
    throw error;
  }
}
