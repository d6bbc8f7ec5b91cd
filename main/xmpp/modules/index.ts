import type { Agent } from 'stanza';
import { album } from './postcard-album.ts';
import { caption } from './postcard-caption.ts';
import { forwarded } from './postcard-forward.ts';
import { profileItem } from './postcard-profile.ts';
import { note } from './postcard-notes.ts';
import { heldNotice, heldQuery } from './postcard-requests.ts';
import { announce } from './xep-0030-disco.ts';
import { declining } from './xep-0045-invitation.ts';
import { saidInMessage, saidInPresence } from './xep-0045-said.ts';
import { vcard4 } from './xep-0292-vcard4.ts';
import { privateValue } from './xep-0223-private-storage.ts';
import { displayedPosition } from './xep-0490-read-positions.ts';
import { blockReport, messageReport } from './xep-0377-reports.ts';
import { mentions } from './xep-0372-mentions.ts';
import { conference } from './xep-0402-bookmarks.ts';
import { occupantInMessage, occupantInPresence } from './xep-0421-occupant-ids.ts';
import { retraction } from './xep-0424-retraction.ts';
import { moderateQuery, moderation } from './xep-0425-moderation.ts';
import { fallback } from './xep-0428-fallback.ts';
import { reactions } from './xep-0444-reactions.ts';
import { fileSharing } from './xep-0447-file-sharing.ts';
import { stickerPack } from './xep-0449-pack.ts';
import { stickerMark } from './xep-0449-stickers.ts';
import { reply } from './xep-0461-replies.ts';

/** What the library does not define itself: without a definition an element is dropped in both directions. */
const definitions = [
  album,
  caption,
  forwarded,
  reactions,
  reply,
  heldNotice,
  heldQuery,
  fallback,
  retraction,
  fileSharing,
  stickerMark,
  stickerPack,
  profileItem,
  vcard4,
  privateValue,
  displayedPosition,
  messageReport,
  blockReport,
  saidInMessage,
  saidInPresence,
  declining,
  occupantInMessage,
  occupantInPresence,
  moderation,
  moderateQuery,
  conference,
  mentions,
  note,
];

/** Teaches a new client all modules. */
export function useModules(client: Agent): void {
  // The library's definition type can't say that one list holds definitions of different shapes.
  client.stanzas.define(definitions);
  announce(client);
}
