import type { ErrorCode, ErrorDetail } from '../../contract/errors.ts';
import type { MessageId } from '../../contract/ids.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { OutboxRow, OutboxStage } from './rows.ts';

/** What may go on the wire now: of each conversation its oldest row that is not there yet, when it is `ready`. */
export function nextToSend(_db: ReadableDb, _now?: number): OutboxRow[] {
  throw new Error('not there yet');
}
/** `wire` counts an attempt and takes the time. False when the message has no outbox row. */
export function setStage(_db: WritableDb, _id: MessageId, _stage: OutboxStage, _now?: number): boolean {
  throw new Error('not there yet');
}
/** Not before this time (Unix, ms): back-off after a failed try, which is counted. Holds its conversation back. */
export function delayTry(_db: WritableDb, _id: MessageId, _nextTry: number): void {
  throw new Error('not there yet');
}
/** On the wire without confirmation, in the order they were written by the person. */
export function onWire(_db: ReadableDb): OutboxRow[] {
  throw new Error('not there yet');
}
export function outboxByOriginId(_db: ReadableDb, _originId: string): OutboxRow | null {
  throw new Error('not there yet');
}
export function outboxByMessageId(_db: ReadableDb, _id: MessageId): OutboxRow | null {
  throw new Error('not there yet');
}
export function removeFromOutbox(_db: WritableDb, _id: MessageId): boolean {
  throw new Error('not there yet');
}
/** The message has failed and blocks no other. False when it had no outbox row. */
export function failOutbox(
  _db: WritableDb,
  _id: MessageId,
  _code: ErrorCode,
  _detail?: ErrorDetail,
): boolean {
  throw new Error('not there yet');
}
/** From the wire back to `ready`, at their old places. */
export function requeue(_db: WritableDb, _ids: readonly MessageId[]): void {
  throw new Error('not there yet');
}
/** A failed message again: it keeps its place in the conversation and goes before what waits there. */
export function retry(_db: WritableDb, _id: MessageId, _now?: number): boolean {
  throw new Error('not there yet');
}
export function hasUnsent(_db: ReadableDb): number {
  throw new Error('not there yet');
}
/** Rows whose files are to be uploaded, oldest first. */
export function uploadsWaiting(_db: ReadableDb, _now?: number): OutboxRow[] {
  throw new Error('not there yet');
}
