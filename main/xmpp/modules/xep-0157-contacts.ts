// XEP-0157: Contact Addresses for XMPP Services, version 1.1.1
import { bareAddress } from '../server-address.ts';
import type { IqPort } from './iq-port.ts';
import { discoInfo, type DiscoInfo } from './xep-0030-disco.ts';

const SERVER_INFO = 'http://jabber.org/network/serverinfo';
/** More than these are not looked at. */
const MAX = 10;
const MAX_LENGTH = 500;

/**
 * Whom my server names for reports of abuse, as URIs: `xmpp:` with a prepared address, `mailto:` with an address
 * alone, `https:`. What is none of these is left out. Empty where it names nobody, or says nothing of itself.
 * Throws PostcardError `offline`.
 */
export async function abuseContacts(port: IqPort): Promise<string[]> {
  const info = await discoInfo(port, port.domain);
  return info === null ? [] : readContacts(info);
}

export function readContacts(info: DiscoInfo): string[] {
  // Values as they were: without its type a field of several reads as one of one (XEP-0004 section 3.3).
  const forms = info.extensions as { fields?: { name?: string; value?: unknown; rawValues?: string[] }[] }[];
  const form = forms.find(({ fields }) =>
    fields?.some((f) => f.name === 'FORM_TYPE' && (f.rawValues?.[0] ?? f.value) === SERVER_INFO),
  );
  const field = form?.fields?.find((f) => f.name === 'abuse-addresses');
  const given = (field?.rawValues ?? []).slice(0, MAX).filter((text) => text.length <= MAX_LENGTH);
  return [...new Set(given.flatMap((text) => readContact(text.trim()) ?? []))];
}

function readContact(text: string): string | null {
  const [, scheme, rest] = /^([a-z]+):(.+)$/is.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) return null;
  if (/^xmpp$/i.test(scheme)) return xmpp(rest);
  if (/^mailto$/i.test(scheme)) return mail(rest);
  if (!/^https$/i.test(scheme) || !URL.canParse(text)) return null;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? url.href : null;
}

/** RFC 5122: what follows a `?` is a wish for a program. */
function xmpp(rest: string): string | null {
  const address = bareAddress(decoded(rest.replace(/^\/\/[^/]*\//, '').replace(/[?#].*$/s, '')));
  return address === null ? null : `xmpp:${address}`;
}

/** Without its own headers: subject and text are ours. */
function mail(rest: string): string | null {
  const address = decoded(rest.replace(/\?.*$/s, ''));
  return /^[^\s@<>",;:?&#%]+@[^\s@<>",;:?&#%]+$/.test(address) ? `mailto:${address}` : null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return '';
    throw error;
  }
}
