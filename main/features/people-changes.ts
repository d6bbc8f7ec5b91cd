import type { Person } from '../../contract/people.ts';
import type { Events } from '../events.ts';
import { conversationIdOf, countPeople, personByAddress, type ReadableDb } from '../store/index.ts';
import type { Changes } from './changes.ts';

/** Gathers who changed in one turn of the event loop and tells the windows once. */
export interface PeopleChanges {
  person(address: string): void;
  /** Who follows whom changed. */
  relations(): void;
}

/** People in one event: a whole roster may change at once. */
const AT_ONCE = 500;

export function createPeopleChanges(o: { db: ReadableDb; events: Events; changes: Changes }): PeopleChanges {
  const people = new Set<string>();
  let relations = false;
  let planned = false;

  const plan = () => {
    if (planned) return;
    planned = true;
    queueMicrotask(flush);
  };
  const flush = () => {
    planned = false;
    const addresses = [...people];
    people.clear();
    for (let at = 0; at < addresses.length; at += AT_ONCE) {
      const items: Person[] = addresses.slice(at, at + AT_ONCE).map((a) => personByAddress(o.db, a));
      o.events.emit('people.changed', { items });
    }
    for (const address of addresses) {
      const conversation = conversationIdOf(o.db, address);
      if (conversation !== undefined) o.changes.conversation(conversation);
    }
    if (!relations) return;
    relations = false;
    o.events.emit('people.relations', countPeople(o.db));
  };

  return {
    person: (address) => {
      people.add(address);
      plan();
    },
    relations: () => {
      relations = true;
      plan();
    },
  };
}
