import type { ConversationId, MessageId } from '../../contract/ids.ts';
import type { ParsedParams, Result } from '../../contract/index.ts';
import type { DeliveryState, Message } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { InboundRow, Inserted, InsertOptions, NewAttachment, Problem } from './rows.ts';

export interface OutgoingMessage {
  readonly conversationId: ConversationId;
  readonly originId: string;
  readonly text: string;
  /** Unix time, ms. */
  readonly sentAt: number;
  readonly senderAddress: string;
  readonly attachments?: readonly NewAttachment[];
}
/** Stores a message written here, as `sending` with its outbox row. Call inside `durably`. */
export function insertOutgoing(_db: WritableDb, _m: OutgoingMessage): MessageId {
  throw new Error('not there yet');
}
/** Stores a message from the wire once, however often and by whichever way it comes. */
export function insertInbound(_db: WritableDb, _m: InboundRow, _o: InsertOptions): Inserted {
  throw new Error('not there yet');
}
/** One archive page, oldest first (whichever way pages are fetched), in one transaction. Answers in the rows' order. */
export function insertArchivePage(
  _db: WritableDb,
  _rows: readonly InboundRow[],
  _o: InsertOptions,
): Inserted[] {
  throw new Error('not there yet');
}
export function messagesPage(
  _db: ReadableDb,
  _o: ParsedParams<'messages.page'>,
): { items: Message[]; hasOlder: boolean; hasNewer: boolean } & Result<'messages.page'> {
  throw new Error('not there yet');
}
export function messageById(_db: ReadableDb, _id: MessageId): Message | null {
  throw new Error('not there yet');
}
/** In the order of their positions; unknown ids are left out. */
export function messagesByIds(_db: ReadableDb, _ids: readonly MessageId[]): Message[] {
  throw new Error('not there yet');
}
/** Sets the state; never from delivered or read back to anything less. True when it changed. */
export function setState(
  _db: WritableDb,
  _id: MessageId,
  _state: DeliveryState,
  _problem?: Problem,
): boolean {
  throw new Error('not there yet');
}
/** The server has it: sending or failed becomes sent, its outbox row goes. The id, or null when there is no such message of ours. */
export function markSent(
  _db: WritableDb,
  _originId: string,
  _o?: { stanzaId?: string | null },
): { id: MessageId; conversationId: ConversationId; changed: boolean } | null {
  throw new Error('not there yet');
}
/** Receipts from the other side of this conversation. Returns those that changed. */
export function markDelivered(
  _db: WritableDb,
  _o: { conversationId: ConversationId; originIds: readonly string[] },
): MessageId[] {
  throw new Error('not there yet');
}
/** Takes a message away with its files' rows, outbox row and search entries. False when there is none. */
export function deleteMessage(_db: WritableDb, _id: MessageId): boolean {
  throw new Error('not there yet');
}
