import { PostcardError } from '../../../contract/errors.ts';
import type { ConversationId } from '../../../contract/ids.ts';
import {
  groupByAddress,
  groupById,
  lastReadStanzaId,
  noteSeen,
  tellsSeen,
  type WritableDb,
} from '../../store/index.ts';
import type { Changes } from '../changes.ts';
import type { AccountConnection } from '../connection.ts';

/** Who has seen what in small groups (docs/mechanisms/status.md): told and shown only where read status is on. */
export interface GroupSeen {
  /** Something of this group was read here. */
  read(id: ConversationId): void;
  /** It can be written to again: what was read meanwhile is told. */
  opened(id: ConversationId): void;
}

export function createGroupSeen(o: {
  db: WritableDb;
  ownAddress: string;
  connection: AccountConnection;
  changes: Changes;
  /** Read status is on. */
  wanted(): boolean;
  isBlocked(address: string): boolean;
  /** Groups that can be written to now. */
  open(): readonly ConversationId[];
}): GroupSeen {
  const { db, connection } = o;
  /** Read while the room could not be told; what only counts as read, as history does, nobody has seen. */
  const owed = new Set<ConversationId>();
  connection.listen({
    onSeen: ({ room, address, stanzaId }) => {
      const group = groupByAddress(db, room);
      if (!group || !o.wanted() || address === o.ownAddress || o.isBlocked(address)) return;
      if (!tellsSeen(db, group.conversationId)) return;
      const { conversationId } = group;
      const id = noteSeen(db, { conversationId, address, stanzaId, at: Date.now() });
      if (id !== null) o.changes.message(conversationId, id);
    },
  });
  const tell = (conversationId: ConversationId) => {
    const group = groupById(db, conversationId);
    if (!group || !o.wanted() || !tellsSeen(db, conversationId)) return;
    if (!o.open().includes(conversationId)) return void owed.add(conversationId);
    owed.delete(conversationId);
    const stanzaId = lastReadStanzaId(db, conversationId);
    if (stanzaId === null) return;
    // How far I have told is kept as how far I have seen: nothing is told twice.
    const told = noteSeen(db, { conversationId, address: o.ownAddress, stanzaId, at: Date.now() });
    if (told === null) return;
    try {
      connection.online().rooms.displayed(group.address, stanzaId);
    } catch (error) {
      // The stream has just gone: what is read next tells this as well.
      if (!(error instanceof PostcardError) || error.code !== 'offline') throw error;
    }
  };
  return { read: tell, opened: (id) => void (owed.has(id) && tell(id)) };
}
