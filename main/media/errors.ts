/** What can go wrong with a picture or a file in a way the person can do something about. */
export type MediaErrorCode =
  | 'not-an-image'
  | 'image-broken'
  | 'image-too-large'
  | 'image-unsupported'
  | 'file-missing'
  | 'disk-full'
  | 'cancelled'
  | 'media-failed';

export type MediaErrorDetail = Record<string, string | number>;

/** An expected failure of this folder. `detail` holds figures for the words shown (bytes, px), never a path. */
export class MediaError extends Error {
  readonly code: MediaErrorCode;
  readonly detail?: MediaErrorDetail;

  constructor(code: MediaErrorCode, detail?: MediaErrorDetail, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.name = 'MediaError';
    this.code = code;
    if (detail) this.detail = detail;
  }
}

/** The MediaError for a failed file operation: ENOSPC and EDQUOT, ENOENT; anything else is `media-failed`. */
export function fromFileError(error: unknown): MediaError {
  if (error instanceof MediaError) return error;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return new MediaError('disk-full', undefined, error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return new MediaError('file-missing', undefined, error);
  return new MediaError('media-failed', code ? { reason: code } : undefined, error);
}

/** Throws `cancelled` once the signal has been raised. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MediaError('cancelled');
}
