import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId } from '../../contract/ids.ts';
import {
  conversationIdOf,
  conversationById,
  isGroup,
  lastReadStanzaId,
  markRead,
  messageByStanzaId,
  noteReadSync,
  openReadSyncs,
  readHere,
  readsFurther,
  transact,
  type WritableDb,
} from '../store/index.ts';
import type { ReadPosition } from '../xmpp/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';

/** What is read on one device is read on all of them (docs/mechanisms/read-sync.md). */
export interface ReadSync {
  /** Something of this conversation was read here. */
  read(id: ConversationId): void;
  /** More of the archive is here: what was read elsewhere may be among it. */
  apply(): void;
  close(): void;
}

/** ms; reading on is told once. */
const SETTLE = 1_500;

export function createReadSync(o: {
  db: WritableDb;
  connection: AccountConnection;
  changes: Changes;
  /** What is still shown of a conversation goes away: it was read elsewhere. */
  onReadElsewhere(id: ConversationId): void;
  log(line: string): void;
}): ReadSync {
  const { db, connection } = o;
  let timer: NodeJS.Timeout | null = null;
  let telling = false;
  let closed = false;

  const take = ({ peer, stanzaId, inRoom = false }: ReadPosition) => {
    const id = conversationIdOf(db, peer);
    // My archive's ids and a room's mean different messages.
    if (id === undefined || isGroup(db, id) !== inRoom) return;
    const message = messageByStanzaId(db, id, stanzaId);
    const wasRead = transact(db, () => {
      const changed = message !== null && markRead(db, id, message);
      noteReadSync(db, id, {
        published: stanzaId,
        wanted: message === null ? stanzaId : null,
        // An echo of what this device told before, or another one that is behind, takes nothing back.
        pending: message !== null && readsFurther(db, id, message),
      });
      return changed;
    });
    if (!wasRead) return;
    o.changes.conversation(id);
    if (conversationById(db, id)?.unread === 0) o.onReadElsewhere(id);
  };

  const plan = () => {
    if (timer !== null || closed) return;
    timer = setTimeout(() => {
      timer = null;
      void tell();
    }, SETTLE);
  };
  /** Where the server keeps no such data, devices read for themselves. */
  const tell = async () => {
    if (telling) return plan();
    if (closed || !connection.isReady()) return;
    telling = true;
    try {
      for (const { conversationId, address, published } of openReadSyncs(db).filter((r) => r.pending)) {
        const stanzaId = lastReadStanzaId(db, conversationId);
        if (stanzaId !== null && stanzaId !== published)
          await connection
            .online()
            .readPositions.publish({ peer: address, stanzaId, inRoom: isGroup(db, conversationId) });
        if (closed) return;
        const read = stanzaId ?? published;
        // Somebody may have read on while the server was being told.
        const pending = stanzaId !== null && lastReadStanzaId(db, conversationId) !== stanzaId;
        if (read !== null) noteReadSync(db, conversationId, { published: read, wanted: null, pending });
        if (pending) plan();
      }
    } catch (error) {
      o.log(
        `what was read could not be told: ${error instanceof PostcardError ? error.code : String(error)}`,
      );
    } finally {
      telling = false;
    }
  };
  const apply = () => {
    for (const { conversationId, address, wanted } of openReadSyncs(db))
      if (wanted !== null) take({ peer: address, stanzaId: wanted, inRoom: isGroup(db, conversationId) });
  };

  connection.listen({
    onReadPosition: take,
    onReady: ({ resumed }) => {
      if (resumed) return plan();
      connection
        .online()
        .readPositions.all()
        .then((positions) => {
          if (closed) return;
          // What was read further here meanwhile is told anyway.
          const mine = new Set(openReadSyncs(db).flatMap((r) => (r.pending ? r.address : [])));
          for (const position of positions) if (!mine.has(position.peer)) take(position);
          plan();
        })
        .catch((error: unknown) => o.log(`what was read elsewhere is not known: ${String(error)}`));
    },
  });

  return {
    read: (id) => {
      readHere(db, id);
      plan();
    },
    apply,
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
}
