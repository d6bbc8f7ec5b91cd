import { join } from 'node:path';
import { folderOf, targetOf } from './features/account-record.ts';
import { createAccountSettings } from './features/account-settings.ts';
import { createAlbums } from './features/albums.ts';
import { createArchiveSync, markArchiveKnown } from './features/archive-sync.ts';
import { createChanges } from './features/changes.ts';
import { createConnection } from './features/connection.ts';
import { conversationHandlers } from './features/conversations.ts';
import { createDownloads } from './features/downloads.ts';
import { createEffects } from './features/effects/index.ts';
import { createFiles } from './features/files.ts';
import { createFileHosts } from './features/file-hosts.ts';
import { forwardHandlers } from './features/forward.ts';
import { galleryHandlers } from './features/gallery.ts';
import { keepHouse } from './features/housekeeping.ts';
import { receiveMessages } from './features/inbound.ts';
import { linkHandlers } from './features/links/index.ts';
import { createMediaRoutes } from './features/media-routes.ts';
import { messageChangeHandlers } from './features/message-changes.ts';
import { messageHandlers } from './features/messages.ts';
import { keepMutes } from './features/mutes.ts';
import { createNotifications } from './features/notifications/index.ts';
import { createNudges } from './features/nudges/index.ts';
import type { OpenAccount, OpenAccountOptions } from './features/open-account.ts';
import { createOutbox } from './features/outbox.ts';
import { createOwnProfile } from './features/own-profile.ts';
import { createPeopleChanges } from './features/people-changes.ts';
import { createPeople } from './features/people.ts';
import { createPhotoEdits } from './features/photo-edits.ts';
import { createPhotos } from './features/photos.ts';
import { createPins } from './features/pins.ts';
import { createReach } from './features/reach.ts';
import { reactionHandlers } from './features/reactions.ts';
import { replyHandlers } from './features/replies.ts';
import { reportedInBlock, reportInBlock } from './features/reports/in-block.ts';
import { createReports } from './features/reports/index.ts';
import { createReadSync } from './features/read-sync.ts';
import { tellStaged } from './features/staged-photos.ts';
import { createStatus } from './features/status.ts';
import { createStickerFiles } from './features/stickers/files.ts';
import { createStickers } from './features/stickers/index.ts';
import { createRequests } from './features/requests.ts';
import { createEraser } from './features/unsend/eraser.ts';
import { createUndoSend } from './features/undo-send.ts';
import { createUploads } from './features/uploads.ts';
import { openMedia } from './media/index.ts';
import { ensureConversation, isUnsent, openStore } from './store/index.ts';

/** Local part of the built-in server's own account: never a stranger. */
const ASSISTANT = 'postcard';

/** Builds the features of one account, in the order of what they need. Throws `database-newer`, `database-broken`, … */
export async function openAccount(o: OpenAccountOptions): Promise<OpenAccount> {
  const { record, ports, events, settings, files } = o;
  const log = (line: string) => ports.log(line);
  const folder = join(o.accountsFolder, folderOf(record));
  const store = openStore({ file: join(folder, 'postcard.sqlite'), backupFolder: join(folder, 'backups') });
  const { db } = store;
  const media = await openMedia({
    folder: join(folder, 'media'),
    workerFile: ports.workerFile('image-worker'),
  });
  const ownAddress = record.address;
  if (o.newAccount) markArchiveKnown(db);

  const target = () => targetOf(record, o.hubUrl());
  const changes = createChanges({ db, events, onUnread: (total) => ports.setBadge(total) });
  const connection = createConnection({
    address: ownAddress,
    password: o.password,
    target: target(),
    db,
    events,
    log,
  });
  const accountSettings = createAccountSettings({ db, connection, events, log });
  const reach = createReach({
    db,
    ownAddress,
    connection,
    settings: accountSettings,
    changes,
    events,
    open: record.onThisComputer ? [`${ASSISTANT}@${record.domain}`] : [],
    report: (address) => reportInBlock(db, address),
    reported: (address, how) => reportedInBlock(db, address, how),
    log,
  });
  connection.ignore((address) => reach.isBlocked(address));
  const hosts = createFileHosts({
    onThisComputer: record.onThisComputer,
    hubUrl: () => (record.onThisComputer ? o.hubUrl() : null),
    serverHost: () => hostOf(target()?.endpoint ?? null) ?? record.domain,
  });
  const told = createPeopleChanges({ db, events, changes });
  const profile = createOwnProfile({
    db,
    record,
    media,
    files,
    connection,
    settings: accountSettings,
    told,
    changed: o.changed,
    log,
  });
  const people = createPeople({
    db,
    ownAddress,
    media,
    connection,
    settings: accountSettings,
    told,
    onFollow: (address) => requests.accept(address),
    log,
  });
  const notifications = createNotifications({
    db,
    ports,
    connection,
    newAccount: o.newAccount,
    events,
    settings,
    onReply: (conversationId, text) => {
      void messages['messages.send']({ conversationId, text, anyway: true });
    },
    onMarkRead: (id, upTo) => void conversations['conversations.markRead']({ id, upTo }),
    log,
  });
  const nudges = createNudges({ db, enabled: () => accountSettings.get('nudges') });
  const status = createStatus({
    db,
    connection,
    changes,
    events,
    wants: () => ({ read: accountSettings.get('readStatus'), typing: accountSettings.get('typingStatus') }),
    onReadElsewhere: (id) => notifications.read(id),
    log,
  });
  const readSync = createReadSync({
    db,
    connection,
    changes,
    onReadElsewhere: (id) => notifications.read(id),
    log,
  });
  const mutes = keepMutes({ db, changes });
  const pins = createPins({ db, connection, changes, events, log });
  const outbox = createOutbox({
    db,
    ownAddress,
    connection,
    changes,
    mayLag: !record.onThisComputer,
    offers: status.offers,
    refusal: (address) => (reach.isBlocked(address) ? 'blocked-by-you' : null),
    onSent: () => effects.pump(),
    log,
  });
  const eraser = createEraser({ db, media, backupFolder: join(folder, 'backups'), log });
  const effects = createEffects({
    db,
    connection,
    changes,
    onUnsent: (unsent) => {
      for (const { conversationId, id } of unsent) notifications.unsent(conversationId, id);
      eraser.run();
    },
    onTold: (id) => isUnsent(db, id) && eraser.scrub(),
    log,
  });
  const stickerFiles = createStickerFiles({ db, media, connection, hosts });
  const uploads = createUploads({
    db,
    media,
    connection,
    changes,
    outbox,
    hosts,
    stickers: stickerFiles,
    log,
  });
  const downloads = createDownloads({ db, media, changes, hosts, connection, events, log });
  const requests = createRequests({
    db,
    ownAddress,
    assistant: record.onThisComputer ? `${ASSISTANT}@${record.domain}` : null,
    connection,
    changes,
    events,
    downloads,
    people,
    choice: () => ({
      // What the server lets through it was told to let through.
      message: reach.isEnforced() ? 'everyone' : accountSettings.get('whoCanMessage'),
      invite: accountSettings.get('whoCanInvite'),
    }),
    isBlocked: reach.isBlocked,
    log,
  });
  const archive = createArchiveSync({
    db,
    ownAddress,
    connection,
    changes,
    onPage: () => pins.apply(),
    onNews: (news) => {
      readSync.apply();
      for (const [conversationId, id] of news)
        notifications.received({ conversationId, id, history: false, repeat: false });
    },
    onStored: nudges.received,
    requests,
    effects,
    log,
  });
  receiveMessages({
    db,
    ownAddress,
    connection,
    archive,
    changes,
    notifications,
    nudges,
    downloads,
    effects,
    people,
    requests,
  });
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
  const house = keepHouse({ db, media, changes, quota: () => settings.current().mediaQuota, log });
  const reports = createReports({
    db,
    ownAddress,
    media,
    connection,
    events,
    isBlocked: (address) => reach.isBlocked(address),
    block: (address) => void reach.block(address),
    log,
  });
  const albums = createAlbums({ db, media, ports });
  const routes = createMediaRoutes({ db, media });

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
    onThisComputer: record.onThisComputer,
  });
  const conversations = conversationHandlers({
    db,
    ownAddress,
    changes,
    notifications,
    status,
    readSync,
    mutes,
    people,
  });

  changes.conversation(ensureConversation(db, { address: ownAddress, kind: 'self', started: true }));
  // What a crash left undone.
  eraser.run();
  undoSend.arrange();
  connection.start();

  return {
    record,
    connection,
    profile,
    handlers: {
      ...connection.handlers,
      ...accountSettings.handlers,
      ...reach.handlers,
      ...reports.handlers,
      ...profile.handlers,
      ...people.handlers,
      ...notifications.handlers,
      ...linkHandlers({ db, settings }),
      ...nudges.handlers,
      ...status.handlers,
      ...requests.handlers,
      ...downloads.handlers,
      ...photos.handlers,
      ...fileSending.handlers,
      ...pins.handlers,
      ...galleryHandlers({ db, changes, downloads }),
      ...albums.handlers,
      ...stickers.handlers,
      ...createPhotoEdits({ db, events }).handlers,
      ...messages,
      ...messageChanges,
      ...reactionHandlers({ db, ownAddress, effects }),
      ...replyHandlers(db),
      ...undoSend.handlers,
      ...forwardHandlers({ db, ownAddress, changes, downloads, outbox, uploads, requests }),
      ...conversations,
    },
    describe: profile.account,
    mediaBytes: () => media.store.usage(),
    serve: async (request) => (await reports.serve(request)) ?? albums.serve(request) ?? routes(request),
    hubMoved: () => {
      if (record.onThisComputer) connection.retarget(target());
    },
    close: async ({ resumable }) => {
      archive.stop();
      reach.close();
      reports.close();
      outbox.close();
      effects.close();
      undoSend.close();
      uploads.close();
      downloads.close();
      stickers.close();
      people.close();
      requests.close();
      status.close();
      readSync.close();
      pins.close();
      notifications.close();
      mutes.close();
      house.stop();
      try {
        await connection.close({ resumable });
      } finally {
        // A full disk keeps nobody from leaving, or from signing out.
        changes.close();
        await eraser.close();
        await media.close();
        store.close();
      }
    },
  };
}

const hostOf = (endpoint: string | null): string | null =>
  endpoint !== null && URL.canParse(endpoint) ? new URL(endpoint).hostname : null;
