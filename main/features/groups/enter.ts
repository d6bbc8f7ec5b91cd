import { randomBytes } from 'node:crypto';
import { PostcardError } from '../../../contract/errors.ts';
import type { Occupant, RoomCalls } from '../../xmpp/index.ts';
import { cleanLine } from '../plain-text.ts';

/** Characters of a nickname that all servers take. */
const MAX_NICK = 64;
/** Names with a number that are tried before one with a random end. */
const NUMBERED = 5;

/** What I am called in a group that I have not been in. */
export const nickFrom = (name: string, ownAddress: string): string =>
  cleanLine(name, MAX_NICK) || ownAddress.slice(0, ownAddress.indexOf('@'));

/** This name, then with a number, then with an end that nobody has. */
export function* nicksOf(nick: string): Generator<string> {
  yield nick;
  for (let number = 2; number <= NUMBERED; number += 1) yield `${nick} ${number}`;
  yield `${nick} ${randomBytes(3).toString('hex')}`;
}

/** Enters a room under the first of these names that nobody else has there. Throws as `RoomCalls.enter`. */
export async function enterAs(calls: RoomCalls, room: string, nick: string): Promise<Occupant> {
  let taken: unknown = new PostcardError('nickname-taken');
  for (const name of nicksOf(nick)) {
    try {
      return await calls.enter(room, name);
    } catch (error) {
      if (!(error instanceof PostcardError) || error.code !== 'nickname-taken') throw error;
      taken = error;
    }
  }
  throw taken;
}
