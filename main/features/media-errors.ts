import { PostcardError } from '../../contract/errors.ts';
import { MediaError } from '../media/index.ts';

/** An expected failure of any layer as it crosses to the window; null for a bug. */
export function asPostcardError(error: unknown): PostcardError | null {
  if (error instanceof PostcardError) return error;
  // The stream that was to be stored failed, not the storing: what it said is what happened.
  if (error instanceof MediaError && error.cause instanceof PostcardError) return error.cause;
  if (error instanceof MediaError) return new PostcardError(error.code, error.detail ?? {}, { cause: error });
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') return new PostcardError('disk-full');
  return null;
}

/** Lets the media layer's failures cross as what they are. */
export async function crossing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asPostcardError(error) ?? error;
  }
}
