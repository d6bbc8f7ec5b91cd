import { PostcardError } from '../../contract/errors.ts';
import type { Attachment } from '../../contract/messages.ts';
import { measureContainer } from '../media/containers/facts.ts';

/** A file of the media store, as it was sniffed. */
interface Sniffed {
  readonly path: string;
  readonly bytes: number;
  readonly mediaType: string;
}

type Facts = Pick<Attachment, 'kind' | 'mediaType' | 'width' | 'height' | 'durationMs'>;

/**
 * What a file is that is said to be a video, a voice note, music or any file: measured, whatever was said. What is
 * neither film nor sound is a file. Rejects with file-empty, file-broken (film or sound that is damaged).
 */
export async function measureFile(claimed: Attachment['kind'], file: Sniffed): Promise<Facts> {
  if (file.bytes === 0) throw new PostcardError('file-empty');
  const plain = {
    kind: 'file',
    mediaType: file.mediaType,
    width: null,
    height: null,
    durationMs: null,
  } as const;
  // Somebody's file that is asked for as such is never looked into.
  const found = claimed === 'file' ? null : await measureContainer(file.path, file.mediaType);
  if (found === 'broken') throw new PostcardError('file-broken');
  if (!found) return plain;
  const { width, height, durationMs, mediaType } = found;
  const kind = found.hasPicture ? 'video' : claimed === 'voice' ? 'voice' : 'audio';
  return { kind, mediaType, width, height, durationMs };
}
