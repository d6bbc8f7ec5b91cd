import { PostcardError } from '../../../contract/errors.ts';
import { bareAddress } from '../bare-address.ts';

/** XEP-0147 `join`, RFC 5122: what is not of an address is escaped. */
export function linkOf(room: string): string {
  const at = room.indexOf('@');
  return `xmpp:${encodeURIComponent(room.slice(0, at))}@${encodeURIComponent(room.slice(at + 1))}?join`;
}

/**
 * The room that a link, or an address that was typed, names; bare. Nothing else that a link says has any effect.
 * Throws `link-invalid`.
 */
export function roomOf(typed: string): string {
  const text = typed.trim();
  const [, path = '', query] = /^xmpp:(?:\/\/[^/]*\/)?([^?#]*)(?:\?([^#]*))?/i.exec(text) ?? [];
  const isLink = /^xmpp:/i.test(text);
  if (isLink && query !== undefined && query.split(';')[0]?.toLowerCase() !== 'join') throw invalid();
  try {
    const address = bareAddress(isLink ? decodeURIComponent(path) : text);
    if (/\s/.test(address)) throw invalid();
    return address;
  } catch (error) {
    if (error instanceof PostcardError || error instanceof URIError) throw invalid(error);
    throw error;
  }
}

const invalid = (cause?: unknown) =>
  new PostcardError('link-invalid', {}, cause === undefined ? {} : { cause });
