import type { ConversationId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { Events } from '../events.ts';
import {
  conversationByAddress,
  conversationIdOf,
  conversationById,
  forgetMarkable,
  markRead,
  markSeen,
  owedMarkers,
  messageById,
  receivedByWireId,
  seenBy,
  tellsSeen,
  type WritableDb,
} from '../store/index.ts';
import type { Displayed } from '../xmpp/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';

/** Read and typing status: told and shown only where both sides turned it on (docs/mechanisms/status.md). */
export interface Status {
  /** What goes with a message to somebody. */
  readonly offers: () => { markable: boolean; tellsChatState: boolean };
  /** Something of this conversation was read here. */
  read(id: ConversationId): void;
  close(): void;
  readonly handlers: Pick<Handlers, 'status.typing' | 'status.seenBy'>;
}

/** ms without a key after which somebody is not typing any more. */
const IDLE = 6_000;
/** ms after which a state that never ended is not believed any more. */
const STALE = 60_000;

export function createStatus(o: {
  db: WritableDb;
  connection: AccountConnection;
  changes: Changes;
  events: Events;
  wants(): { readonly read: boolean; readonly typing: boolean };
  /** What is still shown of a conversation goes away: it was read elsewhere. */
  onReadElsewhere(id: ConversationId): void;
  log(line: string): void;
}): Status {
  const { db, connection } = o;
  /** Those who tell what they are doing, since this start: only they are told. */
  const tellers = new Set<string>();
  /** Whom we told that we are typing, with the timer that takes it back. */
  const typing = new Map<ConversationId, { address: string; idle: NodeJS.Timeout }>();
  /** Who types, with the timer that stops believing it. */
  const seen = new Map<string, NodeJS.Timeout>();

  const tell = () => {
    if (!o.wants().read) return forgetMarkable(db);
    if (!connection.isReady()) return;
    for (const owed of owedMarkers(db)) {
      try {
        connection.online().sendDisplayed(owed.address, owed.wireId);
      } catch (error) {
        // The stream has just gone: the next one tells.
        if (error instanceof PostcardError && error.code === 'offline') return;
        throw error;
      }
      forgetMarkable(db, owed.conversationId);
    }
  };

  const displayed = ({ peer, outgoing, id }: Displayed) => {
    const conversationId = conversationIdOf(db, peer);
    if (conversationId === undefined) return;
    if (outgoing) return readElsewhere(conversationId, id);
    if (!o.wants().read) return;
    for (const message of markSeen(db, conversationId, id)) o.changes.message(conversationId, message);
  };
  const readElsewhere = (conversationId: ConversationId, wireId: string) => {
    const message = receivedByWireId(db, conversationId, wireId);
    if (message === null || !markRead(db, conversationId, message)) return;
    forgetMarkable(db, conversationId);
    o.changes.conversation(conversationId);
    if (conversationById(db, conversationId)?.unread === 0) o.onReadElsewhere(conversationId);
  };

  const show = (address: string, isTyping: boolean) => {
    const was = seen.has(address);
    clearTimeout(seen.get(address));
    seen.delete(address);
    if (isTyping)
      seen.set(
        address,
        setTimeout(() => show(address, false), STALE),
      );
    const conversation = was === isTyping ? null : conversationByAddress(db, address);
    if (conversation) o.events.emit('status.changed', { conversationId: conversation.id, typing: isTyping });
  };

  const stop = (id: ConversationId, state: 'paused' | 'active') => {
    const mine = typing.get(id);
    if (!mine) return;
    clearTimeout(mine.idle);
    typing.delete(id);
    connection.session()?.sendChatState(mine.address, state);
  };
  const begin = (id: ConversationId) => {
    const mine = typing.get(id);
    const idle = setTimeout(() => stop(id, 'paused'), IDLE);
    if (mine) clearTimeout(mine.idle);
    const conversation = mine ? null : conversationById(db, id);
    const address = mine?.address ?? conversation?.address;
    const wanted = mine !== undefined || (conversation?.request === 'none' && tellers.has(address ?? ''));
    if (address === undefined || !wanted) return clearTimeout(idle);
    typing.set(id, { address, idle });
    if (!mine) connection.session()?.sendChatState(address, 'composing');
  };

  connection.listen({
    onReady: () => tell(),
    onDisplayed: displayed,
    onChatState: ({ from, state }) => {
      if (!o.wants().typing) return;
      tellers.add(from);
      if (tellers.size > MOST_TELLERS) tellers.delete(tellers.values().next().value ?? '');
      show(from, state === 'composing');
    },
  });

  return {
    offers: () => ({ markable: o.wants().read, tellsChatState: o.wants().typing }),
    read: tell,
    close: () => {
      for (const { idle } of typing.values()) clearTimeout(idle);
      for (const timer of seen.values()) clearTimeout(timer);
    },
    handlers: {
      'status.typing': ({ conversationId, typing: now }) => {
        if (now && o.wants().typing) begin(conversationId);
        else stop(conversationId, 'active');
      },
      'status.seenBy': ({ id }) => {
        const message = messageById(db, id);
        if (!message) throw new PostcardError('not-found');
        return { items: o.wants().read && tellsSeen(db, message.conversationId) ? seenBy(db, id) : null };
      },
    },
  };
}

/** Addresses; strangers could make it grow. */
const MOST_TELLERS = 1_000;
