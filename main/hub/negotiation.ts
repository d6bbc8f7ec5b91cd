import { setTimeout as wait } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { DOMAIN, accountName, isResource } from './jid.ts';
import { LIMITS } from './limits.ts';
import { StreamError, saslElement } from './connection.ts';
import { NS } from './namespaces.ts';
import { answerRegistration } from './modules/xep-0077-registration.ts';
import { ScramExchange, checkPassword, fakeCredential, readClientFirst } from './scram.ts';
import { Session } from './session.ts';
import { StanzaError, errorReply, iqPayload, iqResult } from './stanza.ts';
import { accountExists, findCredential } from './store/accounts.ts';
import { childText, el, textEl, textOf, withAttrs } from './xml.ts';
import type { Connection } from './connection.ts';
import type { XmlElement } from './xml.ts';

/** Stream features before logging in (RFC 6120 §6.4.1, XEP-0077 §8). */
export function loginFeatures(): XmlElement[] {
  const mechanisms = ['SCRAM-SHA-256', 'PLAIN'].map((name) => textEl('mechanism', NS.sasl, name));
  return [el('mechanisms', NS.sasl, {}, mechanisms), el('register', NS.registerFeature)];
}

/** Stream features after logging in (RFC 6120 §7.4, XEP-0198 §2, XEP-0352 §3). */
export function bindFeatures(): XmlElement[] {
  return [
    el('bind', NS.bind),
    el('session', NS.session, {}, [el('optional', NS.session)]),
    el('sm', NS.sm),
    el('csi', NS.csi),
  ];
}

/** Handles what comes before a resource is bound: logging in, registering, binding. @throws StreamError */
export function negotiate(connection: Connection, element: XmlElement): void | Promise<void> {
  if (!connection.user && element.ns === NS.sasl) return handleSasl(connection, element);
  if (element.ns !== NS.client || element.name !== 'iq') throw new StreamError('not-authorized');
  return connection.user ? handleBind(connection, element) : handleRegistration(connection, element);
}

async function handleRegistration(connection: Connection, iq: XmlElement): Promise<void> {
  const { core } = connection;
  const addressed = withAttrs(iq, { to: iq.attrs.to ?? DOMAIN });
  try {
    const payload = await answerRegistration(core, connection.gate, addressed);
    connection.send(iqResult(addressed, payload));
  } catch (error) {
    if (!(error instanceof StanzaError)) throw error;
    connection.send(errorReply(addressed, error));
  }
}

function handleBind(connection: Connection, iq: XmlElement): void {
  const { core, user } = connection;
  if (!user) throw new StreamError('not-authorized');
  const answer = core.turn.run((): XmlElement => {
    try {
      const bind = iqPayload(iq);
      if (iq.attrs.type !== 'set' || bind.name !== 'bind' || bind.ns !== NS.bind)
        throw new StanzaError('not-allowed');
      const resource = childText(bind, 'resource') || randomUUID();
      if (!isResource(resource)) throw new StanzaError('bad-request');
      const isNew = !core.findSession(user, resource);
      if (isNew && core.sessionsOf(user).length >= LIMITS.sessionsPerAccount) {
        throw new StanzaError('resource-constraint');
      }
      const session = new Session(core, user, resource, connection);
      core.addSession(session);
      connection.bind(session);
      return iqResult(iq, el('bind', NS.bind, {}, [textEl('jid', NS.bind, session.jid)]));
    } catch (error) {
      if (error instanceof StanzaError) return errorReply(iq, error);
      throw error;
    }
  });
  connection.send(answer);
}

function handleSasl(connection: Connection, element: XmlElement): void | Promise<void> {
  const payload = textOf(element).trim();
  const text = payload === '=' ? '' : Buffer.from(payload, 'base64').toString('utf8');
  if (element.name === 'auth' && element.attrs.mechanism === 'SCRAM-SHA-256')
    return startScram(connection, text);
  if (element.name === 'auth' && element.attrs.mechanism === 'PLAIN') return loginPlain(connection, text);
  if (element.name === 'response' && connection.scram) return finishScram(connection, text);
  if (element.name === 'auth') return failLogin(connection, '', 'invalid-mechanism');
  connection.scram = null;
  return failLogin(connection, '', element.name === 'abort' ? 'aborted' : 'malformed-request');
}

function startScram(connection: Connection, text: string): void | Promise<void> {
  const first = readClientFirst(text);
  const user = first && accountName(first.user);
  if (!first) return failLogin(connection, '', 'malformed-request');
  const { core, gate } = connection;
  const credential = (user && findCredential(core.db, user)) || fakeCredential(gate.secret, first.user);
  const exchange = new ScramExchange(first, credential);
  connection.scram = { exchange, user: user ?? first.user };
  connection.send(saslElement('challenge', Buffer.from(exchange.challenge).toString('base64')));
}

function finishScram(connection: Connection, text: string): void | Promise<void> {
  const { scram } = connection;
  connection.scram = null;
  const final = scram?.exchange.finish(text);
  if (!scram || !final) return failLogin(connection, scram?.user ?? '', 'not-authorized');
  return succeed(connection, scram.user, Buffer.from(final).toString('base64'));
}

async function loginPlain(connection: Connection, text: string): Promise<void> {
  const [authzid, typed = '', password = ''] = text.split('\0');
  const user = accountName(typed);
  if (authzid === undefined || !user) return failLogin(connection, typed, 'not-authorized');
  const credential = findCredential(connection.core.db, user) ?? fakeCredential(connection.gate.secret, user);
  if (!(await checkPassword(password, credential))) return failLogin(connection, user, 'not-authorized');
  return succeed(connection, user, '');
}

function succeed(connection: Connection, user: string, text: string): void | Promise<void> {
  // The account may have been removed while the password was checked.
  if (!accountExists(connection.core.db, user)) return failLogin(connection, user, 'not-authorized');
  connection.user = user;
  connection.gate.recordSuccess(user);
  connection.send(saslElement('success', text));
}

async function failLogin(connection: Connection, user: string, condition: string): Promise<void> {
  const delay = condition === 'not-authorized' ? connection.gate.recordFailure(user.slice(0, 64)) : 0;
  if (delay > 0) await wait(delay, undefined, { ref: false });
  connection.send(el('failure', NS.sasl, {}, [el(condition, NS.sasl)]));
  if (++connection.attempts >= LIMITS.loginAttempts) throw new StreamError('policy-violation');
}
