import * as v from 'valibot';
import { method } from './define.ts';

/** Why a link deserves a second look. Each has its own words in the interface. */
export type LinkWarning =
  /** The text that is seen names another site than the one it leads to. */
  | { readonly kind: 'text-differs'; readonly shown: string }
  /** Looks like a site that many know, or like the site of somebody I know, and is another one. */
  | { readonly kind: 'look-alike'; readonly of: string }
  /** Letters of several scripts in one name. */
  | { readonly kind: 'mixed-scripts' }
  /** The name has letters beyond ASCII; `ascii` is what the network calls it. */
  | { readonly kind: 'punycode'; readonly ascii: string }
  /** No name, only a number. */
  | { readonly kind: 'ip-address' }
  /** A user name before the site, which makes it look like another site. */
  | { readonly kind: 'user-info'; readonly before: string }
  /** Hides where it leads. */
  | { readonly kind: 'shortener' }
  /** Says itself that it leads on to another site. */
  | { readonly kind: 'redirect'; readonly to: string }
  /** Not a web page or a mail address: it is never opened. */
  | { readonly kind: 'not-web'; readonly scheme: string };

/** What is known about a link without asking anybody: nothing is fetched. */
export interface CheckedLink {
  /** What Open opens: ASCII host, as the network sees it. `''` where it can't be opened. */
  readonly url: string;
  /** What Copy copies: without the parameters that only serve to follow people. */
  readonly copy: string;
  /** The site: host as it reads (Unicode), or a mail address. */
  readonly site: string;
  /** The part of `site` that somebody owns; it is what counts. `''` for mail and numbers. */
  readonly owner: string;
  /** Names of the parameters that Copy leaves out. */
  readonly tracking: readonly string[];
  readonly warnings: readonly LinkWarning[];
  /** This site was said to be opened without asking, and there is nothing to warn of. */
  readonly trusted: boolean;
}

const link = v.pipe(v.string(), v.maxLength(20_000));

export const links = {
  /** Judges a link before it is opened. `text`: what is seen in its place. */
  'links.check': method<CheckedLink>()(v.object({ url: link, text: link })),
  /** From now on this site is opened without asking, unless there is something to warn of; or no longer. */
  'links.trust': method()(v.object({ owner: v.pipe(v.string(), v.maxLength(255)), trusted: v.boolean() })),
};
