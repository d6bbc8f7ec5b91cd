/** XEP-0424 Message Retraction, version 0.4.2: what the hub says of it (§3, §5); see retraction.ts. */
import { NS } from '../namespaces.ts';
import type { HubModule } from '../module.ts';

export const retraction: HubModule = {
  name: 'xep-0424-retraction',
  serverFeatures: [NS.retraction, `${NS.retraction}#tombstone`],
  accountFeatures: [NS.retraction, `${NS.retraction}#tombstone`],
};
