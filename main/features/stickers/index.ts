import { randomUUID } from 'node:crypto';
import { PostcardError } from '../../../contract/errors.ts';
import type { Handlers } from '../../../contract/index.ts';
import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { StickerId } from '../../../contract/stickers.ts';
import type { Events } from '../../events.ts';
import type { Media } from '../../media/index.ts';
import {
  durably,
  forgetRemoved,
  insertOutgoing,
  messageById,
  noteUse,
  packById,
  stickerById,
  takeDraftReply,
  type PackRow,
  type StickerMark,
  type StickerRow,
  type WritableDb,
} from '../../store/index.ts';
import type { Changes } from '../changes.ts';
import type { AccountConnection } from '../connection.ts';
import type { FileHosts } from '../file-hosts.ts';
import type { IncomingFiles } from '../incoming-files.ts';
import type { Nudges } from '../nudges/index.ts';
import type { Outbox } from '../outbox.ts';
import type { Requests } from '../requests.ts';
import type { Uploads } from '../uploads.ts';
import type { StickerFiles } from './files.ts';
import { importHandlers } from './import.ts';
import { ownPackHandlers } from './own-packs.ts';
import { createPackSync } from './sync.ts';

type StickerMethod = Extract<keyof Handlers, `stickers.${string}`>;

export interface Stickers {
  close(): void;
  readonly handlers: Pick<Handlers, StickerMethod>;
}

export interface StickerSurroundings {
  readonly db: WritableDb;
  readonly ownAddress: string;
  readonly media: Media;
  readonly incoming: IncomingFiles;
  readonly files: StickerFiles;
  readonly connection: AccountConnection;
  readonly hosts: FileHosts;
  readonly changes: Changes;
  readonly uploads: Uploads;
  readonly outbox: Outbox;
  readonly nudges: Nudges;
  readonly requests: Requests;
  readonly events: Events;
  log(line: string): void;
}

/** Sticker packs and sending from them; see docs/mechanisms/stickers.md. */
export function createStickers(o: StickerSurroundings): Stickers {
  const { db } = o;
  // Nobody can take their removal back any more.
  forgetRemoved(db);
  const changed = () => o.events.emit('stickers.changed', {});
  const sync = createPackSync({ ...o, changed });

  const send = (conversationId: ConversationId, id: StickerId): MessageId => {
    const sticker = stickerById(db, id);
    const pack = sticker && packById(db, sticker.packId);
    if (!sticker || !pack) throw new PostcardError('not-found');
    if (!o.media.store.has(sticker.sha256))
      throw new PostcardError('file-missing', { name: sticker.description });
    o.requests.writing(conversationId);
    return durably(db, () => {
      noteUse(db, id);
      return insertOutgoing(db, {
        conversationId,
        originId: randomUUID(),
        text: '',
        sentAt: Date.now(),
        senderAddress: o.ownAddress,
        attachments: [attachmentOf(sticker)],
        sticker: markOf(pack, sticker),
        reply: takeDraftReply(db, conversationId),
      });
    });
  };
  const sent = (id: MessageId) => {
    const message = messageById(db, id);
    if (!message) throw new PostcardError('not-found');
    o.changes.message(message.conversationId, id);
    o.uploads.pump();
    o.outbox.pump();
    changed();
    return o.changes.live(message);
  };

  return {
    close: sync.close,
    handlers: {
      'stickers.send': ({ conversationId, id }) => {
        // Not for its words, but it counts among those without an answer.
        o.nudges.before({ conversationId, text: '', media: true, anyway: true });
        return sent(send(conversationId, id));
      },
      ...ownPackHandlers({ ...o, sync, changed }),
      ...importHandlers({ ...o, sync, changed }),
    },
  };
}

/** Where the server has the file is looked up when it is to be uploaded, since it may have gone by then. */
const attachmentOf = (sticker: StickerRow) => ({
  kind: 'sticker' as const,
  name: fileName(sticker),
  mediaType: sticker.mediaType,
  bytes: sticker.bytes,
  width: sticker.width,
  height: sticker.height,
  localSha256: sticker.sha256,
});

const fileName = ({ mediaType }: StickerRow) => `sticker.${mediaType.split('/')[1] ?? 'webp'}`;

/** The pack is named where others can fetch it from me; where I have it from is nobody's concern. */
const markOf = (pack: PackRow, { emoji, description }: StickerRow): StickerMark => ({
  emoji,
  description,
  pack: pack.publishedNode === 'open' ? pack.publishedId : null,
  owner: null,
  node: null,
});
