import { PostcardError } from '../../contract/errors.ts';
import type { MessageId } from '../../contract/ids.ts';
import type { Media } from '../media/index.ts';
import {
  attachmentsOfMessage,
  delayTry,
  durably,
  filesDone,
  setUploaded,
  uploadsWaiting,
  type AttachmentRow,
  type OutboxRow,
  type WritableDb,
} from '../store/index.ts';
import { uploadFile } from '../xmpp/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import type { FileHosts } from './file-hosts.ts';
import { asPostcardError } from './media-errors.ts';
import type { Outbox } from './outbox.ts';
import type { StickerFiles } from './stickers/files.ts';

/** Brings the files of waiting messages to the server (XEP-0363), so that the outbox can send them. */
export interface Uploads {
  pump(): void;
  /** Stops an upload under way. */
  cancel(id: MessageId): void;
  close(): void;
}

const AT_ONCE = 2;
/** ms between two words of how far an upload is: the window draws for each. */
const TELL_EVERY = 100;
/** ms until an upload is tried again while the connection is up; after that it has failed. */
const RETRY_AFTER = [1000, 5000, 20_000];
/** ms until what could not be written down is tried again. */
const NOT_NOTED = 20_000;

export function createUploads(o: {
  db: WritableDb;
  media: Media;
  connection: AccountConnection;
  changes: Changes;
  outbox: Outbox;
  hosts: FileHosts;
  stickers: StickerFiles;
  log(line: string): void;
}): Uploads {
  const { db, connection, changes } = o;
  const running = new Map<MessageId, AbortController>();
  /** Those that wait for their next try. */
  const resting = new Map<MessageId, NodeJS.Timeout>();
  let closed = false;

  const pump = () => {
    if (closed || !connection.isReady()) return;
    const rows = uploadsWaiting(db).filter(
      (row) => !running.has(row.messageId) && !resting.has(row.messageId),
    );
    for (const row of rows.slice(0, AT_ONCE - running.size)) {
      const control = new AbortController();
      running.set(row.messageId, control);
      run(row, control.signal)
        .catch((error: unknown) => {
          // A full disk: what could not be noted is tried again, not at once.
          o.log(`an upload was not noted: ${String(error)}`);
          rest(row.messageId, NOT_NOTED);
        })
        .finally(() => {
          running.delete(row.messageId);
          changes.setProgress(row.conversationId, row.messageId, null);
          changes.message(row.conversationId, row.messageId);
          pump();
        });
    }
  };

  const run = async (row: OutboxRow, signal: AbortSignal) => {
    try {
      for (const attachment of attachmentsOfMessage(db, row.messageId)) {
        if (attachment.url === null) await upload(row, attachment, signal);
      }
      durably(db, () => filesDone(db, row.messageId));
      o.outbox.pump();
    } catch (error) {
      if (!closed && !signal.aborted) failed(row, error);
    }
  };

  const upload = async (row: OutboxRow, file: AttachmentRow, signal: AbortSignal) => {
    const there = file.kind === 'sticker' ? await o.stickers.known(file.localSha256 ?? '') : null;
    if (there !== null) return setUploaded(db, file.id, there);
    const path = file.localSha256 === null ? null : o.media.store.path(file.localSha256);
    if (path === null) throw new PostcardError('file-missing', { name: file.name });
    const bytes = file.bytes ?? 0;
    const slot = await connection.online().requestSlot({ name: file.name, bytes, mediaType: file.mediaType });
    let told = 0;
    await uploadFile({
      slot,
      path,
      bytes,
      mediaType: file.mediaType,
      signal,
      allowPrivate: o.hosts.allowed,
      onProgress: (sent) => {
        const now = performance.now();
        if (now - told < TELL_EVERY && sent < bytes) return;
        told = now;
        changes.setProgress(row.conversationId, row.messageId, bytes > 0 ? sent / bytes : 1);
      },
    });
    if (file.kind === 'sticker') o.stickers.note(file.localSha256 ?? '', slot.get);
    setUploaded(db, file.id, slot.get);
  };

  /** A lost connection waits for the next one; what the server refuses for good fails; the rest is tried again. */
  const failed = (row: OutboxRow, error: unknown) => {
    const known = asPostcardError(error);
    if (!known) o.log(`an upload failed: ${String(error)}`);
    const code = known?.code ?? 'upload-failed';
    if (code === 'offline' || !connection.isReady()) return;
    const wait = RETRY_AFTER[row.attempts];
    if (wait === undefined || (code !== 'upload-failed' && code !== 'no-answer'))
      return o.outbox.fail(row, code, known?.detail);
    delayTry(db, row.messageId, Date.now() + wait);
    rest(row.messageId, wait + 10);
  };
  const rest = (id: MessageId, ms: number) => {
    if (closed) return;
    clearTimeout(resting.get(id));
    const timer = setTimeout(() => {
      resting.delete(id);
      pump();
    }, ms);
    resting.set(id, timer);
  };

  connection.listen({ onReady: pump });
  return {
    pump,
    cancel: (id) => running.get(id)?.abort(),
    close: () => {
      closed = true;
      for (const control of running.values()) control.abort();
      for (const timer of resting.values()) clearTimeout(timer);
    },
  };
}
