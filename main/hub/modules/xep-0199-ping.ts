/** XEP-0199 XMPP Ping, version 2.0.1. */
import { NS } from '../namespaces.ts';
import type { HubModule } from '../module.ts';

export const ping: HubModule = {
  name: 'xep-0199-ping',
  serverFeatures: [NS.ping],
  accountFeatures: [NS.ping],
  iq: (['server', 'account', 'upload', 'search', 'rooms', 'room'] as const).map((at) => ({
    at,
    type: 'get',
    ns: NS.ping,
    name: 'ping',
    handle: () => null,
  })),
};
