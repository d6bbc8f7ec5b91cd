import { NS } from '../namespaces.ts';
import { StanzaError, iqPayload } from '../stanza.ts';
import type { HubCore } from '../core.ts';
import type { Jid } from '../jid.ts';
import type { Session } from '../session.ts';
import type { XmlElement } from '../xml.ts';

/**
 * A request to somebody in a room: only "am I still in it?" (XEP-0410) is answered, by the room itself. Nothing is
 * passed on: everybody's address is known, and what may reach it is for their own rules. @throws StanzaError
 */
export function handleOccupantIq(core: HubCore, session: Session, iq: XmlElement, target: Jid): null {
  const payload = iqPayload(iq);
  const room = core.rooms.find(target.user);
  const occupant = room?.occupantOf(session);
  if (!room || !occupant) throw new StanzaError('not-acceptable');
  const other = room.occupantNamed(target.resource);
  if (!other) throw new StanzaError('item-not-found');
  const isPing = payload.name === 'ping' && payload.ns === NS.ping && iq.attrs.type === 'get';
  if (!isPing || other !== occupant) throw new StanzaError('service-unavailable');
  return null;
}
