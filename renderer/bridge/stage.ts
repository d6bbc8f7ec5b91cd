import { errorCodes, PostcardError, type ErrorCode } from '../../contract/errors.ts';
import type { FileSource } from '../../contract/ids.ts';
import { bridge } from './index.ts';

/**
 * Says where a chosen, dropped or pasted file is, so that the core can take it: by its path where the page knows
 * that, else its bytes are handed over first.
 * @throws PostcardError `offline` when the host can't be reached, `file-missing` when the file has gone since it
 *   was chosen, or the core's own code (`disk-full`, `image-too-large`)
 */
export async function fileSource(file: File): Promise<FileSource> {
  const path = bridge.pathForFile(file);
  if (path !== '') return { kind: 'path', path };
  const name = file.name.slice(0, 1024);
  return { kind: 'upload', id: await upload(file, name), name };
}

async function upload(file: File, name: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(`/staged?name=${encodeURIComponent(name)}`, { method: 'POST', body: file });
  } catch (error) {
    throw new PostcardError((await isReadable(file)) ? 'offline' : 'file-missing', {}, { cause: error });
  }
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok && hasString(answer, 'id')) return answer.id;
  throw new PostcardError(hasString(answer, 'code') ? known(answer.code) : 'internal');
}

/** fetch says the same for a host that has gone and for a file that can't be read any more. */
async function isReadable(file: File): Promise<boolean> {
  return file
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}

function hasString<K extends string>(value: unknown, key: K): value is Record<K, string> {
  return (
    typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[key] === 'string'
  );
}

const known = (code: string): ErrorCode => errorCodes.find((each) => each === code) ?? 'internal';
