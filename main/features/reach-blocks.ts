import type { BlockedPerson } from '../../contract/reach.ts';
import {
  blockRows,
  deleteBlock,
  durably,
  personByAddress,
  saveBlock,
  transact,
  type BlockRow,
  type WritableDb,
} from '../store/index.ts';
import type { AbuseReport, BlockPush, ReachCalls } from '../xmpp/index.ts';
import { conditionOf } from './reach-list.ts';

/** Who is blocked: what is stored here, and how it and the server's list come to the same state. */
export interface Blocks {
  /**
   * Whether nothing of theirs counts. `at`, Unix ms: for what an archive has, which counts if it came before they
   * were blocked.
   */
  has(address: string, at?: number): boolean;
  list(): BlockedPerson[];
  add(address: string): void;
  remove(address: string): void;
  /** What another device or app did. */
  pushed(push: BlockPush): void;
  /**
   * False where the server has no blocking. `mend`: what is blocked here and not there was lost (a list was written
   * over), not unblocked. Rejects with `offline`, `no-answer`. What the server refuses holds in this app alone.
   */
  sync(calls: ReachCalls, o?: { mend: boolean }): Promise<boolean>;
  /** Something waits for the server to hear of it. */
  isWaiting(): boolean;
}

const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1);

interface BlocksOptions {
  readonly db: WritableDb;
  changed(addresses: readonly string[]): void;
  /** What is said along with the block of somebody; null: nothing. */
  report(address: string): AbuseReport | null;
  /** The server has the block (`told`: and what was said along with it), or it was taken back before. */
  blocked(address: string, o: { told: boolean }): void;
  log(line: string): void;
}

export function createBlocks(o: BlocksOptions): Blocks {
  const { db } = o;
  let rows = new Map<string, BlockRow>();
  /** Of whom a push told while the server was being asked: its answer may be older. */
  let toldMeanwhile = new Set<string>();

  const refresh = (tell: boolean) => {
    const before = blockedOf(rows);
    const waitingBefore = waitingOf(rows);
    rows = new Map(blockRows(db).map((row) => [row.address, row]));
    const after = blockedOf(rows);
    const different = [...before, ...after].filter((address) => before.has(address) !== after.has(address));
    const same = waitingBefore.toSorted().join('\n') === waitingOf(rows).toSorted().join('\n');
    if (tell && (different.length > 0 || !same)) o.changed([...new Set(different)]);
  };
  refresh(false);

  const store = (change: () => void) => {
    durably(db, change);
    refresh(true);
  };
  const held = (address: string, at: number): boolean => {
    const row = rows.get(address);
    return row !== undefined && row.blocked && at >= row.since;
  };

  return {
    has: (address, at = Infinity) => held(address, at) || held(domainOf(address), at),
    list: () =>
      [...rows.values()]
        .filter((row) => row.blocked)
        .map((row) => ({ ...personByAddress(db, row.address), since: row.since, waiting: row.unsynced })),
    isWaiting: () => [...rows.values()].some((row) => row.unsynced),
    add: (address) => {
      if (rows.get(address)?.blocked) return;
      store(() => saveBlock(db, { address, blocked: true, unsynced: true, since: Date.now() }));
    },
    remove: (address) => {
      const row = rows.get(address);
      if (!row?.blocked) return;
      store(() => saveBlock(db, { ...row, blocked: false, unsynced: true }));
      o.blocked(address, { told: false });
    },
    pushed: ({ action, addresses }) => {
      const whom = addresses === 'everybody' ? [...rows.keys()] : addresses;
      whom.forEach((address) => toldMeanwhile.add(address));
      store(() => whom.forEach((address) => heard(db, rows.get(address), address, action === 'block')));
    },
    sync: async (calls, { mend } = { mend: false }) => {
      toldMeanwhile = new Set();
      const onServer = await fetchBlocked(calls);
      if (onServer === null) return false;
      if (mend) transact(db, () => rows.forEach((row) => again(db, row, onServer, toldMeanwhile)));
      refresh(true);
      const known = [...rows.values()];
      const refused = await tellServer(calls, known, onServer, o);
      for (const condition of refused.values()) o.log(`a block holds in this app alone: ${condition}`);
      const leave = new Set([...toldMeanwhile, ...refused.keys()]);
      transact(db, () => settle(db, known, onServer, leave));
      refresh(true);
      return true;
    },
  };
}

const waitingOf = (rows: ReadonlyMap<string, BlockRow>): string[] =>
  [...rows.values()].filter((row) => row.unsynced).map((row) => row.address);

const blockedOf = (rows: ReadonlyMap<string, BlockRow>): Set<string> =>
  new Set([...rows.values()].filter((row) => row.blocked).map((row) => row.address));

/** What the server says was done elsewhere; what was chosen here and still waits is newer. */
function heard(db: WritableDb, row: BlockRow | undefined, address: string, blocked: boolean): void {
  if (row?.unsynced && row.blocked !== blocked) return;
  if (!blocked) deleteBlock(db, address);
  else saveBlock(db, { address, blocked, unsynced: false, since: row?.since ?? Date.now() });
}

async function fetchBlocked(calls: ReachCalls): Promise<Set<string> | null> {
  try {
    return new Set(await calls.blocked());
  } catch (error) {
    if (conditionOf(error) === null) throw error;
    return null;
  }
}

/** One by one, so that one that is refused does not hold up the others. The refused ones, with the condition. */
async function tellServer(
  calls: ReachCalls,
  known: readonly BlockRow[],
  onServer: ReadonlySet<string>,
  o: BlocksOptions,
): Promise<Map<string, string>> {
  const refused = new Map<string, string>();
  for (const { address, blocked, unsynced } of known) {
    if (!unsynced) continue;
    if (blocked === onServer.has(address)) {
      // Blocked by another device or app meanwhile: there is no block that a report could go along with.
      o.blocked(address, { told: false });
      continue;
    }
    try {
      // Before the block: nothing can be sent to somebody who is blocked (XEP-0191 section 3.3), not even this.
      if (blocked) await endFollowing(calls, address);
      await (blocked ? block(calls, address, o) : calls.unblock([address]));
    } catch (error) {
      const condition = conditionOf(error);
      if (condition === null) throw error;
      refused.set(address, condition);
    }
  }
  return refused;
}

async function block(calls: ReachCalls, address: string, o: BlocksOptions): Promise<void> {
  const report = o.report(address);
  if (report === null) return calls.block([address]);
  o.blocked(address, { told: await calls.blockAndReport(address, report) });
}

/** A block that the server should have, and has not any more, waits to be told anew. */
function again(
  db: WritableDb,
  row: BlockRow,
  onServer: ReadonlySet<string>,
  told: ReadonlySet<string>,
): void {
  const lost = row.blocked && !row.unsynced && !onServer.has(row.address) && !told.has(row.address);
  if (lost) saveBlock(db, { ...row, unsynced: true });
}

async function endFollowing(calls: ReachCalls, address: string): Promise<void> {
  try {
    await calls.removeFromRoster(address);
  } catch (error) {
    // Not on the roster: nothing to end.
    if (conditionOf(error) === null) throw error;
  }
}

/** Both sides are the same now, but for what was changed while the server was asked. */
function settle(
  db: WritableDb,
  known: readonly BlockRow[],
  onServer: ReadonlySet<string>,
  leave: ReadonlySet<string>,
): void {
  const now = new Map(blockRows(db).map((row) => [row.address, row]));
  for (const row of known) {
    const same = now.get(row.address);
    const changed =
      same?.blocked !== row.blocked || same.since !== row.since || same.unsynced !== row.unsynced;
    if (changed || leave.has(row.address)) continue;
    const gone = row.unsynced ? !row.blocked : !onServer.has(row.address);
    if (gone) deleteBlock(db, row.address);
    else if (row.unsynced) saveBlock(db, { ...row, unsynced: false });
  }
  for (const address of onServer) {
    if (now.has(address) || leave.has(address)) continue;
    saveBlock(db, { address, blocked: true, unsynced: false, since: Date.now() });
  }
}
