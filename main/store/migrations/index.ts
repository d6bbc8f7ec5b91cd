import type { Migration } from './migration.ts';
import { start } from './0001-start.ts';
import { bounces } from './0002-bounces.ts';
import { indexByCode } from './0003-index-by-code.ts';
import { people } from './0004-people.ts';
import { requests } from './0005-requests.ts';
import { reach } from './0006-reach.ts';
import { status } from './0007-status.ts';
import { nudges } from './0008-nudges.ts';
import { incidents } from './0009-incidents.ts';
import { readSync } from './0010-read-sync.ts';
import { effects } from './0011-effects.ts';
import { photoEdits } from './0012-photo-edits.ts';
import { stickers } from './0013-stickers.ts';
import { timeline } from './0014-timeline.ts';
import { albums } from './0015-albums.ts';
import { replies } from './0016-replies.ts';
import { mediaFiles } from './0017-media-files.ts';
import { refusals } from './0018-refusals.ts';
import { incidentPage } from './0019-incident-page.ts';
import { groups } from './0020-groups.ts';
import { groupMessages } from './0021-group-messages.ts';
import { polls } from './0022-polls.ts';
import { voiceNotes } from './0023-voice-notes.ts';
import { roomPins } from './0024-room-pins.ts';

/** All of them, in order. A new one is added at the end, with a database of the version before it for the tests. */
export const migrations: readonly Migration[] = [
  start,
  bounces,
  indexByCode,
  people,
  requests,
  reach,
  status,
  nudges,
  incidents,
  readSync,
  effects,
  photoEdits,
  stickers,
  timeline,
  albums,
  replies,
  mediaFiles,
  refusals,
  incidentPage,
  groups,
  groupMessages,
  polls,
  voiceNotes,
  roomPins,
];

/** The version this build writes. */
export const schemaVersion = migrations.length;
