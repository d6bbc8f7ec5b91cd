import type { Person } from '../../contract/people.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { PersonRow } from './rows.ts';

/** The contract's Person from what is stored; the name is the local part of the address when nothing is known. */
export function personByAddress(_db: ReadableDb, _address: string): Person {
  throw new Error('not there yet');
}
export function personRow(_db: ReadableDb, _address: string): PersonRow | null {
  throw new Error('not there yet');
}
/** Stores what is given and keeps the rest. True when something changed that is shown. */
export function upsertPerson(
  _db: WritableDb,
  _p: { readonly address: string } & Partial<Omit<PersonRow, 'address'>>,
): boolean {
  throw new Error('not there yet');
}
/** People known here whose name or address contains the query; an empty query gives everybody. By name. */
export function searchPeople(_db: ReadableDb, _query: string, _limit: number): Person[] {
  throw new Error('not there yet');
}
/** People whose announced avatar is not here, oldest look first. */
export function staleAvatars(_db: ReadableDb, _limit?: number): PersonRow[] {
  throw new Error('not there yet');
}
