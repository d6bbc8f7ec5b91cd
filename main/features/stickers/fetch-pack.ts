import { readFile } from 'node:fs/promises';
import { PostcardError } from '../../../contract/errors.ts';
import type { Media } from '../../media/index.ts';
import type { NewSticker } from '../../store/index.ts';
import { downloadFile, hashOf, knowsHash, type WirePack, type WireSticker } from '../../xmpp/index.ts';
import type { FileHosts } from '../file-hosts.ts';
import { asPostcardError } from '../media-errors.ts';
import { LIMITS, wordsOf } from './wire-pack.ts';

/** Files of one pack that are fetched at once. */
const AT_ONCE = 3;

/** A pack that is not what it says: nothing of it is kept. */
export const refused = (cause?: unknown): PostcardError =>
  new PostcardError('sticker-pack-refused', {}, cause === undefined ? {} : { cause });

/**
 * Fetches every file of a pack that `isSound`, and measures it: each hash that is known must fit, each must be a
 * picture within the limits. What is here already is not fetched again. Throws `sticker-pack-refused`, or what a
 * download fails with; then nothing refers to what came, and it is cleared away.
 */
export async function fetchStickers(
  pack: WirePack,
  o: { media: Media; hosts: FileHosts; signal: AbortSignal },
): Promise<NewSticker[]> {
  const found: NewSticker[] = [];
  let bytes = 0;
  for (let at = 0; at < pack.stickers.length; at += AT_ONCE) {
    const some = pack.stickers.slice(at, at + AT_ONCE).map((one) => fetchSticker(one, o));
    // All of them, so that none goes on unseen after another has failed.
    for (const outcome of await Promise.allSettled(some)) {
      if (outcome.status === 'rejected') throw asPostcardError(outcome.reason) ?? outcome.reason;
      found.push(outcome.value);
      bytes += outcome.value.bytes;
    }
    if (bytes > LIMITS.packBytes) throw refused();
  }
  return found;
}

async function fetchSticker(
  sticker: WireSticker,
  o: { media: Media; hosts: FileHosts; signal: AbortSignal },
): Promise<NewSticker> {
  const file = (await fromStore(sticker, o.media)) ?? (await download(sticker, o));
  const facts = await o.media.inspect(file.path, o.signal).catch((error: unknown) => {
    // A bomb, or no picture at all.
    throw refused(error);
  });
  const tooLarge = Math.max(facts.width, facts.height) > LIMITS.edge || facts.frames > LIMITS.frames;
  if (tooLarge) throw refused();
  return {
    ...wordsOf(sticker),
    sha256: file.sha256,
    mediaType: facts.mediaType,
    bytes: facts.bytes,
    width: facts.width,
    height: facts.height,
    animated: facts.frames > 1,
  };
}

const sha256Of = ({ hashes }: WireSticker): string | null => {
  const value = hashes.find(({ algo }) => algo === 'sha-256')?.value;
  const bytes = value === undefined ? null : Buffer.from(value, 'base64');
  return bytes?.length === 32 ? bytes.toString('hex') : null;
};

async function fromStore(
  sticker: WireSticker,
  media: Media,
): Promise<{ sha256: string; path: string } | null> {
  const sha256 = sha256Of(sticker);
  const path = sha256 === null ? null : media.store.path(sha256);
  if (sha256 === null || path === null) return null;
  await check(sticker, path);
  return { sha256, path };
}

/** From the first of its sources that has it. */
async function download(
  sticker: WireSticker,
  { media, hosts, signal }: { media: Media; hosts: FileHosts; signal: AbortSignal },
): Promise<{ sha256: string; path: string }> {
  let failure: unknown = refused();
  for (const url of sticker.urls.slice(0, 3)) {
    try {
      const maxBytes = LIMITS.fileBytes;
      const answer = await downloadFile({
        url: hosts.current(url),
        maxBytes,
        signal,
        allowPrivate: hosts.allowed,
      });
      const file = await media.store.addStream(answer.body, { maxBytes, signal });
      await check(sticker, file.path);
      return file;
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** Every hash that is known must be that of the file. */
async function check({ hashes }: WireSticker, path: string): Promise<void> {
  const data = await readFile(path);
  const known = hashes.filter(({ algo }) => knowsHash(algo));
  if (!known.every(({ algo, value }) => hashOf(algo, data) === value.trim())) throw refused();
}
