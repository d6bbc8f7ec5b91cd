import { NS } from './namespaces.ts';
import { el, elements, textEl } from './xml.ts';
import type { XmlElement } from './xml.ts';

/** Defined conditions of RFC 6120 §8.3.3 with the error type that goes with each here. */
const ERROR_TYPES = {
  'bad-request': 'modify',
  conflict: 'cancel',
  'feature-not-implemented': 'cancel',
  forbidden: 'auth',
  'internal-server-error': 'cancel',
  'item-not-found': 'cancel',
  'jid-malformed': 'modify',
  'not-acceptable': 'modify',
  'not-allowed': 'cancel',
  'not-authorized': 'auth',
  'policy-violation': 'modify',
  'registration-required': 'auth',
  'remote-server-not-found': 'cancel',
  'resource-constraint': 'wait',
  'service-unavailable': 'cancel',
  'unexpected-request': 'modify',
} as const;

export type ErrorCondition = keyof typeof ERROR_TYPES;

/** An expected refusal: it is sent to the one who asked, and nothing is logged. */
export class StanzaError extends Error {
  readonly condition: ErrorCondition;
  readonly extra: XmlElement | undefined;
  constructor(condition: ErrorCondition, message = '', extra?: XmlElement) {
    super(message);
    this.condition = condition;
    this.extra = extra;
  }
}

/** The `<error/>` child for a refusal. */
export function errorElement(error: StanzaError): XmlElement {
  const children = [el(error.condition, NS.stanzaErrors)];
  if (error.message) children.push(textEl('text', NS.stanzaErrors, error.message));
  if (error.extra) children.push(error.extra);
  return el('error', NS.client, { type: ERROR_TYPES[error.condition] }, children);
}

/** The answer to an IQ request; addresses are turned round. */
export function iqResult(iq: XmlElement, payload: XmlElement | null = null): XmlElement {
  const { id, from, to } = iq.attrs;
  return el('iq', NS.client, { type: 'result', id, from: to, to: from }, payload ? [payload] : []);
}

/** The error for a stanza, addresses turned round, without echoing its payload. */
export function errorReply(stanza: XmlElement, error: StanzaError): XmlElement {
  const { id, from, to } = stanza.attrs;
  return el(stanza.name, NS.client, { type: 'error', id, from: to, to: from }, [errorElement(error)]);
}

/** The one payload of an IQ request (RFC 6120 §8.2.3). @throws StanzaError */
export function iqPayload(iq: XmlElement): XmlElement {
  const payloads = elements(iq);
  const [payload] = payloads;
  if (!payload || payloads.length !== 1) throw new StanzaError('bad-request', 'One payload is needed');
  return payload;
}

/** XEP-0082 time with milliseconds, from ms since the epoch. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
