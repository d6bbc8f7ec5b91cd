import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { PostcardError } from '../../contract/errors.ts';
import type { ConversationId, FileSource } from '../../contract/ids.ts';
import type { Handlers } from '../../contract/index.ts';
import { longestVoice, type KeptVoice } from '../../contract/voice-notes.ts';
import type { Events } from '../events.ts';
import { withDuration } from '../media/containers/webm.ts';
import type { Media, StoredFile } from '../media/index.ts';
import {
  conversationById,
  dropVoice,
  durably,
  insertOutgoing,
  keepVoice,
  keptVoice,
  messagesByIds,
  type KeptVoiceRow,
  type WritableDb,
} from '../store/index.ts';
import type { Changes } from './changes.ts';
import type { IncomingFiles } from './incoming-files.ts';
import { measureFile } from './measure-file.ts';
import { crossing } from './media-errors.ts';
import type { Nudges } from './nudges/index.ts';
import type { Requests } from './requests.ts';
import type { Uploads } from './uploads.ts';

/** Bytes: ten minutes of speech have 5 MB at most; it is read at once to be mended. */
const MAX_VOICE = 50_000_000;
/** ms: stopping takes a moment. */
const SLACK = 5_000;

const endings: Readonly<Record<string, string>> = { 'audio/webm': 'webm', 'audio/mp4': 'm4a' };

type Own = Extract<keyof Handlers, `voice.${string}`>;

/** Voice notes from the end of a recording to the outbox; see docs/mechanisms/voice.md. */
export function createVoiceNotes(o: {
  db: WritableDb;
  ownAddress: string;
  media: Media;
  files: IncomingFiles;
  changes: Changes;
  uploads: Uploads;
  nudges: Nudges;
  requests: Requests;
  events: Events;
  /** Rejects with file-too-large or upload-unsupported. Bytes. */
  mustFit(bytes: number, name: string): Promise<void>;
}): { readonly handlers: Pick<Handlers, Own> } {
  const { db } = o;
  const now = (conversationId: ConversationId): KeptVoice | null => {
    const row = keptVoice(db, conversationId);
    return row && publicPart(row);
  };
  const tell = (conversationId: ConversationId) =>
    o.events.emit('voice.keptChanged', { conversationId, kept: now(conversationId) });

  const keep = async (conversationId: ConversationId, source: FileSource, waveform: string) => {
    if (!conversationById(db, conversationId)) throw new PostcardError('not-found');
    const { path } = await o.files.resolve(source);
    const file = await mended(o.media, path);
    const { kind, mediaType, durationMs } = await measureFile('voice', file);
    if (kind !== 'voice') throw new PostcardError('file-broken');
    if ((durationMs ?? 0) > longestVoice + SLACK) throw new PostcardError('voice-too-long');
    const { sha256, bytes } = file;
    const row = { conversationId, mediaType, bytes, durationMs: durationMs ?? null, waveform, sha256 };
    durably(db, () => keepVoice(db, row));
    await o.files.release(source);
    tell(conversationId);
    return publicPart(row);
  };

  /** Kept and posted change places in one transaction: a crash neither loses it nor sends it twice. */
  const post = (conversationId: ConversationId) => {
    const kept = keptVoice(db, conversationId);
    if (!kept) throw new PostcardError('not-found');
    const { mediaType, bytes, durationMs, waveform, sha256 } = kept;
    const name = `Voice note.${endings[mediaType] ?? 'ogg'}`;
    dropVoice(db, conversationId);
    return insertOutgoing(db, {
      ...{ conversationId, text: '', originId: randomUUID(), sentAt: Date.now() },
      senderAddress: o.ownAddress,
      attachments: [{ kind: 'voice', name, mediaType, bytes, durationMs, waveform, localSha256: sha256 }],
    });
  };

  return {
    handlers: {
      'voice.kept': ({ conversationId }) => now(conversationId),
      'voice.keep': ({ conversationId, source, waveform }) => keep(conversationId, source, waveform),
      'voice.discard': ({ conversationId }) => {
        if (dropVoice(db, conversationId)) tell(conversationId);
      },
      'voice.send': async ({ conversationId, anyway }) => {
        o.nudges.before({ conversationId, text: '', media: true, anyway });
        await o.mustFit(keptVoice(db, conversationId)?.bytes ?? 0, '');
        o.requests.writing(conversationId);
        const id = durably(db, () => post(conversationId));
        o.changes.message(conversationId, id);
        tell(conversationId);
        o.uploads.pump();
        const [message] = messagesByIds(db, [id]);
        if (!message) throw new PostcardError('not-found');
        return message;
      },
    },
  };
}

/** Browsers' recordings do not say how long they are: that is mended where it can be. */
async function mended(media: Media, path: string): Promise<StoredFile> {
  const { size } = await stat(path);
  if (size === 0) throw new PostcardError('file-empty');
  if (size > MAX_VOICE) throw new PostcardError('voice-too-long');
  const bytes = await readFile(path);
  const better = (await withDuration(bytes)) ?? bytes;
  return crossing(media.store.addStream(oneChunk(better)));
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function publicPart({ conversationId, sha256, bytes, durationMs }: KeptVoiceRow): KeptVoice {
  return { conversationId, sha256, bytes, durationMs };
}
