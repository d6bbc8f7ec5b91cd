/** XEP-0092 Software Version, version 1.1. */
import { NS } from '../namespaces.ts';
import { el, textEl } from '../xml.ts';
import type { HubModule } from '../module.ts';

export const version: HubModule = {
  name: 'xep-0092-version',
  serverFeatures: [NS.version],
  iq: [
    {
      at: 'server',
      type: 'get',
      ns: NS.version,
      name: 'query',
      handle: () =>
        el('query', NS.version, {}, [
          textEl('name', NS.version, 'Postcard hub'),
          textEl('version', NS.version, '1'),
        ]),
    },
  ],
};
