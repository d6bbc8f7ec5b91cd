import { join } from 'node:path';
import { folderOf, targetOf } from './features/account-record.ts';
import { createAccountSettings } from './features/account-settings.ts';
import { buildGroups } from './account-groups.ts';
import { buildSending } from './account-sending.ts';
import { createArchiveSync, markArchiveKnown } from './features/archive-sync.ts';
import { createChanges } from './features/changes.ts';
import { createConnection } from './features/connection.ts';
import { conversationHandlers } from './features/conversations.ts';
import { createDownloads } from './features/downloads.ts';
import { createEffects } from './features/effects/index.ts';
import { createFileHosts } from './features/file-hosts.ts';
import { galleryHandlers } from './features/gallery.ts';
import type { BeforeSending } from './features/groups/before-sending.ts';
import { createNotes } from './features/groups/notes.ts';
import { keepHouse } from './features/housekeeping.ts';
import { receiveMessages } from './features/inbound.ts';
import { linkHandlers } from './features/links/index.ts';
import { createMediaRoutes } from './features/media-routes.ts';
import { keepMutes } from './features/mutes.ts';
import { createNotifications } from './features/notifications/index.ts';
import { createNudges } from './features/nudges/index.ts';
import type { OpenAccount, OpenAccountOptions } from './features/open-account.ts';
import { createOutbox } from './features/outbox.ts';
import { createOwnProfile } from './features/own-profile.ts';
import { createPeopleChanges } from './features/people-changes.ts';
import { createPeople } from './features/people.ts';
import { createPins } from './features/pins.ts';
import { createReach } from './features/reach.ts';
import { reportedInBlock, reportInBlock } from './features/reports/in-block.ts';
import { createReports } from './features/reports/index.ts';
import { createReadSync } from './features/read-sync.ts';
import { createStatus } from './features/status.ts';
import { createStickerFiles } from './features/stickers/files.ts';
import { createRequests } from './features/requests.ts';
import { createEraser } from './features/unsend/eraser.ts';
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
    startWorker: ports.startProcess,
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
  /** What nearly every feature needs. */
  const common = { db, ownAddress, media, connection, changes, events, log };
  const accountSettings = createAccountSettings({ db, connection, events, log });
  const reach = createReach({
    ...common,
    settings: accountSettings,
    open: record.onThisComputer ? [`${ASSISTANT}@${record.domain}`] : [],
    report: (address) => reportInBlock(db, address),
    reported: (address, how) => reportedInBlock(db, address, how),
  });
  connection.ignore((address) => reach.isBlocked(address));
  const hosts = createFileHosts({
    onThisComputer: record.onThisComputer,
    hubUrl: () => (record.onThisComputer ? o.hubUrl() : null),
    serverHost: () => hostOf(target()?.endpoint ?? null) ?? record.domain,
  });
  const told = createPeopleChanges({ db, events, changes });
  const profile = createOwnProfile({
    ...common,
    record,
    files,
    settings: accountSettings,
    told,
    changed: o.changed,
  });
  const people = createPeople({
    ...common,
    settings: accountSettings,
    told,
    onFollow: (address) => requests.accept(address),
  });
  const notifications = createNotifications({
    ...common,
    ports,
    newAccount: o.newAccount,
    settings,
    onReply: (conversationId, text) => {
      void sending.handlers['messages.send']({ conversationId, text, anyway: true });
    },
    onMarkRead: (id, upTo) => void conversations['conversations.markRead']({ id, upTo }),
  });
  const refuse: BeforeSending = ({ conversationId, ...post }) => groups.mayPost(conversationId, post);
  const nudges = createNudges({ db, enabled: () => accountSettings.get('nudges'), refuse });
  const status = createStatus({
    ...common,
    wants: () => ({ read: accountSettings.get('readStatus'), typing: accountSettings.get('typingStatus') }),
    onReadElsewhere: (id) => notifications.read(id),
  });
  const readSync = createReadSync({
    ...common,
    onReadElsewhere: (id) => notifications.read(id),
  });
  const mutes = keepMutes({ db, changes });
  const pins = createPins({ db, connection, changes, events, log });
  const outbox = createOutbox({
    ...common,
    mayLag: !record.onThisComputer,
    offers: status.offers,
    refusal: (address) => (reach.isBlocked(address) ? 'blocked-by-you' : null),
    onSent: () => effects.pump(),
    openRooms: () => groups.messages.open(),
    onRoom: () => groups.messages.watch(),
  });
  const eraser = createEraser({ db, media, backupFolder: join(folder, 'backups'), log });
  const effects = createEffects({
    ...common,
    onUnsent: (unsent) => {
      for (const { conversationId, id } of unsent) notifications.unsent(conversationId, id);
      eraser.run();
    },
    onTold: (id) => isUnsent(db, id) && eraser.scrub(),
    onRefused: ({ conversationId, id, kind }) =>
      events.emit('messages.changeRefused', { conversationId, id, kind: kind === 'unsend' ? kind : 'edit' }),
    openRooms: () => groups.messages.open(),
    doubt: (room) => groups.doubt(room),
  });
  const stickerFiles = createStickerFiles({ db, media, connection, hosts });
  const uploads = createUploads({
    ...common,
    outbox,
    hosts,
    stickers: stickerFiles,
  });
  const downloads = createDownloads({ db, media, changes, hosts, connection, events, log });
  const requests = createRequests({
    ...common,
    assistant: record.onThisComputer ? `${ASSISTANT}@${record.domain}` : null,
    downloads,
    people,
    choice: () => ({
      // What the server lets through it was told to let through.
      message: reach.isEnforced() ? 'everyone' : accountSettings.get('whoCanMessage'),
      invite: accountSettings.get('whoCanInvite'),
    }),
    isBlocked: reach.isBlocked,
    onWelcome: (room) => groups.welcome(room),
  });
  const notes = createNotes();
  const archive = createArchiveSync({
    ...common,
    notes,
    onPage: () => pins.apply(),
    onNews: (news) => {
      readSync.apply();
      for (const [conversationId, id] of news)
        notifications.received({ conversationId, id, history: false, repeat: false });
    },
    onStored: nudges.received,
    requests,
    effects,
  });
  receiveMessages({
    ...common,
    notes,
    archive,
    notifications,
    nudges,
    downloads,
    effects,
    people,
    requests,
  });
  const groups = buildGroups({
    ...common,
    ...{ notes, files, downloads, notifications, outbox, effects, refuse },
    ownName: () => profile.account().displayName,
    isBlocked: (address) => reach.isBlocked(address),
    onInvitationGone: requests.filedMany,
    erase: () => eraser.run(),
    mayLag: !record.onThisComputer,
    tellsRead: () => accountSettings.get('readStatus'),
    // Another server would tell its user that somebody looks.
    met: (address) => address.endsWith(`@${record.domain}`) && people.met(address),
    onArchive: () => {
      readSync.apply();
      pins.apply();
    },
    onNews: (conversationId, id) =>
      notifications.received({ conversationId, id, history: false, repeat: false }),
  });
  const house = keepHouse({ db, media, changes, quota: () => settings.current().mediaQuota, log });
  const reports = createReports({
    ...common,
    isBlocked: (address) => reach.isBlocked(address),
    block: (address) => void reach.block(address),
  });
  const sending = buildSending({
    ...common,
    onThisComputer: record.onThisComputer,
    files,
    ports,
    settings,
    effects,
    eraser,
    hosts,
    outbox,
    uploads,
    downloads,
    stickerFiles,
    nudges,
    requests,
    refuse,
  });
  const routes = createMediaRoutes({ db, media });
  const conversations = conversationHandlers({
    ...common,
    notifications,
    status,
    readSync,
    mutes,
    people,
    onRead: (id) => groups.messages.read(id),
  });

  changes.conversation(ensureConversation(db, { address: ownAddress, kind: 'self', started: true }));
  // What a crash left undone.
  eraser.run();
  sending.start();
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
      ...pins.handlers,
      ...galleryHandlers({ db, changes, downloads }),
      ...conversations,
      ...groups.handlers,
      ...sending.handlers,
    },
    describe: profile.account,
    mediaBytes: () => media.store.usage(),
    serve: async (request) => (await reports.serve(request)) ?? sending.serve(request) ?? routes(request),
    hubMoved: () => {
      if (record.onThisComputer) connection.retarget(target());
    },
    close: async ({ resumable }) => {
      archive.stop();
      const open = [
        reach,
        reports,
        outbox,
        groups,
        effects,
        sending,
        uploads,
        downloads,
        people,
        requests,
        status,
        readSync,
        pins,
        notifications,
        mutes,
      ];
      for (const one of open) one.close();
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
