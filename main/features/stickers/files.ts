import { PostcardError } from '../../../contract/errors.ts';
import type { Media } from '../../media/index.ts';
import {
  forgetUploaded,
  noteUploaded,
  uploadedFile,
  type UploadUse,
  type WritableDb,
} from '../../store/index.ts';
import { downloadFile, uploadFile } from '../../xmpp/index.ts';
import type { AccountConnection } from '../connection.ts';
import type { FileHosts } from '../file-hosts.ts';
import { asPostcardError } from '../media-errors.ts';

/** A file of the content store as it is brought to a server. */
export interface StickerFile {
  readonly sha256: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

/** Where stickers are on the server: each is uploaded once, and again only when it has gone there. */
export interface StickerFiles {
  /** The address of a message's file while the server has it, else null. Asks the server once a day. */
  known(sha256: string): Promise<string | null>;
  note(sha256: string, url: string): void;
  /** The address of a pack's file, uploaded if need be. Throws as `uploadFile` does. */
  ensure(file: StickerFile): Promise<string>;
}

/** ms that a file is believed to be still there. */
const BELIEVED = 24 * 3_600_000;

export function createStickerFiles(o: {
  db: WritableDb;
  media: Media;
  connection: AccountConnection;
  hosts: FileHosts;
}): StickerFiles {
  const { db, media, connection, hosts } = o;

  /** Asks for the file and lets go of the answer once it has begun. */
  const isThere = async (url: string): Promise<boolean> => {
    try {
      const { body } = await downloadFile({
        url: hosts.current(url),
        maxBytes: Number.MAX_SAFE_INTEGER,
        allowPrivate: hosts.allowed,
      });
      for await (const chunk of body) if (chunk.length > 0) break;
      return true;
    } catch (error) {
      const failure = asPostcardError(error);
      if (failure === null) throw error;
      const { status } = failure.detail;
      // Gone only when the server says so: without a network nothing is known.
      return !(typeof status === 'number' && status >= 400 && status < 500);
    }
  };

  const known = async (use: UploadUse, sha256: string): Promise<string | null> => {
    const noted = uploadedFile(db, use, sha256);
    if (noted === null) return null;
    if (Date.now() - noted.seenAt < BELIEVED) return noted.url;
    if (!(await isThere(noted.url))) {
      forgetUploaded(db, use, sha256);
      return null;
    }
    noteUploaded(db, use, sha256, noted.url);
    return noted.url;
  };

  return {
    known: (sha256) => known('messages', sha256),
    note: (sha256, url) => noteUploaded(db, 'messages', sha256, url),
    ensure: async ({ sha256, name, mediaType, bytes }) => {
      const there = await known('packs', sha256);
      if (there !== null) return there;
      const path = media.store.path(sha256);
      if (path === null) throw new PostcardError('file-missing', { name });
      const slot = await connection.online().requestSlot({ name, bytes, mediaType });
      await uploadFile({ slot, path, bytes, mediaType, allowPrivate: hosts.allowed });
      noteUploaded(db, 'packs', sha256, slot.get);
      return slot.get;
    },
  };
}
