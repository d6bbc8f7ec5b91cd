import type { ReadableDb, WritableDb } from './db.ts';

/** A value of this account that fits nowhere else (the stream to resume, what was done once); null when not set. */
export function readState(_db: ReadableDb, _key: string): string | null {
  throw new Error('not there yet');
}
/** null takes it away. */
export function writeState(_db: WritableDb, _key: string, _value: string | null): void {
  throw new Error('not there yet');
}
