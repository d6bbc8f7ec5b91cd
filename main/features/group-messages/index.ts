import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { AccountConnection } from '../connection.ts';
import type { Downloads } from '../downloads.ts';
import type { Entered } from '../groups/entered.ts';
import type { Notifications } from '../notifications/index.ts';
import type { Outbox } from '../outbox.ts';
import type { GroupStoring } from './archive.ts';
import { bouncedByRoom } from './bounces.ts';
import { receiveFromRooms } from './receive.ts';
import { createRooms } from './rooms.ts';
import { createGroupSeen } from './seen.ts';

/** The messages of groups, in and out: docs/mechanisms/groups.md "Messages". */
export interface GroupMessages {
  /** Groups that can be written to now. */
  open(): readonly ConversationId[];
  /** Something was handed to a room. */
  watch(): void;
  /** Something of this conversation was read here. */
  read(id: ConversationId): void;
  close(): void;
}

export function createGroupMessages(
  o: GroupStoring & {
    connection: AccountConnection;
    entered: Entered;
    mayLag: boolean;
    downloads: Pick<Downloads, 'wanted'>;
    notifications: Pick<Notifications, 'received' | 'reacted'>;
    outbox: Pick<Outbox, 'pump' | 'fail'>;
    /** More of a room's messages is here: what waited for one of them finds it. */
    onArchive(): void;
    /** New messages were found in a room's archive. */
    onNews(conversationId: ConversationId, id: MessageId): void;
    met(address: string): void;
    /** What waits for groups besides messages and their changes may go. */
    pump?(): void;
    /** Read status is on. */
    tellsRead(): boolean;
    log(line: string): void;
  },
): GroupMessages {
  const { connection } = o;
  const pump = () => {
    o.outbox.pump();
    o.effects.pump();
    o.pump?.();
  };
  const rooms = createRooms({
    ...o,
    onOpen: (id) => {
      pump();
      seen.opened(id);
    },
    fail: o.outbox.fail,
  });
  const seen = createGroupSeen({ ...o, wanted: o.tellsRead, open: rooms.open });
  connection.listen({
    onMessage: receiveFromRooms({
      ...o,
      isLevel: rooms.isLevel,
      onWaiting: rooms.waits,
      onReturned: () => {
        pump();
        rooms.watch();
      },
    }),
    onBounce: (bounce) => {
      const changed = bouncedByRoom(o.db, bounce, o.entered.doubt);
      if (!changed) return;
      o.changes.message(changed.conversationId, changed.id);
      pump();
    },
  });
  return { open: rooms.open, watch: rooms.watch, read: seen.read, close: rooms.close };
}
