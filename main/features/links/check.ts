import { domainToASCII, domainToUnicode } from 'node:url';
import type { CheckedLink, LinkWarning } from '../../../contract/links.ts';
import { knownSites, shorteners } from './known-sites.ts';
import { lookAlike, mixesScripts, siteOf } from './look-alikes.ts';
import { withoutTracking } from './tracking.ts';

/** What the judgement depends on beside the link itself. */
export interface LinkSurroundings {
  /** Hosts of the sites of people I know. */
  readonly contactSites: readonly string[];
  /** Sites that are opened without asking. */
  readonly trusted: readonly string[];
}

/** Judges a link by its letters alone; nothing is fetched or looked up. Pure. */
export function checkLink(url: string, text: string, around: LinkSurroundings): CheckedLink {
  const target = URL.canParse(url) ? new URL(url) : null;
  if (target?.protocol === 'mailto:') return mail(target);
  if (target === null || (target.protocol !== 'http:' && target.protocol !== 'https:')) return notWeb(url);
  const ascii = target.hostname;
  const site = domainToUnicode(ascii) || ascii;
  const owner = siteOf(ascii)?.domain ?? '';
  const warnings = warningsOf(target, text, around);
  const { url: copy, removed } = withoutTracking(target);
  return {
    url: target.href,
    copy,
    site: target.port === '' ? site : `${site}:${target.port}`,
    owner: domainToUnicode(owner) || owner,
    tracking: removed,
    warnings,
    trusted:
      warnings.length === 0 && owner !== '' && around.trusted.includes(domainToUnicode(owner) || owner),
  };
}

const nothing = { tracking: [], trusted: false, owner: '' } as const;

function mail(target: URL): CheckedLink {
  const to = target.pathname;
  return { ...nothing, url: target.href, copy: target.href, site: to, warnings: [] };
}

function notWeb(url: string): CheckedLink {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return { ...nothing, url: '', copy: url, site: url, warnings: [{ kind: 'not-web', scheme }] };
}

function warningsOf(target: URL, text: string, around: LinkSurroundings): LinkWarning[] {
  const ascii = target.hostname;
  const unicode = domainToUnicode(ascii) || ascii;
  const alike = lookAlike(ascii, knownSites, around.contactSites);
  const onward = redirectOf(target);
  const shown = shownHost(text);
  const found: (LinkWarning | false)[] = [
    shown !== null && shown !== ascii && { kind: 'text-differs', shown: domainToUnicode(shown) || shown },
    target.username + target.password !== '' && { kind: 'user-info', before: decoded(target.username) },
    alike !== null && { kind: 'look-alike', of: alike },
    mixesScripts(unicode) && { kind: 'mixed-scripts' },
    ascii.split('.').some((label) => label.startsWith('xn--')) && { kind: 'punycode', ascii },
    /^\[|^\d+(\.\d+){3}$/.test(ascii) && { kind: 'ip-address' },
    isShortener(ascii) && { kind: 'shortener' },
    onward !== null && { kind: 'redirect', to: onward },
  ];
  return found.filter((warning) => warning !== false);
}

const isShortener = (host: string): boolean => shorteners.has(host.replace(/^www\./, ''));

/**
 * The host that the text makes one expect; null when it names none. What browsers and people read is compared, so
 * characters that can't be seen are left out before.
 */
function shownHost(text: string): string | null {
  const seen = text.replace(/[\p{Cf}\p{Cc}\s]/gu, '');
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#@:\\]+\.[^/?#@:\\]{2,})/iu.exec(seen)?.[1];
  const ascii = host === undefined ? '' : domainToASCII(host);
  return ascii === '' ? null : ascii;
}

/** The other site that a parameter or the fragment names as a whole address; null when there is none. */
function redirectOf(target: URL): string | null {
  const own = siteOf(target.hostname)?.domain ?? target.hostname;
  const values = [...target.searchParams.values(), target.hash.slice(1), target.pathname.slice(1)];
  for (const value of values) {
    const address = /^(https?:)?(\/\/|\\\\|%2f%2f)/i.test(value) ? decoded(value) : null;
    if (address === null || !URL.canParse(address, target.href)) continue;
    const next = new URL(address, target.href).hostname;
    if ((siteOf(next)?.domain ?? next) !== own) return domainToUnicode(next) || next;
  }
  return null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
