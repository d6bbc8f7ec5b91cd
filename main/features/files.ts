import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { StagedFile } from '../../contract/files.ts';
import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId, FileSource } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import type { Message } from '../../contract/messages.ts';
import type { Events } from '../events.ts';
import { placePatches } from '../media/containers/facts.ts';
import { patched } from '../media/containers/patched.ts';
import type { Media } from '../media/index.ts';
import {
  addStagedFile,
  conversationById,
  durably,
  insertOutgoing,
  listStagedFiles,
  messagesByIds,
  removeStagedFile,
  setFileCaption,
  setPoster,
  stagedFileById,
  type NewAttachment,
  type StagedFileRow,
  type WritableDb,
} from '../store/index.ts';
import type { Changes } from './changes.ts';
import type { AccountConnection } from './connection.ts';
import type { IncomingFiles } from './incoming-files.ts';
import { measureFile } from './measure-file.ts';
import { crossing } from './media-errors.ts';
import type { Nudges } from './nudges/index.ts';
import type { Requests } from './requests.ts';
import type { Uploads } from './uploads.ts';

/** Files that wait in one conversation. */
const MOST = 100;

type Own = Extract<keyof Handlers, `files.${string}`>;

/** Videos and files from choosing to the outbox; see docs/mechanisms/files.md. */
export function createFiles(o: {
  db: WritableDb;
  ownAddress: string;
  media: Media;
  files: IncomingFiles;
  connection: AccountConnection;
  changes: Changes;
  uploads: Uploads;
  nudges: Nudges;
  requests: Requests;
  events: Events;
}): {
  readonly handlers: Pick<Handlers, Own>;
  /** Rejects with file-too-large or upload-unsupported, where the server's word is known. Bytes. */
  mustFit(bytes: number, name: string): Promise<void>;
} {
  const { db, media } = o;

  const tell = (conversationId: ConversationId) =>
    o.events.emit('files.stagedChanged', {
      conversationId,
      items: listStagedFiles(db, conversationId).map(publicPart),
    });

  /** Null while the server's word is not known; the upload finds out then. */
  const limit = async (): Promise<number | null> => {
    if (!o.connection.isReady()) return null;
    try {
      return await o.connection.online().uploadLimit();
    } catch (error) {
      if (error instanceof PostcardError && (error.code === 'offline' || error.code === 'no-answer'))
        return null;
      throw error;
    }
  };
  const mustFit = async (bytes: number, name: string) => {
    const most = await limit();
    if (most === 0) throw new PostcardError('upload-unsupported');
    if (most !== null && bytes > most)
      throw new PostcardError('file-too-large', { limit: most, bytes, name });
  };

  const stage = async (conversationId: ConversationId, source: FileSource): Promise<StagedFile> => {
    if (!conversationById(db, conversationId)) throw new PostcardError('not-found');
    if (listStagedFiles(db, conversationId).length >= MOST)
      throw new PostcardError('too-many-photos', { limit: MOST });
    const { path, name } = await o.files.resolve(source);
    const { size } = await stat(path);
    if (size === 0) throw new PostcardError('file-empty', { name });
    await mustFit(size, name);
    const file = await crossing(media.store.addFile(path));
    const facts = await measureFile('audio', file);
    const patches = facts.kind === 'file' ? [] : await placePatches(file.path, file.mediaType);
    const row = addStagedFile(db, {
      ...{ conversationId, name, caption: '', thumbhash: null, bytes: file.bytes, sha256: file.sha256 },
      kind: facts.kind === 'video' || facts.kind === 'audio' ? facts.kind : 'file',
      mediaType: facts.mediaType,
      width: facts.width,
      height: facts.height,
      durationMs: facts.durationMs ?? null,
      hasLocation: patches.length > 0,
    });
    await o.files.release(source);
    tell(conversationId);
    return publicPart(row);
  };

  /** The file as it goes out: where it was made is left out unless asked for. As many bytes as before. */
  const leaving = async (row: StagedFileRow, keepLocation: boolean): Promise<string> => {
    const path = media.store.path(row.sha256);
    if (path === null) throw new PostcardError('file-missing', { name: row.name });
    if (keepLocation || !row.hasLocation) return row.sha256;
    const patches = await placePatches(path, row.mediaType);
    const file = await crossing(media.store.addStream(patched(createReadStream(path), patches)));
    return file.sha256;
  };

  const post = (conversationId: ConversationId, text: string, attachment: NewAttachment) =>
    insertOutgoing(db, {
      ...{ conversationId, text, originId: randomUUID(), sentAt: Date.now() },
      senderAddress: o.ownAddress,
      attachments: [attachment],
    });

  const sending = new Set<ConversationId>();
  const send = async (conversationId: ConversationId, keepLocation: boolean): Promise<Message[]> => {
    const rows = listStagedFiles(db, conversationId);
    for (const row of rows) await mustFit(row.bytes, row.name);
    const hashes: string[] = [];
    for (const row of rows) hashes.push(await leaving(row, keepLocation));
    const ids = durably(db, () =>
      rows.flatMap((row, at) => {
        // Taken away meanwhile: then it is not sent. Its caption may have changed.
        const still = stagedFileById(db, row.id);
        if (!still) return [];
        removeStagedFile(db, row.id);
        return [post(conversationId, still.caption.trim(), attachmentOf(still, hashes[at] ?? row.sha256))];
      }),
    );
    return sent(conversationId, ids);
  };
  const sent = (conversationId: ConversationId, ids: readonly Message['id'][]): Message[] => {
    for (const id of ids) o.changes.message(conversationId, id);
    tell(conversationId);
    o.uploads.pump();
    return messagesByIds(db, ids);
  };

  return {
    mustFit,
    handlers: {
      'files.limit': limit,
      'files.stage': ({ conversationId, source }) => stage(conversationId, source),
      'files.staged': ({ conversationId }) => listStagedFiles(db, conversationId).map(publicPart),
      'files.setPoster': async ({ id, source, width, height }) => {
        const { path } = await o.files.resolve(source);
        const { thumbhash } = await crossing(media.placeholder(path));
        setPoster(db, id, { thumbhash, width, height });
        await o.files.release(source);
        const row = stagedFileById(db, id);
        if (row) tell(row.conversationId);
      },
      'files.setCaption': ({ id, caption }) => {
        if (!setFileCaption(db, id, caption)) throw new PostcardError('not-found');
      },
      'files.unstage': ({ id }) => {
        const row = stagedFileById(db, id);
        if (!row) return;
        removeStagedFile(db, id);
        tell(row.conversationId);
      },
      'files.send': async ({ conversationId, keepLocation, anyway }) => {
        // A second press of Send must not send twice.
        if (sending.has(conversationId)) return [];
        const text = listStagedFiles(db, conversationId).map(({ caption }) => caption);
        const messages = text.length;
        o.nudges.before({ conversationId, text: text.join('\n'), media: true, messages, anyway });
        o.requests.writing(conversationId);
        sending.add(conversationId);
        try {
          return await send(conversationId, keepLocation);
        } finally {
          sending.delete(conversationId);
        }
      },
    },
  };
}

function publicPart({ sha256: _sha256, thumbhash: _thumbhash, ...file }: StagedFileRow): StagedFile {
  return file;
}

const attachmentOf = (row: StagedFileRow, localSha256: string): NewAttachment => {
  const { kind, name, mediaType, bytes, width, height, durationMs, thumbhash } = row;
  return { kind, name, mediaType, bytes, width, height, durationMs, thumbhash, localSha256 };
};
