import type { ConversationId } from '../../../contract/ids.ts';
import { PostcardError } from '../../../contract/errors.ts';
import type { FileSource, PictureCrop } from '../../../contract/ids.ts';
import { readFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { roomByAddress, roomById, updateRoom, type RoomRow } from '../../store/index.ts';
import { keepAvatar } from '../avatar-file.ts';
import { asPostcardError, crossing } from '../media-errors.ts';
import { cleanLine, cleanText } from '../plain-text.ts';
import { existingRoom, type GroupParts, type Told } from './parts.ts';

/** What a group says of itself: name, description, picture. */
export interface GroupInformation {
  /** Reads it anew. */
  refresh(id: ConversationId): void;
  /** As `groups.setPicture`. */
  setPicture(id: ConversationId, source: FileSource | null, crop?: PictureCrop): Promise<void>;
  close(): void;
}

const MAX_NAME = 100;
const MAX_DESCRIPTION = 1000;
/** px */
const EDGE = 256;

export function createInformation(o: GroupParts & { told: Told }): GroupInformation {
  const { db, connection, told } = o;
  const running = new Set<ConversationId>();
  const again = new Set<ConversationId>();
  /** Their pictures may have changed, whatever hash is told. */
  const doubted = new Set<ConversationId>();
  let closed = false;
  const set = (id: ConversationId, given: Parameters<typeof updateRoom>[2]) => {
    if (!closed && updateRoom(db, id, given)) told.group(id);
  };

  const read = async (room: RoomRow) => {
    const id = room.conversationId;
    const { rooms } = connection.online();
    const info = await rooms.info(room.address);
    set(id, {
      name: cleanLine(info.name, MAX_NAME) || roomById(db, id)?.name || '',
      description: cleanText(info.description, MAX_DESCRIPTION),
      moderation: info.moderation,
      enforced: info.enforcesPolicy,
    });
    if (room.rank === 'owner') set(id, { history: (await rooms.config(room.address)).history });
    // Prosody goes on telling the hash of a picture that is gone: when something changed it is looked at.
    await readPicture(room, doubted.delete(id) ? null : info.picture);
  };
  const readPicture = async (room: RoomRow, hash: string | null) => {
    const id = room.conversationId;
    // A room that does not tell the hash is asked for its picture each time it says that something changed.
    if (hash !== null && hash === roomById(db, id)?.pictureHash && room.pictureSha256 !== null) return;
    const picture = await connection.online().rooms.picture(room.address);
    if (picture === null) return set(id, { pictureHash: null, pictureSha256: null });
    const pictureHash = sha1(picture.data);
    const known = roomById(db, id);
    if (known?.pictureHash === pictureHash && known.pictureSha256 !== null) return;
    const kept = await keepAvatar(o.media, picture.data);
    set(id, { pictureHash, pictureSha256: kept.sha256 });
  };

  const refresh = (id: ConversationId) => {
    const room = roomById(db, id);
    if (room === null || closed || !connection.isReady()) return;
    if (running.has(id)) return void again.add(id);
    running.add(id);
    read(room)
      .catch((error: unknown) =>
        o.log(`a group's description could not be read: ${asPostcardError(error)?.code ?? String(error)}`),
      )
      .finally(() => {
        running.delete(id);
        if (again.delete(id)) refresh(id);
      });
  };

  connection.listen({
    onRoomConfigured: ({ room: address }) => {
      const room = roomByAddress(db, address);
      if (room === null) return;
      doubted.add(room.conversationId);
      refresh(room.conversationId);
    },
  });

  return {
    refresh,
    setPicture: async (id, source, crop) => {
      const room = existingRoom(db, id);
      const { rooms } = connection.online();
      if (source === null) {
        await rooms.setPicture(room.address, null);
        return set(id, { pictureHash: null, pictureSha256: null });
      }
      const { path } = await o.files.resolve(source);
      const made = await crossing(o.media.avatar(path, EDGE, crop));
      const stored = o.media.store.path(made.sha256);
      if (stored === null) throw new PostcardError('file-missing');
      const { mediaType } = await o.media.inspect(stored);
      const data = new Uint8Array(await readFile(stored));
      await rooms.setPicture(room.address, { data, mediaType });
      await o.files.release(source);
      set(id, { pictureHash: sha1(data), pictureSha256: made.sha256 });
    },
    close: () => void (closed = true),
  };
}

const sha1 = (data: Uint8Array): string => createHash('sha1').update(data).digest('hex');
