import { LinkifyIt } from 'linkify-it';

export interface TextPart {
  readonly text: string;
  /** Where a click leads; null for plain text. */
  readonly href: string | null;
}

const packLink =
  /^[^\s?#<>"]+@[^\s?#<>"]+\?pubsub;(?:action=retrieve;)?node=urn(?::|%3A)xmpp(?::|%3A)stickers(?::|%3A)0;item=[\w%+/=-]+/i;
/** The rest of a group's address as it is invited to (XEP-0147 `join`), and nothing that an address may say beside. */
const groupLink = /^[^\s?#<>"]+@[^\s?#<>"]+\?join(?![\w=;&%-])/i;
// Nothing but the web and mail may be opened from a message: `file:`, `javascript:` and `ftp:` stay text.
const linkify = new LinkifyIt({ fuzzyIP: false, fuzzyEmail: true, fuzzyLink: true })
  .add('ftp:', null)
  // Of the addresses of XMPP only those of sticker packs (XEP-0449 section 4.6) and groups: they are looked at in here.
  .add('xmpp:', {
    validate(text, at) {
      const rest = text.slice(at, at + 4096);
      return (packLink.exec(rest) ?? groupLink.exec(rest))?.[0].length ?? 0;
    },
  })
  .add('//', null);
const allowed = new Set(['http:', 'https:', 'mailto:', 'xmpp:']);

/** The address to open, or null where it is not one of the allowed kinds. */
function safeTarget(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const target = new URL(url);
  return allowed.has(target.protocol) ? target.href : null;
}

/** False where there can be no link: neither a dot nor a colon inside a word, nor a mail address. Cheap. */
export const mayHaveLinks = (text: string): boolean => /[.:@]\S/.test(text);

/** Cuts `text` into plain text and links. The parts together are the text, character for character. */
export function splitLinks(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of linkify.match(text) ?? []) {
    const href = safeTarget(match.schema === '' ? match.url.replace(/^http:/, 'https:') : match.url);
    if (!href) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), href: null });
    parts.push({ text: text.slice(match.index, match.lastIndex), href });
    end = match.lastIndex;
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null });
  return parts;
}
