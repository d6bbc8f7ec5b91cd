import { PostcardError, type ErrorCode, type ErrorDetail } from '../../contract/errors.ts';
import type { AttachmentId, MessageId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Media, StoredFile } from '../media/index.ts';
import {
  attachmentById,
  attachmentsOfMessage,
  attachmentsToDownload,
  localFilesInUse,
  messageById,
  setAttachmentState,
  setLocalFile,
  type AttachmentRow,
  type WritableDb,
} from '../store/index.ts';
import { downloadFile } from '../xmpp/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import type { Events } from '../events.ts';
import { measureFile } from './measure-file.ts';
import type { FileHosts } from './file-hosts.ts';
import { asPostcardError } from './media-errors.ts';

/** Fetches what others sent: few at a time, each measured before it is shown. */
export interface Downloads {
  /** Fetches the pictures of a message that has just come or come into view, unless they are here already. */
  wanted(id: MessageId): void;
  /** Resolves when this file is here. Throws the reason when it can't be had now. */
  fetched(id: AttachmentId): Promise<void>;
  close(): void;
  readonly handlers: Pick<Handlers, 'attachments.download' | 'attachments.cancel'>;
}

/** Bytes. What is bigger than this waits for a click; so does a film of unknown size, and every other file. */
const UNASKED: Readonly<Record<AttachmentRow['kind'], number>> = {
  photo: 50_000_000,
  sticker: 50_000_000,
  voice: 10_000_000,
  audio: 10_000_000,
  video: 10_000_000,
  file: -1,
};
/** Bytes. */
const MAX_PICTURE = 200_000_000;
const MAX_FILE = 2_000_000_000;
/** ms between two words on how far one has come. */
const TELL_EVERY = 150;
const isPicture = ({ kind }: AttachmentRow): boolean => kind === 'photo' || kind === 'sticker';
const AT_ONCE = 3;
/** ms until a file that broke off is fetched again; after that it has failed, and waits for a click. */
const RETRY_AFTER = [1000, 5000, 20_000];

export function createDownloads(o: {
  db: WritableDb;
  media: Media;
  changes: Changes;
  hosts: FileHosts;
  connection: AccountConnection;
  events: Events;
  log(line: string): void;
}): Downloads {
  const { db, media, changes } = o;
  const waiting: AttachmentId[] = [];
  const running = new Map<AttachmentId, AbortController>();
  /** Broke off for want of a connection, or waits for its next try. */
  const interrupted = new Set<AttachmentId>();
  const tries = new Map<AttachmentId, number>();
  const timers = new Set<NodeJS.Timeout>();
  const waiters = new Map<AttachmentId, ((error: PostcardError | null) => void)[]>();
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
      fetchOne(id, control.signal)
        // What could not even be noted (disk full, closed meanwhile): it is fetched when it comes into view again.
        .catch((error: unknown) => o.log(`a download was not noted: ${String(error)}`))
        .finally(() => {
          running.delete(id);
          answer(id);
          next();
        });
    }
  };

  /** Tells those who wait for a file, unless it is tried again by itself. */
  const answer = (id: AttachmentId) => {
    const told = waiters.get(id);
    const row = closed || !told ? null : attachmentById(db, id);
    if (!told || row?.state === 'downloading') return;
    waiters.delete(id);
    const { code, detail } =
      row?.problem ?? ({ code: row?.state === 'remote' ? 'offline' : 'not-found' } as const);
    for (const tell of told) tell(row?.state === 'ready' ? null : new PostcardError(code, detail));
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
      if (closed) return;
      if (signal.aborted) set(row, 'remote');
      else failed(row, error);
    }
  };

  /** Offline is no failure of the file: it is fetched with the next connection. */
  const failed = (row: AttachmentRow, error: unknown) => {
    const failure = asPostcardError(error);
    if (!failure) o.log(`a download failed: ${String(error)}`);
    const code = failure?.code ?? 'download-failed';
    // A hub that is away is refused, like any address that is not its own.
    const mayPass = code === 'download-failed' || code === 'download-refused';
    if (mayPass && !o.connection.isReady()) {
      interrupted.add(row.id);
      return set(row, 'remote');
    }
    const count = tries.get(row.id) ?? 0;
    const wait = brokeOff(code, failure?.detail) ? RETRY_AFTER[count] : undefined;
    if (wait === undefined) return giveUp(row, code, failure?.detail);
    tries.set(row.id, count + 1);
    later(row.id, wait);
  };
  const giveUp = (row: AttachmentRow, code: ErrorCode, detail: ErrorDetail = {}) => {
    tries.delete(row.id);
    set(row, 'failed', code, detail);
  };
  const later = (id: AttachmentId, ms: number) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      enqueue(id);
    }, ms);
    timers.add(timer);
  };
  const goOn = () => {
    for (const id of interrupted) enqueue(id);
    interrupted.clear();
  };

  const fetchFile = async (row: AttachmentRow, url: string, signal: AbortSignal): Promise<StoredFile> => {
    const maxBytes = isPicture(row) ? MAX_PICTURE : MAX_FILE;
    let told = 0;
    const download = await downloadFile({
      url: o.hosts.current(url),
      maxBytes,
      onProgress: (received, total) => {
        if (Date.now() - told < TELL_EVERY) return;
        told = Date.now();
        o.events.emit('attachments.progress', { id: row.id, received, total });
      },
      signal,
      allowPrivate: o.hosts.allowed,
    });
    return media.store.addStream(download.body, { maxBytes, signal });
  };

  const accept = async (row: AttachmentRow, file: StoredFile) => {
    // Nothing refers to it yet.
    const release = media.store.hold(file.sha256);
    const measuring = isPicture(row) ? measure(row, file) : measureFile(row.kind, file);
    const measured = await measuring.finally(release);
    if (closed) return;
    // Taken back while it came in: what nobody refers to is not kept.
    if (!attachmentById(db, row.id) && !localFilesInUse(db).has(file.sha256))
      return media.store.forget(file.sha256, Date.now());
    setLocalFile(db, row.id, {
      sha256: file.sha256,
      bytes: file.bytes,
      ...measured,
    });
    tries.delete(row.id);
    tell(row.messageId);
  };

  const measure = async (row: AttachmentRow, file: StoredFile) => {
    const facts = await media.inspect(file.path);
    const placeholder = row.thumbhash === null ? media.placeholder(file.path) : row;
    const [{ thumbhash }] = await Promise.all([placeholder, media.thumbnail(file.sha256)]);
    const { width, height, mediaType } = facts;
    return { width, height, mediaType, thumbhash, animated: facts.frames > 1 };
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
  for (const row of attachmentsToDownload(db, 100)) interrupted.add(row.id);
  o.connection.listen({ onReady: goOn });

  return {
    wanted: (messageId) => {
      for (const row of attachmentsOfMessage(db, messageId)) {
        const here = row.state === 'ready' || row.state === 'failed';
        const bytes = row.bytes ?? (row.kind === 'video' ? Infinity : 0);
        if (!here && bytes <= UNASKED[row.kind]) enqueue(row.id);
      }
    },
    fetched: async (id) => {
      if (attachmentById(db, id)?.state === 'ready') return;
      const error = await new Promise<PostcardError | null>((resolve) => {
        waiters.set(id, [...(waiters.get(id) ?? []), resolve]);
        enqueue(id);
      });
      if (error) throw error;
    },
    close: () => {
      closed = true;
      for (const id of waiters.keys()) answer(id);
      for (const control of running.values()) control.abort();
      for (const timer of timers) clearTimeout(timer);
    },
    handlers: {
      'attachments.download': ({ id }) => {
        if (!attachmentById(db, id)) throw new PostcardError('not-found');
        enqueue(id);
      },
      'attachments.cancel': ({ id }) => {
        const waits = waiting.indexOf(id);
        if (waits >= 0) waiting.splice(waits, 1);
        running.get(id)?.abort();
      },
    },
  };
}

/** The connection went, or the server has a bad moment: not what it says for good. */
function brokeOff(code: ErrorCode, detail: ErrorDetail = {}): boolean {
  if (code !== 'download-failed') return false;
  return typeof detail['status'] !== 'number' || detail['status'] >= 500;
}
