import { DOMAIN, ROOMS_DOMAIN, SEARCH_DOMAIN, UPLOAD_DOMAIN, parseJid } from './jid.ts';
import { handleMessage } from './messages.ts';
import { handlePresence } from './presence.ts';
import { mayReach } from './policy.ts';
import { handleOccupantIq } from './rooms/occupant-iq.ts';
import { handleRoomMessage } from './rooms/messages.ts';
import { handleRoomPresence } from './rooms/presence.ts';
import { accountExists } from './store/accounts.ts';
import { isDiskFull } from './store/database.ts';
import { StanzaError, errorReply, iqPayload, iqResult } from './stanza.ts';
import { withAttrs } from './xml.ts';
import type { HubCore } from './core.ts';
import type { IqAnswer, IqPlace } from './module.ts';
import type { Jid } from './jid.ts';
import type { Session } from './session.ts';
import type { XmlElement } from './xml.ts';

/** A stanza claims to be from somebody else: the stream ends with `invalid-from` (RFC 6120 §8.1.2.1). */
export class ForgedFrom extends Error {}

/**
 * Handles one stanza of a bound session: stamps who sent it, refuses, routes or answers it.
 * Returns a promise only when the answer needs slow work; nothing else of the session may be handled before.
 * @throws ForgedFrom
 */
export function handleStanza(core: HubCore, session: Session, received: XmlElement): void | Promise<void> {
  checkFrom(session, received.attrs.from);
  const stanza = withAttrs(received, { from: session.jid });
  core.mutes.endDue();
  try {
    return core.turn.run(() => dispatch(core, session, stanza));
  } catch (error) {
    refuse(core, session, stanza, error);
  }
}

function checkFrom(session: Session, claimed: string | undefined): void {
  if (claimed === undefined || claimed === session.jid) return;
  const jid = parseJid(claimed);
  const own = jid?.user === session.user && jid.domain === DOMAIN;
  if (!own || (jid.resource && jid.resource !== session.resource)) throw new ForgedFrom(claimed);
}

function dispatch(core: HubCore, session: Session, stanza: XmlElement): void | Promise<void> {
  const target = parseJid(stanza.attrs.to);
  if (target?.domain === ROOMS_DOMAIN && stanza.name !== 'iq') {
    core.rooms.guard(() => {
      if (stanza.name === 'message') handleRoomMessage(core, session, stanza, target);
      else handleRoomPresence(core, session, stanza, target);
    });
  } else if (stanza.name === 'message') handleMessage(core, session, stanza);
  else if (stanza.name === 'presence') handlePresence(core, session, stanza);
  else return handleIq(core, session, stanza);
}

/** Tells the sender that a stanza was refused; errors and answers are never answered (RFC 6120 §8.3.1). */
function refuse(core: HubCore, session: Session, stanza: XmlElement, error: unknown): void {
  const { type } = stanza.attrs;
  if (!(error instanceof StanzaError) && !isDiskFull(error)) {
    core.log(
      `${stanza.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
  }
  if (type === 'error' || (stanza.name === 'iq' && type === 'result')) return;
  const known = isDiskFull(error)
    ? new StanzaError('resource-constraint', 'The disk is full')
    : error instanceof StanzaError
      ? error
      : new StanzaError('internal-server-error');
  session.send(errorReply(stanza, known));
}

function handleIq(core: HubCore, session: Session, iq: XmlElement): void | Promise<void> {
  const { type, id, to } = iq.attrs;
  const target = to === undefined ? parseJid(session.bare) : parseJid(to);
  if (!target) throw new StanzaError('jid-malformed');
  if (!id || !type || !['get', 'set', 'result', 'error'].includes(type)) throw new StanzaError('bad-request');
  if (type === 'result' || type === 'error') {
    if (target.resource && target.user) forward(core, session, iq, target);
    else core.answer(session, iq);
    return;
  }
  if (target.resource && target.domain === ROOMS_DOMAIN) {
    session.send(iqResult(iq, handleOccupantIq(core, session, iq, target)));
    return;
  }
  if (target.resource && target.user) {
    if (!forward(core, session, iq, target)) throw new StanzaError('service-unavailable');
    return;
  }
  return answer(core, session, iq, target, type === 'get' ? 'get' : 'set');
}

/** Passes an IQ to another resource; false when it can't or may not be reached. */
function forward(core: HubCore, session: Session, iq: XmlElement, target: Jid): boolean {
  const from = parseJid(session.jid);
  const other = target.domain === DOMAIN ? core.findSession(target.user, target.resource) : undefined;
  if (!from || !other) return false;
  const isRequest = iq.attrs.type === 'get' || iq.attrs.type === 'set';
  if (isRequest && !mayReach(core.db, { user: other.user, session: other }, from, 'iq')) return false;
  other.send(withAttrs(iq, { to: other.jid }));
  return true;
}

function placeOf(target: Jid): IqPlace | null {
  if (target.user) {
    return target.domain === DOMAIN ? 'account' : target.domain === ROOMS_DOMAIN ? 'room' : null;
  }
  const places: Record<string, IqPlace> = {
    [DOMAIN]: 'server',
    [UPLOAD_DOMAIN]: 'upload',
    [SEARCH_DOMAIN]: 'search',
    [ROOMS_DOMAIN]: 'rooms',
  };
  return places[target.domain] ?? null;
}

function answer(
  core: HubCore,
  session: Session,
  iq: XmlElement,
  target: Jid,
  type: 'get' | 'set',
): void | Promise<void> {
  const place = placeOf(target);
  if (!place) throw new StanzaError('remote-server-not-found');
  const payload = iqPayload(iq);
  const own = place !== 'account' || target.user === session.user;
  const handler = core.findHandler(place, type, payload);
  const from = parseJid(session.jid);
  const hidden =
    !own && (!accountExists(core.db, target.user) || !from || !mayReach(core.db, target, from, 'iq'));
  if (!handler || hidden) throw new StanzaError('service-unavailable');
  if (!own && !handler.forOthers) throw new StanzaError(type === 'get' ? 'service-unavailable' : 'forbidden');
  const user = place === 'account' || place === 'room' ? target.user : session.user;
  const ask = (): IqAnswer | Promise<IqAnswer> =>
    handler.handle({ core, session, iq, payload, type, user, own });
  const result = place === 'room' ? core.rooms.guard(ask) : ask();
  const finish = (payloadOut: IqAnswer): void => session.send(iqResult(iq, payloadOut));
  if (!(result instanceof Promise)) {
    finish(result);
    return;
  }
  return result.then(
    (done) => core.turn.run(() => finish(done)),
    (error: unknown) => core.turn.run(() => refuse(core, session, iq, error)),
  );
}
