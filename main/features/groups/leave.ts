import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import {
  countMembers,
  deleteMessage,
  forgetMessage,
  forgetRoom,
  peopleOfRank,
  someMessagesOf,
  transact,
} from '../../store/index.ts';
import { bareAddress } from '../bare-address.ts';
import type { Bookmarks } from './bookmarks.ts';
import type { Membership } from './membership.ts';
import { existingRoom, type GroupParts, type Told } from './parts.ts';

interface Parts extends GroupParts {
  readonly told: Told;
  readonly membership: Membership;
  readonly bookmarks: Bookmarks;
  /** Takes files of what was deleted off the disk. */
  erase(): void;
}

/** Messages taken away in one transaction: others write in between. */
const AT_ONCE = 200;

/**
 * Goes out of a group for good, on all devices; without a connection it is told later. An only owner who is not alone
 * names who follows, and that is done first. Throws `successor-needed`, `offline` (for that alone), `forbidden`.
 */
export async function leaveGroup(
  o: Parts,
  id: ConversationId,
  { successor, erase }: { successor: string | null; erase: boolean },
): Promise<void> {
  const room = existingRoom(o.db, id);
  const inside = room.state === 'joined' || room.state === 'joining';
  if (inside && room.rank === 'owner') await handOn(o, id, successor);
  if (inside) {
    if (o.connection.isReady()) o.connection.online().rooms.leave(room.address);
    o.bookmarks.remove(room.address, { resign: room.rank !== 'none' });
    o.membership.out(id, 'left', '');
  }
  if (erase) await eraseGroup(o, id);
}

async function handOn(o: Parts, id: ConversationId, successor: string | null): Promise<void> {
  const room = existingRoom(o.db, id);
  const others = peopleOfRank(o.db, id, 'owner').filter(({ address }) => address !== o.ownAddress);
  if (others.length > 0 || countMembers(o.db, id) <= 1) return;
  if (successor === null) throw new PostcardError('successor-needed');
  const { rooms } = o.connection.online();
  await rooms.setAffiliation(room.address, bareAddress(successor), 'owner', '');
}

/** Everything of it that is on this computer. */
async function eraseGroup(o: Parts, id: ConversationId): Promise<void> {
  for (;;) {
    const some = someMessagesOf(o.db, id, AT_ONCE);
    if (some.length === 0) break;
    transact(o.db, () => {
      // Newest last: the conversation's last message is looked for once.
      for (const message of some) {
        forgetMessage(o.db, message);
        deleteMessage(o.db, message);
      }
    });
    await new Promise((resolve) => setImmediate(resolve));
  }
  forgetRoom(o.db, id);
  o.erase();
  o.changes.everything();
}
