import type { Media, OpenMediaOptions } from './types.ts';

export { MediaError } from './errors.ts';
export type { MediaErrorCode, MediaErrorDetail } from './errors.ts';
export type * from './types.ts';

/** Opens the photo pipeline and its files; see docs/mechanisms/photos-pipeline.md. */
export async function openMedia(options: OpenMediaOptions): Promise<Media> {
  throw new Error(`not there yet: ${options.folder}`);
}
