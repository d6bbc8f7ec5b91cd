import { PostcardError, type ErrorCode } from '../../contract/errors.ts';
import type { Handlers } from '../../contract/index.ts';
import type { ReachState } from '../../contract/reach.ts';
import type { Events } from '../events.ts';
import {
  conversationByAddress,
  hasGroups,
  personByAddress,
  personRow,
  readState,
  upsertPerson,
  writeState,
  type WritableDb,
} from '../store/index.ts';
import type { AbuseReport, Session } from '../xmpp/index.ts';
import type { AccountSettingsFeature } from './account-settings.ts';
import { bareAddress } from './bare-address.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import { createBlocks } from './reach-blocks.ts';
import { enforce, type Enforced } from './reach-enforce.ts';
import { conditionOf } from './reach-list.ts';
import { createTurns } from './turns.ts';

/** Who can reach me, and who is blocked: docs/mechanisms/reach.md. */
export interface Reach {
  /**
   * Whether nothing of theirs counts. `at`, Unix ms: for what the archive has, which counts if it came before they
   * were blocked.
   */
  isBlocked(address: string, at?: number): boolean;
  /** As the method of the contract. */
  block(address: string): { wasFollowing: boolean };
  unblock(address: string): void;
  /** The server holds people to the choice: what it lets through is let through here. */
  isEnforced(): boolean;
  close(): void;
  readonly handlers: Pick<Handlers, 'reach.state' | 'reach.blocked' | 'reach.block' | 'reach.unblock'>;
}

/** The choice that the server holds people to, and who does the holding. */
const ENFORCED = 'reach-enforced';
const ENFORCED_BY = 'reach-enforced-by';
/** ms until a server that did not answer is asked again. */
const TRY_AGAIN = 30_000;
/** Writings of the list within one session and minute: beyond that another app keeps writing its own. */
const MAX_WRITES = 6;
const MINUTE = 60_000;

export function createReach(o: {
  db: WritableDb;
  ownAddress: string;
  connection: AccountConnection;
  settings: AccountSettingsFeature;
  changes: Changes;
  events: Events;
  /** Addresses that stay reachable whatever is chosen, besides rooms and own devices. */
  open: readonly string[];
  /** What is said along with the block of somebody (XEP-0377); null: nothing. */
  report(address: string): AbuseReport | null;
  /** The server has the block; `told`: and what was said along with it. */
  reported(address: string, o: { told: boolean }): void;
  log(line: string): void;
}): Reach {
  const { db, connection, settings } = o;
  let problem: ErrorCode | null = null;
  let writes: number[] = [];
  let timer: NodeJS.Timeout | null = null;
  let told = '';

  const blocks = createBlocks({
    db,
    log: o.log,
    report: (address) => o.report(address),
    blocked: (address, how) => o.reported(address, how),
    changed: (addresses) => {
      o.events.emit('reach.blockedChanged', { items: blocks.list() });
      for (const address of addresses) {
        const conversation = conversationByAddress(db, address);
        if (conversation) o.changes.conversation(conversation.id);
      }
      // What they wrote in groups is folded now, or not any more.
      if (addresses.length > 0 && hasGroups(db)) o.changes.everything();
    },
  });

  const state = (): ReachState => {
    const by = readState(db, ENFORCED_BY);
    const enforcedBy = by === 'server' || by === 'app' ? by : 'unknown';
    const held = readState(db, ENFORCED) === settings.get('whoCanMessage');
    return { enforcedBy, waiting: enforcedBy !== 'app' && !held, problem };
  };
  const tell = () => {
    const now = state();
    const text = JSON.stringify(now);
    if (text === told) return;
    told = text;
    o.events.emit('reach.changed', now);
  };

  const mayWrite = () => {
    writes = writes.filter((at) => at > Date.now() - MINUTE);
    return writes.length < MAX_WRITES;
  };
  const note = (done: Enforced) => {
    if (done.written) writes.push(Date.now());
    writeState(db, ENFORCED_BY, done.by);
    writeState(db, ENFORCED, done.held ? done.choice : null);
    tell();
    // Another app keeps writing its own list: once more when it may have come to an end.
    if (done.by === 'server' && !done.held) timer ??= setTimeout(apply, MINUTE);
  };
  /** The server said no: what holds there is what is shown. */
  const takeBack = (error: unknown) => {
    const before = readState(db, ENFORCED);
    o.log(`the server did not take the choice: ${conditionOf(error) ?? 'no reason'}`);
    const held = before === 'friends' || before === 'no-one' ? before : 'everyone';
    if (held === settings.get('whoCanMessage')) return;
    problem = 'choice-refused';
    writeState(db, ENFORCED, held);
    settings.set('whoCanMessage', held);
    tell();
  };

  const run = async () => {
    const session = connection.online();
    const privately = await settings.sync();
    const blocking = await blocks.sync(session.reach);
    const choice = settings.get('whoCanMessage');
    try {
      const waiting = readState(db, ENFORCED) !== choice;
      const done = await enforce({
        session,
        own: o.ownAddress,
        open: o.open,
        settings,
        privately,
        waiting,
        mayWrite,
      });
      note(done);
      // Another app may have blocked somebody between the reading and the writing.
      if (done.written && blocking) await blocks.sync(session.reach, { mend: true });
    } catch (error) {
      if (conditionOf(error) === null) throw error;
      takeBack(error);
    }
  };
  const turns = createTurns(run, (error) => {
    if (!(error instanceof PostcardError)) o.log(`who can reach me: ${String(error)}`);
    if (connection.isReady() && timer === null) timer = setTimeout(apply, TRY_AGAIN);
  });
  const apply = () => {
    if (timer) clearTimeout(timer);
    timer = null;
    if (connection.isReady()) turns.ask();
  };

  settings.onChange(({ key, from }) => {
    if (key !== 'whoCanMessage') return;
    if (from === 'here' && readState(db, ENFORCED) !== settings.get(key)) problem = null;
    // What somebody chooses is told, however often they change their mind.
    if (from === 'here') writes = [];
    tell();
    apply();
  });
  connection.listen({
    onReady: ({ resumed }) => {
      if (!resumed) writes = [];
      // The same stream as before knows all that it was told, and told all that happened.
      if (!resumed || state().waiting || blocks.isWaiting()) apply();
    },
    onBlockPush: (push) => blocks.pushed(push),
    onPrivacyPush: apply,
  });

  const block = (given: string) => {
    const address = bareAddress(given);
    if (address === o.ownAddress) throw new PostcardError('address-invalid');
    const person = personRow(db, address);
    const wasFollowing = person !== null && ['to', 'both'].includes(person.subscription);
    blocks.add(address);
    if (person?.followRequest) forget(db, connection.isReady() ? connection.online() : null, address);
    o.events.emit('people.changed', { items: [personByAddress(db, address)] });
    apply();
    return { wasFollowing };
  };
  const unblock = (address: string) => {
    blocks.remove(address);
    apply();
  };

  return {
    isBlocked: blocks.has,
    block,
    unblock,
    isEnforced: () => state().enforcedBy === 'server' && !state().waiting,
    close: () => {
      if (timer) clearTimeout(timer);
      turns.close();
    },
    handlers: {
      'reach.state': state,
      'reach.blocked': () => ({ items: blocks.list() }),
      'reach.block': ({ address }) => block(address),
      'reach.unblock': ({ address }) => unblock(address),
    },
  };
}

/** A request to follow that waits for an answer is answered with no, as far as the server can be told. */
function forget(db: WritableDb, session: Session | null, address: string): void {
  session?.refuseFollower(address);
  upsertPerson(db, { address, followRequest: false });
}
