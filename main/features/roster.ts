import {
  personRow,
  readState,
  relationTo,
  rosterAddresses,
  transact,
  upsertPerson,
  writeState,
  type WritableDb,
} from '../store/index.ts';
import type { RosterItem } from '../xmpp/index.ts';
import type { AccountConnection } from './connection.ts';
import { asPostcardError } from './media-errors.ts';
import type { PeopleChanges } from './people-changes.ts';
import { cleanName } from './plain-text.ts';
import { ACCEPTED, isLeftover, outOfRoster, readItem } from './relation.ts';

/** Who is in the roster, as the server has it, and the letting in that it still has to be told of. */
export interface Roster {
  /**
   * Lets somebody in, on all devices: at once here, in the roster as soon as there is a connection. Whoever is let in
   * already stays as they are.
   */
  letIn(address: string): void;
}

/** Addresses let in here that the server does not know of yet: JSON. */
const WAITING = 'let-in-waiting';
/** Items stored in one go. */
const AT_ONCE = 500;

export function createRoster(o: {
  db: WritableDb;
  ownAddress: string;
  connection: AccountConnection;
  told: PeopleChanges;
  /** Follow requests that waited for an answer have all come, after a fresh sign-in. */
  onSettled(): void;
  log(line: string): void;
}): Roster {
  const { db, connection, told } = o;
  /** Told one by one since the whole roster was asked for: newer than what that says. */
  const newer = new Set<string>();

  const waiting = (): string[] => JSON.parse(readState(db, WAITING) ?? '[]') as string[];
  const keepWaiting = (addresses: readonly string[]) =>
    writeState(db, WAITING, addresses.length > 0 ? JSON.stringify(addresses) : null);

  const take = (item: RosterItem, letIn: ReadonlySet<string>): void => {
    const before = personRow(db, item.address);
    const name = item.name === null ? '' : cleanName(item.name, item.address);
    const part = readItem(item, before, name);
    // What this device has decided and not told yet counts more.
    const accepted = part.accepted || letIn.has(item.address);
    const answered = part.subscription === 'from' || part.subscription === 'both' || !part.inRoster;
    const followRequest = (before?.followRequest ?? false) && !answered;
    if (upsertPerson(db, { address: item.address, ...part, accepted, followRequest }))
      told.person(item.address);
    if (isLeftover({ ...part, accepted })) takeOut(item.address);
  };
  const takeOut = (address: string) => {
    if (!connection.isReady()) return;
    connection
      .online()
      .removeRosterItem(address)
      .catch((error: unknown) => quiet('a follower who left was not taken out', error));
  };
  const takeAll = (items: readonly RosterItem[]) => {
    const letIn = new Set(waiting());
    transact(db, () => {
      for (const item of items) if (item.address !== o.ownAddress) take(item, letIn);
    });
  };
  const pushed = (items: readonly RosterItem[]) => {
    for (const { address } of items) newer.add(address);
    takeAll(items);
    told.relations();
  };
  /** The whole roster, some at a time: thousands at once would keep everything else waiting. */
  const read = async (items: readonly RosterItem[]) => {
    for (let at = 0; at < items.length; at += AT_ONCE) {
      if (!connection.isReady()) return;
      takeAll(items.slice(at, at + AT_ONCE).filter(({ address }) => !newer.has(address)));
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (!connection.isReady()) return;
    const there = new Set(items.map(({ address }) => address));
    const letIn = new Set(waiting());
    transact(db, () => {
      for (const address of rosterAddresses(db)) {
        if (there.has(address) || newer.has(address)) continue;
        upsertPerson(db, { address, ...outOfRoster, accepted: letIn.has(address) });
        told.person(address);
      }
    });
    told.relations();
  };
  const quiet = (what: string, error: unknown) => {
    const code = asPostcardError(error)?.code;
    if (code !== 'not-found') o.log(`${what}: ${code ?? String(error)}`);
  };

  /** Section 2.3: the item keeps the name and groups it has. */
  const tell = async () => {
    for (const address of waiting()) {
      const known = personRow(db, address);
      const groups = [...(known?.rosterGroups ?? []).filter((group) => group !== ACCEPTED), ACCEPTED];
      await connection.online().setRosterItem({ address, name: known?.name || null, groups });
      keepWaiting(waiting().filter((other) => other !== address));
    }
  };
  const tellSoon = () => {
    if (connection.isReady())
      tell().catch((error: unknown) => quiet('the roster was not told who is let in', error));
  };

  connection.listen({
    onRosterChanged: pushed,
    onReady: ({ resumed }) => {
      if (resumed) return tellSoon();
      const session = connection.online();
      newer.clear();
      session
        .roster()
        .then(read)
        .then(tell)
        // Sent after the presence that makes the server tell of requests that wait (RFC 6121 section 3.1.3).
        .then(() => session.settled())
        .then(o.onSettled)
        .catch((error: unknown) => quiet('the roster could not be read', error));
    },
  });

  return {
    letIn: (address) => {
      if (!['stranger', 'follower'].includes(relationTo(db, o.ownAddress, address))) return;
      transact(db, () => {
        upsertPerson(db, { address, accepted: true });
        keepWaiting([...new Set([...waiting(), address])]);
      });
      told.person(address);
      tellSoon();
    },
  };
}
