import { PostcardError, type ErrorCode } from '../../contract/errors.ts';
import type { AttachmentId, MessageId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Media, StoredFile } from '../media/index.ts';
import {
  attachmentById,
  attachmentsOfMessage,
  attachmentsToDownload,
  messageById,
  setAttachmentState,
  setLocalFile,
  type AttachmentRow,
  type WritableDb,
} from '../store/index.ts';
import { downloadFile } from '../xmpp/index.ts';
import type { Changes } from './changes.ts';
import type { FileHosts } from './file-hosts.ts';
import { asPostcardError } from './media-errors.ts';

/** Fetches what others sent: few at a time, each measured before it is shown. */
export interface Downloads {
  /** Fetches the pictures of a message that has just come or come into view, unless they are here already. */
  wanted(id: MessageId): void;
  close(): void;
  readonly handlers: Pick<Handlers, 'attachments.download'>;
}

/** Bytes. What is bigger than this waits for a click. */
const UNASKED_MAX = 50_000_000;
/** Bytes. */
const MAX = 200_000_000;
const AT_ONCE = 3;

export function createDownloads(o: {
  db: WritableDb;
  media: Media;
  changes: Changes;
  hosts: FileHosts;
  online(): boolean;
  log(line: string): void;
}): Downloads {
  const { db, media, changes } = o;
  const waiting: AttachmentId[] = [];
  const running = new Map<AttachmentId, AbortController>();
  let closed = false;

  const enqueue = (id: AttachmentId) => {
    if (closed || running.has(id) || waiting.includes(id)) return;
    waiting.push(id);
    next();
  };
  const next = () => {
    while (!closed && running.size < AT_ONCE) {
      const id = waiting.shift();
      if (id === undefined) return;
      const control = new AbortController();
      running.set(id, control);
      void fetchOne(id, control.signal).finally(() => {
        running.delete(id);
        next();
      });
    }
  };

  const fetchOne = async (id: AttachmentId, signal: AbortSignal) => {
    const row = attachmentById(db, id);
    if (!row || row.url === null || row.state === 'ready') return;
    set(row, 'downloading');
    try {
      const file = await fetchFile(row, row.url, signal);
      if (row.remoteSha256 !== null && row.remoteSha256 !== file.sha256)
        throw new PostcardError('download-refused');
      await accept(row, file);
    } catch (error) {
      const failure = asPostcardError(error);
      if (!failure) o.log(`a download failed: ${String(error)}`);
      // Offline is no failure of the file: it is fetched when it comes into view with a connection.
      if (!closed && !o.online() && failure?.code === 'download-failed') set(row, 'remote');
      else if (!closed) set(row, 'failed', failure?.code ?? 'download-failed', failure?.detail);
    }
  };

  const fetchFile = async (row: AttachmentRow, url: string, signal: AbortSignal): Promise<StoredFile> => {
    const download = await downloadFile({
      url: o.hosts.current(url),
      maxBytes: MAX,
      signal,
      allowPrivate: o.hosts.allowed,
    });
    return media.store.addStream(download.body, { maxBytes: MAX, signal });
  };

  const accept = async (row: AttachmentRow, file: StoredFile) => {
    const measured = row.kind === 'photo' ? await measure(row, file) : { width: null, height: null };
    if (closed) return;
    setLocalFile(db, row.id, {
      sha256: file.sha256,
      bytes: file.bytes,
      mediaType: file.mediaType,
      ...measured,
    });
    tell(row.messageId);
  };

  const measure = async (row: AttachmentRow, file: StoredFile) => {
    const facts = await media.inspect(file.path);
    await media.thumbnail(file.sha256);
    const thumbhash = row.thumbhash ?? (await media.placeholder(file.path)).thumbhash;
    return { width: facts.width, height: facts.height, mediaType: facts.mediaType, thumbhash };
  };

  const set = (
    row: AttachmentRow,
    state: 'remote' | 'downloading' | 'failed',
    code?: ErrorCode,
    detail = {},
  ) => {
    setAttachmentState(db, row.id, state, code === undefined ? undefined : { code, detail });
    tell(row.messageId);
  };
  const tell = (messageId: MessageId) => {
    const message = messageById(db, messageId);
    if (message) changes.message(message.conversationId, messageId);
  };

  // What a crash or a quit interrupted.
  for (const row of attachmentsToDownload(db, 100)) enqueue(row.id);

  return {
    wanted: (messageId) => {
      for (const row of attachmentsOfMessage(db, messageId)) {
        const here = row.state === 'ready' || row.state === 'failed';
        if (!here && row.kind === 'photo' && (row.bytes ?? 0) <= UNASKED_MAX) enqueue(row.id);
      }
    },
    close: () => {
      closed = true;
      for (const control of running.values()) control.abort();
    },
    handlers: {
      'attachments.download': ({ id }) => {
        if (!attachmentById(db, id)) throw new PostcardError('not-found');
        enqueue(id);
      },
    },
  };
}
