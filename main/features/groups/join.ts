import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import { ensureRoom, forgetRoom, roomByAddress, updateRoom, type RoomRow } from '../../store/index.ts';
import type { Bookmarks } from './bookmarks.ts';
import { nickFrom } from './enter.ts';
import { roomOf } from './link.ts';
import type { Membership } from './membership.ts';
import type { GroupParts, Told } from './parts.ts';

interface Parts extends GroupParts {
  readonly told: Told;
  readonly membership: Membership;
  readonly bookmarks: Bookmarks;
}

/**
 * Goes into a group that I am not in. A link that leads nowhere leaves nothing; a group that was known stays what it was.
 * Throws `offline`, `group-not-found`, `group-closed`, `banned`, `no-answer`.
 */
export async function joinRoom(o: Parts, address: string): Promise<ConversationId> {
  const { db, membership } = o;
  const known = roomByAddress(db, address);
  if (known?.state === 'joined' && o.entered.isIn(address)) return known.conversationId;
  await mustBeThere(o, address);
  // It has to be here when it is entered: what a room says to who comes in is for nobody else.
  const id = ensureRoom(db, {
    address,
    name: '',
    nick: nickFrom(o.ownName(), o.ownAddress),
    state: 'joining',
  });
  updateRoom(db, id, { state: 'joining', reason: '' });
  try {
    await membership.enter(id);
  } catch (error) {
    takeBack(o, id, known);
    throw error;
  }
  o.bookmarks.add(address);
  o.told.group(id);
  return id;
}

/** Throws `group-not-found`, `offline`, `no-answer`. What may not be asked may still be entered, or says why not. */
async function mustBeThere(o: Parts, address: string): Promise<void> {
  try {
    await o.connection.online().rooms.info(address);
  } catch (error) {
    if (!(error instanceof PostcardError) || error.code !== 'forbidden') throw error;
  }
}

function takeBack(o: Parts, id: ConversationId, known: RoomRow | null): void {
  if (known === null) {
    forgetRoom(o.db, id);
    return o.changes.everything();
  }
  const { state, reason, rank } = known;
  if (updateRoom(o.db, id, { state, reason, rank })) o.told.group(id);
}

/** As `groups.join`. Throws `link-invalid` besides. */
export const joinByLink = (o: Parts, link: string): Promise<ConversationId> => {
  const address = roomOf(link);
  if (address === o.ownAddress) throw new PostcardError('link-invalid');
  return joinRoom(o, address);
};
