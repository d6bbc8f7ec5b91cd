import { randomUUID } from 'node:crypto';
import { maxPhotos } from '../../contract/albums.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId, StagedPhotoId } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { PhotoResult } from '../../contract/photos.ts';
import type { Events } from '../events.ts';
import type { EncodeOptions, EncodedPhoto, Media } from '../media/index.ts';
import {
  addStaged,
  conversationById,
  durably,
  insertOutgoing,
  listStaged,
  messagesByIds,
  noteHeldPhoto,
  removeStaged,
  reorder,
  setCaption,
  setStagedAlbumCaption,
  stagedAlbumCaption,
  stagedById,
  takeDraftReply,
  type NewAttachment,
  type StagedRow,
  type WritableDb,
} from '../store/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import { createHolds, type Holds } from './holds.ts';
import type { IncomingFiles } from './incoming-files.ts';
import { crossing } from './media-errors.ts';
import { prepareAll } from './prepare-photos.ts';
import { publicPart, tellStaged } from './staged-photos.ts';
import type { Nudges } from './nudges/index.ts';
import type { Requests } from './requests.ts';
import type { UndoSend } from './undo-send.ts';
import type { Uploads } from './uploads.ts';

export interface Photos {
  readonly handlers: Pick<
    Handlers,
    | 'photos.stage'
    | 'photos.staged'
    | 'photos.setCaption'
    | 'photos.reorder'
    | 'photos.unstage'
    | 'photos.preview'
    | 'photos.send'
    | 'albums.cancelSend'
  >;
}

/** Results that stay at hand between a preview and Send. */
const KEPT_RESULTS = 200;

/** From choosing to the outbox; see docs/mechanisms/photos.md. What is staged is on disk and survives a restart. */
export function createPhotos(o: {
  db: WritableDb;
  ownAddress: string;
  media: Media;
  files: IncomingFiles;
  connection: AccountConnection;
  changes: Changes;
  uploads: Uploads;
  undoSend: UndoSend;
  nudges: Nudges;
  requests: Requests;
  events: Events;
}): Photos {
  const { db, media } = o;
  const results = new Map<string, Promise<EncodedPhoto>>();
  const sending = new Map<ConversationId, AbortController>();

  const tell = (conversationId: ConversationId) => tellStaged(db, o.events, conversationId);
  const existing = (id: StagedPhotoId): StagedRow => {
    const row = stagedById(db, id);
    if (!row) throw new PostcardError('not-found');
    return row;
  };
  const original = (row: StagedRow): string => {
    const path = media.store.path(row.sha256);
    if (path === null) throw new PostcardError('file-missing', { name: row.name });
    return path;
  };

  /** The same photo at the same quality is encoded once, however often it is asked for. */
  const encoded = (row: StagedRow, how: EncodeOptions): Promise<EncodedPhoto> => {
    const options = { ...how, recipe: row.recipe };
    const key = `${row.sha256} ${JSON.stringify(options)}`;
    const known = results.get(key);
    if (known) return known.then((r) => (media.store.has(r.file.sha256) ? r : anew()));
    return anew();
    function anew() {
      const work = crossing(media.encode(original(row), options));
      results.set(key, work);
      work.catch(() => results.delete(key));
      for (const oldest of results.keys()) {
        if (results.size <= KEPT_RESULTS) break;
        results.delete(oldest);
      }
      return work;
    }
  };

  const mustHaveRoom = (conversationId: ConversationId) => {
    if (listStaged(db, conversationId).length >= maxPhotos)
      throw new PostcardError('too-many-photos', { limit: maxPhotos });
  };

  const stage = async (conversationId: ConversationId, path: string, name: string): Promise<StagedRow> => {
    mustHaveRoom(conversationId);
    const facts = await crossing(media.inspect(path));
    const file = await crossing(media.store.addFile(path));
    // Others may have come meanwhile.
    mustHaveRoom(conversationId);
    return addStaged(db, {
      conversationId,
      name,
      mediaType: facts.mediaType,
      bytes: facts.bytes,
      width: facts.width,
      height: facts.height,
      animated: facts.frames > 1,
      frames: facts.frames,
      hasLocation: facts.hasLocation,
      caption: '',
      sha256: file.sha256,
    });
  };

  /** What it makes is nobody's until it is sent: until then it is held. */
  const prepare = async (row: StagedRow, how: EncodeOptions, holds: Holds): Promise<NewAttachment> => {
    const result = await encoded(row, how);
    holds.add(result.file.sha256);
    const [{ thumbhash }] = await crossing(
      Promise.all([media.placeholder(result.file.path), media.thumbnail(result.file.sha256)]),
    );
    return {
      kind: 'photo',
      name: nameFor(row.name, result.mediaType),
      mediaType: result.mediaType,
      bytes: result.bytes,
      width: result.width,
      height: result.height,
      thumbhash,
      animated: row.frames > 1,
      localSha256: result.file.sha256,
    };
  };

  /** Refused before anything moves, so that the photos and captions stay where they are. */
  const checkLimit = async (attachments: readonly NewAttachment[]) => {
    if (!o.connection.isReady()) return;
    const limit = await o.connection.online().uploadLimit().catch(nullIfUnknown);
    if (limit === null) return;
    if (limit === 0) throw new PostcardError('upload-unsupported');
    const big = attachments.find((a) => (a.bytes ?? 0) > limit);
    if (big) throw new PostcardError('file-too-large', { limit, bytes: big.bytes ?? 0, name: big.name });
  };

  const send = async (conversationId: ConversationId, how: EncodeOptions, signal: AbortSignal) => {
    const holds = createHolds(media.store);
    try {
      return await sendHeld(conversationId, how, { signal, holds });
    } finally {
      holds.release();
    }
  };

  const sendHeld = async (
    conversationId: ConversationId,
    how: EncodeOptions,
    { signal, holds }: { signal: AbortSignal; holds: Holds },
  ) => {
    const rows = listStaged(db, conversationId);
    const told = (done: number) =>
      o.events.emit('albums.preparing', { conversationId, progress: { done, count: rows.length } });
    told(0);
    const attachments = await prepareAll(rows, (row) => prepare(row, how, holds), {
      signal,
      onProgress: told,
    });
    await checkLimit(attachments);
    // From here on they are messages, to be taken back one by one.
    if (signal.aborted) throw new PostcardError('cancelled');
    const ids = durably(db, () => turnIntoMessages(conversationId, rows, attachments));
    for (const id of ids) o.changes.message(conversationId, id);
    tell(conversationId);
    o.undoSend.arrange();
    o.uploads.pump();
    return messagesByIds(db, ids);
  };

  /** In the transaction of the caller: what is staged goes, messages with their outbox rows come. */
  const turnIntoMessages = (
    conversationId: ConversationId,
    rows: readonly StagedRow[],
    attachments: readonly NewAttachment[],
  ) => {
    // Taken away meanwhile: then it is not sent.
    const present = rows.flatMap((row, at) => {
      const still = stagedById(db, row.id);
      const attachment = attachments[at];
      return still && attachment ? [{ still, attachment }] : [];
    });
    const common = stagedAlbumCaption(db, conversationId).trim();
    setStagedAlbumCaption(db, conversationId, '');
    const id = randomUUID();
    const count = present.length;
    const reply = count > 0 ? takeDraftReply(db, conversationId) : null;
    const holdUntil = o.undoSend.until();
    return present.map(({ still, attachment }, index) => {
      removeStaged(db, still.id);
      const own = still.caption.trim();
      const alone = [common, own].filter((text) => text !== '').join('\n\n');
      const message = insertOutgoing(db, {
        conversationId,
        originId: randomUUID(),
        text: count > 1 ? own : alone,
        sentAt: Date.now(),
        senderAddress: o.ownAddress,
        attachments: [attachment],
        album: count > 1 ? { id, index, count, caption: index === 0 ? common : '' } : null,
        reply: index === 0 ? reply : null,
        holdUntil,
      });
      // What was for all of them is its own when it is the only one.
      const caption = count > 1 ? still.caption : alone;
      if (holdUntil > 0) noteHeldPhoto(db, message, { ...still, caption });
      return message;
    });
  };

  return {
    handlers: {
      'albums.cancelSend': ({ conversationId }) => sending.get(conversationId)?.abort(),
      'photos.stage': async ({ conversationId, source }) => {
        if (!conversationById(db, conversationId)) throw new PostcardError('not-found');
        const { path, name } = await o.files.resolve(source);
        const row = await stage(conversationId, path, name);
        await o.files.release(source);
        tell(conversationId);
        return publicPart(row);
      },
      'photos.staged': ({ conversationId }) => listStaged(db, conversationId).map(publicPart),
      'photos.setCaption': ({ id, caption }) => {
        existing(id);
        setCaption(db, id, caption);
      },
      'photos.reorder': ({ conversationId, ids }) => {
        reorder(db, conversationId, ids);
        tell(conversationId);
      },
      'photos.unstage': ({ id }) => {
        const row = stagedById(db, id);
        if (!row) return;
        removeStaged(db, id);
        tell(row.conversationId);
      },
      'photos.preview': async ({ id, ...how }): Promise<PhotoResult> => {
        const row = existing(id);
        const r = await encoded(row, how);
        const { mediaType, bytes, width, height, unchanged } = r;
        return { sha256: r.file.sha256, mediaType, bytes, width, height, unchanged };
      },
      'photos.send': async ({ conversationId, anyway, ...how }) => {
        // A second press of Send while the first one is being prepared must not send twice.
        if (sending.has(conversationId)) return [];
        const text = listStaged(db, conversationId).map(({ caption }) => caption);
        const messages = text.length;
        text.push(stagedAlbumCaption(db, conversationId));
        o.nudges.before({ conversationId, text: text.join('\n'), media: true, messages, anyway });
        o.requests.writing(conversationId);
        const control = new AbortController();
        sending.set(conversationId, control);
        try {
          return await send(conversationId, how, control.signal);
        } finally {
          sending.delete(conversationId);
          o.events.emit('albums.preparing', { conversationId, progress: null });
        }
      },
    },
  };
}

/** The connection went while it was asked: the photos wait, and the upload finds out. */
function nullIfUnknown(error: unknown): null {
  if (error instanceof PostcardError && (error.code === 'offline' || error.code === 'no-answer')) return null;
  throw error;
}

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/avif': 'avif',
};

/** The chosen name with the extension of what is really sent. */
function nameFor(name: string, mediaType: string): string {
  const extension = EXTENSIONS[mediaType];
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  const known = name.slice(dot + 1).toLowerCase();
  if (!extension || known === extension || (extension === 'jpg' && known === 'jpeg')) return name;
  return `${stem}.${extension}`;
}
