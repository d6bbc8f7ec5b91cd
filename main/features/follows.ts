import { PostcardError } from '../../contract/errors.ts';
import type { Handlers } from '../../contract/index.ts';
import {
  followRequests,
  personRow,
  readState,
  upsertPerson,
  writeState,
  type PersonRow,
  type WritableDb,
} from '../store/index.ts';
import { bareAddress } from './bare-address.ts';
import type { AccountSettingsFeature } from './account-settings.ts';
import type { AccountConnection } from './connection.ts';
import { asPostcardError } from './media-errors.ts';
import type { PeopleChanges } from './people-changes.ts';
import { cleanName } from './plain-text.ts';
import { ACCEPTED } from './relation.ts';

/** Following, and being followed: docs/mechanisms/people.md. */
export interface Follows {
  /** All requests that waited on the server have come: what was answered elsewhere is gone. */
  settled(): void;
  readonly handlers: Pick<
    Handlers,
    'people.follow' | 'people.unfollow' | 'people.removeFollower' | 'people.answerFollow'
  >;
}

/** Set once this device knows whether the profile is private: before, nobody is let follow by itself. */
const KNOWN = 'own-privacy-known';

export function createFollows(o: {
  db: WritableDb;
  ownAddress: string;
  connection: AccountConnection;
  settings: AccountSettingsFeature;
  told: PeopleChanges;
  /** Somebody asks to follow: who they are is looked up. */
  met(address: string): void;
  /** Somebody is followed from now on: what else that means. */
  onFollow(address: string): void;
  log(line: string): void;
}): Follows {
  const { db, connection, told } = o;
  /** Asked since the last fresh sign-in. */
  let asking = new Set<string>();
  /** Answered a moment ago: what the server had sent before it read the answer is the question that was answered. */
  const answered = new Map<string, symbol>();

  const put = (address: string, given: Partial<Omit<PersonRow, 'address'>>) => {
    if (!upsertPerson(db, { address, ...given })) return;
    told.person(address);
    told.relations();
  };
  const somebody = (typed: string): string => {
    const address = bareAddress(typed);
    if (address === o.ownAddress) throw new PostcardError('invalid-argument');
    return address;
  };

  /** A server repeats questions at sign-in; one that crossed the answer would stand there as a new one. */
  const ignoreCrossing = (address: string) => {
    const mine = Symbol(address);
    answered.set(address, mine);
    const over = () => {
      if (answered.get(address) === mine) answered.delete(address);
    };
    // A connection that is gone repeats no question that was answered on it.
    connection.online().settled().then(over, over);
  };

  /** A public profile lets everybody follow; a private one asks. */
  const answerAll = () => {
    if (readState(db, KNOWN) === null || o.settings.get('privateProfile') || !connection.isReady()) return;
    for (const address of followRequests(db)) {
      connection.online().approveFollower(address);
      put(address, { followRequest: false });
    }
  };

  o.settings.onChange(({ key }) => {
    if (key === 'privateProfile') answerAll();
  });
  connection.listen({
    onReady: ({ resumed }) => {
      if (!resumed) asking = new Set();
      if (readState(db, KNOWN) !== null) return;
      o.settings
        .sync()
        .then(() => {
          writeState(db, KNOWN, '1');
          answerAll();
        })
        .catch((error: unknown) =>
          o.log(`follow requests wait: ${asPostcardError(error)?.code ?? String(error)}`),
        );
    },
    onFollowRequest: ({ address, nick }) => {
      if (address === o.ownAddress || answered.has(address)) return;
      asking.add(address);
      const known = personRow(db, address);
      const name = nick === null || known?.nick ? '' : cleanName(nick, address);
      put(address, { followRequest: true, ...(name ? { nick: name } : {}) });
      answerAll();
      // Who asks is looked up on my own server, or once they may follow: another one would tell its user that I am there.
      if (!personRow(db, address)?.followRequest || domainOf(address) === domainOf(o.ownAddress))
        o.met(address);
    },
    onFollowWithdrawn: ({ address }) => {
      asking.delete(address);
      if (personRow(db, address)?.followRequest) put(address, { followRequest: false });
    },
  });

  return {
    settled: () => {
      for (const address of followRequests(db))
        if (!asking.has(address)) put(address, { followRequest: false });
    },
    handlers: {
      'people.follow': async ({ address: typed }) => {
        const address = somebody(typed);
        const session = connection.online();
        const known = personRow(db, address);
        if (known?.subscription === 'to' || known?.subscription === 'both') return;
        if (!known?.inRoster) await session.setRosterItem({ address, name: known?.name || null, groups: [] });
        session.follow(address);
        put(address, { inRoster: true, accepted: true, followPending: true });
        o.onFollow(address);
      },
      'people.unfollow': async ({ address: typed }) => {
        const address = somebody(typed);
        const session = connection.online();
        const known = personRow(db, address);
        if (!known) return;
        // A friend who goes on following stays let in: what was talked about with them goes on.
        if (known.subscription === 'both' && !known.rosterGroups.includes(ACCEPTED)) {
          const groups = [...known.rosterGroups, ACCEPTED];
          await session.setRosterItem({ address, name: known.name || null, groups });
        }
        session.unfollow(address);
        put(address, { subscription: known.subscription === 'both' ? 'from' : 'none', followPending: false });
      },
      'people.removeFollower': async ({ address: typed }) => {
        const address = somebody(typed);
        const session = connection.online();
        const known = personRow(db, address);
        if (known?.subscription !== 'from' && known?.subscription !== 'both') return;
        // Nothing else keeps them in the roster, where a bare item would mean that they are let in.
        if (known.accepted) session.refuseFollower(address);
        else await session.removeRosterItem(address);
        const subscription = known.subscription === 'both' ? 'to' : 'none';
        put(address, { subscription, ...(known.accepted ? {} : { inRoster: false }) });
      },
      'people.answerFollow': ({ address: typed, accept }) => {
        const address = somebody(typed);
        const session = connection.online();
        if (accept) session.approveFollower(address);
        else session.refuseFollower(address);
        asking.delete(address);
        put(address, { followRequest: false });
        ignoreCrossing(address);
      },
    },
  };
}

const domainOf = (address: string): string => address.slice(address.indexOf('@') + 1);
