import type { AttachmentId, MessageId } from '../../contract/ids.ts';
import type { Attachment } from '../../contract/messages.ts';
import type { ReadableDb, WritableDb } from './db.ts';
import type { AttachmentRow, Problem } from './rows.ts';

export function attachmentById(_db: ReadableDb, _id: AttachmentId): AttachmentRow | null {
  throw new Error('not there yet');
}
export function attachmentsOfMessage(_db: ReadableDb, _id: MessageId): AttachmentRow[] {
  throw new Error('not there yet');
}
export function setAttachmentState(
  _db: WritableDb,
  _id: AttachmentId,
  _state: Attachment['state'],
  _problem?: Problem,
): void {
  throw new Error('not there yet');
}
/** It is in the media store now: `ready`, with what was measured. */
export function setLocalFile(
  _db: WritableDb,
  _id: AttachmentId,
  _f: {
    sha256: string;
    bytes: number;
    mediaType: string;
    width: number | null;
    height: number | null;
    thumbhash?: string | null;
  },
): void {
  throw new Error('not there yet');
}
/** The upload's address. When it was the message's last one, its outbox row becomes `ready`. */
export function setUploaded(_db: WritableDb, _id: AttachmentId, _url: string): void {
  throw new Error('not there yet');
}
/** Those in state `downloading`, newest first: also the ones a crash interrupted. */
export function attachmentsToDownload(_db: ReadableDb, _limit: number): AttachmentRow[] {
  throw new Error('not there yet');
}
/** Every file of the media store that something refers to: attachments, staged photos, avatars. */
export function localFilesInUse(_db: ReadableDb): Set<string> {
  throw new Error('not there yet');
}
/** Files that can be fetched again: received ones with an address, used by nothing else. */
export function evictable(_db: ReadableDb): Set<string> {
  throw new Error('not there yet');
}
/** The file is gone from the media store: its received attachments are `remote` again. Returns their messages. */
export function markEvicted(_db: WritableDb, _sha256: string): MessageId[] {
  throw new Error('not there yet');
}
