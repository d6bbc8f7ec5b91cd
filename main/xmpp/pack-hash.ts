// XEP-0449 section 4.3.2: Sticker pack hash calculation; XEP-0300: Hashes
import { createHash } from 'node:crypto';
import type { WirePack } from './sticker-types.ts';

/** The names of XEP-0300 and IANA that are known here, and what Node calls them. */
const algorithms = new Map([
  ['sha-256', 'sha256'],
  ['sha-512', 'sha512'],
  ['sha3-256', 'sha3-256'],
  ['sha3-512', 'sha3-512'],
]);
const UNIT = '\u001f';
const RECORD = '\u001e';
const GROUP = '\u001d';
const FILE = '\u001c';

/** Whether files and packs can be checked by this algorithm. */
export const knowsHash = (algo: string): boolean => algorithms.has(algo);

/** Base64; null where the algorithm is not known. */
export function hashOf(algo: string, data: string | Uint8Array): string | null {
  const name = algorithms.get(algo);
  return name === undefined ? null : createHash(name).update(data).digest('base64');
}

/** Joined from lesser to greater, octet by octet. */
const sorted = (texts: readonly string[]): string =>
  texts
    .map((text) => Buffer.from(text))
    .sort((a, b) => Buffer.compare(a, b))
    .join('');

/** What of a pack is hashed: its names and summaries, its stickers' fallbacks and hashes; not where they are. */
function significant(pack: WirePack): string {
  const meta = (['name', 'summary'] as const).flatMap((element) =>
    (element === 'name' ? pack.names : pack.summaries).map(
      ({ lang, text }) => [element, lang, text].map((part) => part + UNIT).join('') + RECORD,
    ),
  );
  const stickers = pack.stickers.map(({ fallback, hashes }) => {
    const all = hashes.map(({ algo, value }) => algo + UNIT + value + UNIT + RECORD);
    return fallback + RECORD + sorted(all) + GROUP;
  });
  return sorted(meta) + FILE + sorted(stickers) + FILE;
}

/** The pack's hash, base64; null where the algorithm is not known. */
export const packHash = (pack: WirePack, algo = 'sha-256'): string | null => hashOf(algo, significant(pack));

/** The id of a pack's item: the first 144 bits of its hash. */
export const packIdOf = (hash: string): string => hash.slice(0, 24);

/** Whether a pack is what its id says: hash and id both fit what is in it. */
export function isGenuine(id: string, pack: WirePack): boolean {
  if (pack.hash === null || !knowsHash(pack.hash.algo)) return false;
  const computed = packHash(pack, pack.hash.algo);
  return computed === pack.hash.value.trim() && packIdOf(computed) === id;
}
