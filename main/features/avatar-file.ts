import type { Media, StoredFile } from '../media/index.ts';

/** Bytes. The connection takes none above 1 MB; this is the store's own limit. */
const MAX_BYTES = 2_000_000;

/**
 * Keeps an avatar that came over the wire, as a picture made anew by ourselves: what is shown in every list was
 * never somebody else's bytes. Throws MediaError for what is no picture.
 */
export async function keepAvatar(media: Media, data: Uint8Array): Promise<StoredFile> {
  const raw = await media.store.addStream(once(data), { maxBytes: MAX_BYTES });
  return media.avatar(raw.path);
}

async function* once(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(data);
}
