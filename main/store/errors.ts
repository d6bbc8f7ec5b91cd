import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { PostcardError } from '../../contract/errors.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** True when the file itself is damaged, or is no database at all. */
export const saysBroken = (error: unknown): boolean =>
  error instanceof Database.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code);

/** True after errors that may have left something damaged: the next start looks more closely. */
export const saysUnclean = (error: unknown): boolean =>
  saysBroken(error) || (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_IOERR'));

/** SQLite reports a full disk in its shared-memory file as an I/O error: the file system knows better. */
function hasNoSpace(file: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize < 1_000_000;
  } catch (error) {
    // Asked only to choose between two error codes; a folder that can't be asked is not a full one.
    if (error instanceof Error) return false;
    throw error;
  }
}

/** What a failed database or file operation means for the person, or the error itself when it is a bug. */
export function translated(error: unknown, file: string): unknown {
  if (error instanceof PostcardError) return error;
  const code = codeOf(error);
  const options = { cause: error };
  if (/^SQLITE_FULL|^ENOSPC$|^EDQUOT$/.test(code)) return new PostcardError('disk-full', {}, options);
  if (saysBroken(error)) return new PostcardError('database-broken', {}, options);
  if (/^SQLITE_(READONLY|CANTOPEN|PERM)|^EACCES$|^EPERM$|^EROFS$/.test(code)) {
    return new PostcardError(hasNoSpace(file) ? 'disk-full' : 'folder-unwritable', {}, options);
  }
  if (code.startsWith('SQLITE_IOERR') && hasNoSpace(file)) return new PostcardError('disk-full', {}, options);
  return error;
}
