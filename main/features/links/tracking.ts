/** Parameters that say who passed a link on or which campaign it is from, and never what it shows. */
const names: ReadonlySet<string> = new Set([
  ...['fbclid', 'gclid', 'gclsrc', 'dclid', 'gbraid', 'wbraid', 'gad_source', 'gad_campaignid', '_gl', '_ga'],
  ...['msclkid', 'yclid', 'ymclid', 'ysclid', 'twclid', 'ttclid', 'li_fat_id', 'igshid', 'igsh', 'epik'],
  ...['mc_cid', 'mc_eid', '_hsenc', '_hsmi', '__hssc', '__hstc', '__hsfp', 'hsctatracking', 'mkt_tok'],
  ...['vero_id', 'vero_conv', 'oly_enc_id', 'oly_anon_id', 'wickedid', 'rb_clickid', 's_cid', 'irclickid'],
  ...['ref_src', 'ref_url', 'spm', 'scm', 'cvid', 'oicd', 'srsltid', 'guccounter', 'guce_referrer'],
]);

const isTracking = (name: string): boolean => {
  const lower = name.toLowerCase();
  return lower.startsWith('utm_') || lower.startsWith('pk_') || names.has(lower);
};

/** Only meaningless on the sites that give it this meaning. */
const onSites: readonly (readonly [site: RegExp, name: string])[] = [
  [/(^|\.)(youtube\.com|youtu\.be|spotify\.com)$/, 'si'],
  [/(^|\.)(twitter\.com|x\.com)$/, 's'],
  [/(^|\.)(twitter\.com|x\.com)$/, 't'],
  [/(^|\.)tiktok\.com$/, '_r'],
  [/(^|\.)tiktok\.com$/, '_t'],
];

/**
 * The link without what only serves to follow people, and the names of what was taken out. The rest stays character
 * for character: other parameters are not written anew, since some servers check them as they are.
 */
export function withoutTracking(url: URL): { readonly url: string; readonly removed: readonly string[] } {
  const removed: string[] = [];
  const here = new Set(onSites.filter(([site]) => site.test(url.hostname)).map(([, name]) => name));
  const kept = url.search
    .slice(1)
    .split('&')
    .filter((pair) => {
      const name = decoded(pair.split('=', 1)[0] ?? '');
      if (!isTracking(name) && !here.has(name)) return true;
      removed.push(name);
      return false;
    });
  if (removed.length === 0) return { url: url.href, removed };
  const copy = new URL(url);
  copy.search = kept.join('&');
  return { url: copy.href, removed };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}
