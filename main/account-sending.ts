import { createAlbums } from './features/albums.ts';
import { createFiles } from './features/files.ts';
import { createVoiceNotes } from './features/voice-notes.ts';
import { forwardHandlers } from './features/forward.ts';
import { messageChangeHandlers } from './features/message-changes.ts';
import { messageHandlers } from './features/messages.ts';
import { createPhotoEdits } from './features/photo-edits.ts';
import { createPhotos } from './features/photos.ts';
import { reactionHandlers } from './features/reactions.ts';
import { replyHandlers } from './features/replies.ts';
import { tellStaged } from './features/staged-photos.ts';
import { createStickers } from './features/stickers/index.ts';
import { createUndoSend } from './features/undo-send.ts';
import type { AccountConnection } from './features/connection.ts';
import type { Changes } from './features/changes.ts';
import type { Downloads } from './features/downloads.ts';
import type { Effects } from './features/effects/index.ts';
import type { FileHosts } from './features/file-hosts.ts';
import type { IncomingFiles } from './features/incoming-files.ts';
import type { Nudges } from './features/nudges/index.ts';
import type { BeforeSending } from './features/groups/before-sending.ts';
import type { Outbox } from './features/outbox.ts';
import type { Requests } from './features/requests.ts';
import type { SettingsFeature } from './features/settings.ts';
import type { StickerFiles } from './features/stickers/files.ts';
import type { Eraser } from './features/unsend/eraser.ts';
import type { Uploads } from './features/uploads.ts';
import type { Events } from './events.ts';
import type { Media } from './media/index.ts';
import type { Ports } from './ports.ts';
import type { WritableDb } from './store/index.ts';

/** What the features that send, and change what was sent, are made of. */
interface Parts {
  readonly db: WritableDb;
  readonly ownAddress: string;
  readonly onThisComputer: boolean;
  readonly media: Media;
  readonly files: IncomingFiles;
  readonly ports: Ports;
  readonly settings: SettingsFeature;
  readonly events: Events;
  readonly connection: AccountConnection;
  readonly changes: Changes;
  readonly effects: Effects;
  readonly eraser: Eraser;
  readonly hosts: FileHosts;
  readonly outbox: Outbox;
  readonly uploads: Uploads;
  readonly downloads: Downloads;
  readonly stickerFiles: StickerFiles;
  readonly nudges: Nudges;
  readonly refuse: BeforeSending;
  readonly requests: Requests;
  log(line: string): void;
}

/** The part of `account.ts` that builds what people do with messages, photos, files and stickers. */
export function buildSending(o: Parts) {
  const { db, ownAddress, media, files, ports, settings, events, connection, changes, effects, eraser } = o;
  const { hosts, outbox, uploads, downloads, stickerFiles, nudges, requests, log } = o;
  const undoSend = createUndoSend({
    db,
    changes,
    wanted: () => settings.current().undoSend,
    release: () => {
      uploads.pump();
      outbox.pump();
    },
    restaged: (id) => tellStaged(db, events, id),
    erase: () => eraser.run(),
  });
  const fileSending = createFiles({
    ...{ db, ownAddress, media, files, connection, changes, uploads, nudges, requests, events },
  });
  const voiceNotes = createVoiceNotes({
    ...{ db, ownAddress, media, files, changes, uploads, nudges, requests, events },
    mustFit: fileSending.mustFit,
  });
  const photos = createPhotos({
    undoSend,
    db,
    ownAddress,
    media,
    files,
    connection,
    changes,
    uploads,
    nudges,
    requests,
    events,
  });
  const stickers = createStickers({
    db,
    ownAddress,
    media,
    incoming: files,
    files: stickerFiles,
    connection,
    hosts,
    changes,
    uploads,
    outbox,
    nudges,
    requests,
    events,
    log,
  });
  const albums = createAlbums({ db, media, ports });

  const messages = messageHandlers({
    db,
    ownAddress,
    changes,
    outbox,
    uploads,
    downloads,
    nudges,
    requests,
    undoSend,
  });
  const messageChanges = messageChangeHandlers({
    db,
    connection,
    changes,
    effects,
    outbox,
    uploads,
    eraser,
    onThisComputer: o.onThisComputer,
  });

  return {
    handlers: {
      ...photos.handlers,
      ...fileSending.handlers,
      ...voiceNotes.handlers,
      ...albums.handlers,
      ...stickers.handlers,
      ...createPhotoEdits({ db, events }).handlers,
      ...messages,
      ...messageChanges,
      ...reactionHandlers({ db, ownAddress, effects }),
      ...replyHandlers(db),
      ...undoSend.handlers,
      ...forwardHandlers({ db, ownAddress, changes, downloads, outbox, uploads, requests, refuse: o.refuse }),
    },
    /** What was held back before the last end goes on waiting, or goes. */
    start: undoSend.start,
    serve: albums.serve,
    close: () => {
      undoSend.close();
      stickers.close();
    },
  };
}
