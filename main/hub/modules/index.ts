import { archive } from './xep-0313-archive.ts';
import { carbons } from './xep-0280-carbons.ts';
import { disco } from './xep-0030-disco.ts';
import { legacySession } from './rfc-3921-session.ts';
import { ping } from './xep-0199-ping.ts';
import { registration } from './xep-0077-registration.ts';
import { roster } from './rfc-6121-roster.ts';
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
];
