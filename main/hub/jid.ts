/** The hub's only domain; it never leaves this computer, so it needs no other name. */
export const DOMAIN = 'localhost';
export const UPLOAD_DOMAIN = `upload.${DOMAIN}`;
export const SEARCH_DOMAIN = `search.${DOMAIN}`;
export const ROOMS_DOMAIN = `rooms.${DOMAIN}`;
/** The account that greets new people and answers them. */
export const ASSISTANT_USER = 'postcard';
/** Where reports of abuse go; no account. */
export const ABUSE_USER = 'abuse';

export interface Jid {
  readonly user: string;
  readonly domain: string;
  readonly resource: string;
}

/** Reads an address (RFC 7622), folding case where addresses do; null when it is none. */
export function parseJid(text: string | undefined): Jid | null {
  if (!text || text.length > 3071) return null;
  const slash = text.indexOf('/');
  const bare = slash < 0 ? text : text.slice(0, slash);
  const resource = slash < 0 ? '' : text.slice(slash + 1);
  if (slash >= 0 && !isResource(resource)) return null;
  const at = bare.indexOf('@');
  const user = at < 0 ? '' : bare.slice(0, at).normalize('NFKC').toLowerCase();
  const domain = bare.slice(at + 1).toLowerCase();
  if (at === 0 || !domain || domain.includes('@') || /[\s"&'<>]/.test(domain)) return null;
  if (/[\s"&'/:<>@\p{Cc}]/u.test(user) || Buffer.byteLength(user) > 1023) return null;
  return { user, domain, resource };
}

/** `user@domain`, or the domain alone. */
export function bareOf(jid: Jid): string {
  return jid.user ? `${jid.user}@${jid.domain}` : jid.domain;
}

/** The address with its resource, if it has one. */
export function fullOf(jid: Jid): string {
  return jid.resource ? `${bareOf(jid)}/${jid.resource}` : bareOf(jid);
}

/** The bare address of a local account. */
export function bareOfUser(user: string): string {
  return `${user}@${DOMAIN}`;
}

/** Whether a resource can be bound: not empty, at most 255 bytes, no control characters. */
export function isResource(resource: string): boolean {
  return resource !== '' && Buffer.byteLength(resource) <= 255 && !/\p{Cc}/u.test(resource);
}

const RESERVED = new Set(
  `${ASSISTANT_USER} admin administrator root localhost upload search rooms server hub system ${ABUSE_USER}`.split(
    ' ',
  ),
);

/** The account name for what somebody typed, or null when it can't be one. */
export function accountName(typed: string): string | null {
  const user = typed.normalize('NFKC').toLowerCase();
  return /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9_-])?$/.test(user) ? user : null;
}

/** Names nobody may register, because people would take them for the hub itself. */
export function isReserved(user: string): boolean {
  return RESERVED.has(user);
}
