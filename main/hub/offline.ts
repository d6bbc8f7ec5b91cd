import { Delivery } from './delivery.ts';
import { DOMAIN } from './jid.ts';
import { NS } from './namespaces.ts';
import { timestamp } from './stanza.ts';
import { listOffline } from './store/offline.ts';
import { el, parseXml, withAttrs, withChildren } from './xml.ts';
import type { HubCore } from './core.ts';
import type { Session } from './session.ts';

/**
 * Sends a resource what waits for its account (XEP-0160), marked with when it came (XEP-0203).
 * What another connected resource is being sent right now is left to that one.
 */
export function deliverOffline(core: HubCore, session: Session): void {
  for (const { id, at, xml } of listOffline(core.db, session.user)) {
    const held = core.held.get(id);
    if (held && [...held.holders].some((holder) => holder.link || holder === session)) continue;
    const delivery = held ?? new Delivery(session.user, at, xml, id);
    core.held.add(delivery);
    const message = parseXml(xml);
    const delay = el('delay', NS.delay, { from: DOMAIN, stamp: timestamp(at) });
    session.send(
      withChildren(withAttrs(message, { to: message.attrs.to ?? session.bare }), [
        ...message.children,
        delay,
      ]),
      delivery,
    );
  }
}
