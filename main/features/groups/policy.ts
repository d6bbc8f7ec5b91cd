import { PostcardError } from '../../../contract/errors.ts';
import { defaultPolicy, type GroupPolicy } from '../../../contract/groups.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import type { Handlers } from '../../../contract/index.ts';
import { lastPolicyBy, roomById, type RoomRow } from '../../store/index.ts';
import type { GroupInformation } from './information.ts';
import { sendNote } from './own-note.ts';
import { existingRoom, type GroupParts } from './parts.ts';
import { policyOf } from './policy-schema.ts';

/** What owners decide for everybody: docs/mechanisms/groups.md "Policy". */
export interface Policies {
  /** A policy note of mine has come back from the room. */
  returned(originId: string): void;
  /** I own it from now on, and did not before: what holds there is said by one who may, once it is known here. */
  inherited(id: ConversationId): void;
  /** A group was read up to its newest message. */
  opened(): void;
  readonly handlers: Pick<Handlers, 'groups.configure'>;
  close(): void;
}

/** ms until a room should have sent a note back. */
const RETURN = 20_000;

export function createPolicies(
  o: GroupParts & { information: GroupInformation; isLevel(id: ConversationId): boolean },
): Policies {
  const { db } = o;
  const inherited = new Set<ConversationId>();
  const waiting = new Map<string, { resolve(): void; reject(error: unknown): void; timer: NodeJS.Timeout }>();

  const publish = (room: RoomRow, policy: GroupPolicy): Promise<void> => {
    const session = o.connection.online();
    const originId = sendNote(session, { room: room.address, kind: 'policy', value: policy, text: TEXT });
    return new Promise((resolve, reject) => {
      const done = (settle: () => void) => () => {
        clearTimeout(timer);
        waiting.delete(originId);
        settle();
      };
      const timer = setTimeout(
        done(() => reject(new PostcardError('no-answer'))),
        RETURN,
      );
      waiting.set(originId, {
        resolve: done(resolve),
        reject: done(() => reject(new PostcardError('cancelled'))),
        timer,
      });
    });
  };

  const configure = async (
    id: ConversationId,
    given: {
      name?: string | undefined;
      description?: string | undefined;
      history?: boolean | undefined;
      policy?: GroupPolicy | undefined;
    },
  ) => {
    const room = existingRoom(db, id);
    const { rooms } = o.connection.online();
    if (room.rank !== 'owner' || room.state !== 'joined') throw new PostcardError('forbidden');
    const { policy, name, description, history } = given;
    const config = {
      ...(name === undefined ? {} : { name }),
      ...(description === undefined ? {} : { description }),
      ...(history === undefined ? {} : { history }),
      ...(policy === undefined ? {} : { membersMayInvite: policy.membersMay.invite }),
    };
    if (Object.keys(config).length > 0) await rooms.configure(room.address, config);
    if (policy !== undefined && JSON.stringify(policy) !== JSON.stringify(policyOf(room.policy)))
      await publish(room, policy);
    o.information.refresh(id);
  };

  const sayAgain = (id: ConversationId) => {
    const room = roomById(db, id);
    const policy = policyOf(room?.policy ?? '');
    if (room?.rank !== 'owner' || JSON.stringify(policy) === JSON.stringify(defaultPolicy)) return;
    // Another device of mine was there when I became the owner.
    if (lastPolicyBy(db, id) === o.ownAddress) return;
    publish(room, policy).catch((error: unknown) => {
      if (!(error instanceof PostcardError)) o.log(`a policy was not passed on: ${String(error)}`);
    });
  };
  const opened = () => {
    for (const id of inherited)
      if (o.isLevel(id) && o.connection.isReady() && inherited.delete(id)) sayAgain(id);
  };

  return {
    returned: (originId) => waiting.get(originId)?.resolve(),
    inherited: (id) => {
      inherited.add(id);
      opened();
    },
    opened,
    handlers: { 'groups.configure': ({ id, ...given }) => configure(id, given) },
    close: () => {
      for (const one of [...waiting.values()]) one.reject(undefined);
    },
  };
}

/** What apps show that know no policies. */
const TEXT = 'The owner of this group changed its rules.';
