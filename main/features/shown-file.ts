/** A file of the media store as a page may see it. */
export interface Shown {
  readonly sha256: string;
  readonly mediaType: string;
  readonly name: string | null;
}

/** Types a page may render; everything else comes as a download. SVG is never rendered from the network. */
export const RENDERED: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'video/mp4',
  'video/webm',
  'video/quicktime',
  'audio/mp4',
  'audio/webm',
  'audio/ogg',
  'audio/mpeg',
  'audio/wav',
  'audio/flac',
]);
