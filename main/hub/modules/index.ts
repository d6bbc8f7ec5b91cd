import { archive } from './xep-0313-archive.ts';
import { blocking } from './xep-0191-blocking.ts';
import { caps } from './xep-0115-caps.ts';
import { carbons } from './xep-0280-carbons.ts';
import { directory } from './xep-0055-search.ts';
import { disco } from './xep-0030-disco.ts';
import { legacySession } from './rfc-3921-session.ts';
import { nodeConfig } from './xep-0060-node-config.ts';
import { pep } from './xep-0163-pep.ts';
import { ping } from './xep-0199-ping.ts';
import { privacyLists } from './xep-0016-privacy-lists.ts';
import { privateStorage } from './xep-0049-private-storage.ts';
import { registration } from './xep-0077-registration.ts';
import { heldRequests } from './postcard-requests.ts';
import { retraction } from './xep-0424-retraction.ts';
import { roster } from './rfc-6121-roster.ts';
import { upload } from './xep-0363-upload.ts';
import { vcard } from './xep-0054-vcard.ts';
import { roomArchive } from './xep-0045-archive.ts';
import { roomDisco } from './xep-0045-disco.ts';
import { roomPicture } from './xep-0045-picture.ts';
import { rooms } from './xep-0045-rooms.ts';
import { version } from './xep-0092-version.ts';
import type { HubModule } from '../module.ts';

/** Every specification the hub follows, in the order their hooks run. */
export const MODULES: readonly HubModule[] = [
  legacySession,
  roster,
  registration,
  disco,
  version,
  ping,
  carbons,
  archive,
  retraction,
  blocking,
  privacyLists,
  privateStorage,
  vcard,
  pep,
  nodeConfig,
  caps,
  directory,
  upload,
  heldRequests,
  rooms,
  roomDisco,
  roomArchive,
  roomPicture,
];
