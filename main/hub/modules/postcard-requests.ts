/** urn:postcard:requests:0: what is held back from people an account has not let in; counts only. */
import { heldElement } from '../held.ts';
import { bareOfUser } from '../jid.ts';
import { LIMITS } from '../limits.ts';
import { NS } from '../namespaces.ts';
import { forgetPeer, listHeldCounts } from '../store/held.ts';
import { el } from '../xml.ts';
import type { HubModule } from '../module.ts';

export const heldRequests: HubModule = {
  name: 'postcard-requests',
  serverFeatures: [NS.requests],
  accountFeatures: [NS.requests],
  iq: [
    {
      at: 'account',
      type: 'get',
      ns: NS.requests,
      name: 'query',
      handle: ({ core, session }) =>
        el(
          'query',
          NS.requests,
          {},
          listHeldCounts(core.db, session.user, LIMITS.heldSenders).map(heldElement),
        ),
    },
  ],
  onErase: (core, user) => forgetPeer(core.db, bareOfUser(user)),
};
