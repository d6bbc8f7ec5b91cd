import { PostcardError, type Outcome } from '../../../contract/errors.ts';
import type { FileSource } from '../../../contract/ids.ts';
import { fileSource } from '../../bridge/stage.ts';

/** A chosen picture, as the core can take it; what stands in the way as an outcome, like that of a call. */
export async function pictureSource(file: File): Promise<Outcome<FileSource>> {
  try {
    return { ok: true, value: await fileSource(file) };
  } catch (error) {
    if (error instanceof PostcardError) return { ok: false, code: error.code, detail: error.detail };
    console.error('The picture could not be handed over', error);
    return { ok: false, code: 'internal', detail: {} };
  }
}
