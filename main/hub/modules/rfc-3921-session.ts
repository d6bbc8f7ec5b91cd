/** RFC 3921 §3: older clients ask for a session after binding; there is nothing to do. */
import { NS } from '../namespaces.ts';
import type { HubModule } from '../module.ts';

export const legacySession: HubModule = {
  name: 'rfc-3921-session',
  iq: (['server', 'account'] as const).map((at) => ({
    at,
    type: 'set',
    ns: NS.session,
    name: 'session',
    handle: () => null,
  })),
};
