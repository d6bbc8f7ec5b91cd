import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { PostcardError } from '../../contract/errors.ts';
import type { Secrets } from '../ports.ts';
import { writePrivateFile } from './private-file.ts';

/** Encrypts with the system's key store. Both may throw. */
export interface Sealer {
  seal(text: string): string;
  open(sealed: string): string;
}

const stored = v.record(
  v.string(),
  v.union([v.object({ sealed: v.string() }), v.object({ plain: v.string() })]),
);
type Stored = v.InferOutput<typeof stored>;

/**
 * Secrets in one file of mode 0600, each sealed where there is a sealer. Both hosts read the same file: what the
 * browser host left in plain is sealed when Electron reads it; what Electron sealed can't be opened elsewhere.
 * @throws PostcardError('secret-unavailable') from `get` when a secret is there but can't be opened
 */
export function createSecrets(file: string, sealer: Sealer | null): Secrets {
  // One at a time: two writers would each lose what the other one wrote.
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = queue.then(work, work);
    // The failure belongs to whoever asked; the next in the queue goes on.
    queue = result.catch(() => undefined);
    return result;
  };
  const put = async (all: Stored, key: string, text: string): Promise<void> => {
    const entry = sealer === null ? { plain: text } : { sealed: sealer.seal(text) };
    await writePrivateFile(file, JSON.stringify({ ...all, [key]: entry }));
  };
  const get = async (key: string): Promise<string | null> => {
    const all = await read(file);
    const entry = all[key];
    if (entry === undefined) return null;
    if ('sealed' in entry) return openSealed(sealer, entry.sealed);
    if (sealer !== null) await put(all, key, entry.plain);
    return entry.plain;
  };
  return {
    kind: sealer === null ? 'file' : 'system',
    get: (key) => inTurn(() => get(key)),
    set: (key, value) => inTurn(async () => put(await read(file), key, value)),
    delete: (key) =>
      inTurn(async () => {
        const { [key]: gone, ...rest } = await read(file);
        if (gone !== undefined) await writePrivateFile(file, JSON.stringify(rest));
      }),
  };
}

function openSealed(sealer: Sealer | null, sealed: string): string {
  if (sealer === null) throw new PostcardError('secret-unavailable');
  try {
    return sealer.open(sealed);
  } catch (error) {
    // Another user account, a restored backup, or a key store that was reset.
    throw new PostcardError('secret-unavailable', {}, { cause: error });
  }
}

async function read(file: string): Promise<Stored> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new PostcardError('secret-unavailable', {}, { cause: error });
  }
  const parsed = v.safeParse(stored, parseJson(text));
  // Broken by hand or by the disk: what it held is lost, and signing in again writes it anew.
  return parsed.success ? parsed.output : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The caller treats it as empty, with the reason there.
    return undefined;
  }
}
