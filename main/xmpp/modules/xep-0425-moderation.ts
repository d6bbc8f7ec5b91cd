// XEP-0425: Moderated Message Retraction, version 0.3.0 (`:1`), and 0.2.1 (`:0`, of servers that know no other)
import { JXT } from 'stanza';
import type { IQ } from 'stanza/protocol/index.js';
import { PostcardError } from '../../../contract/errors.ts';
import type { RoomInfo } from '../room-types.ts';
import type { XmlElement } from '../xml-stream.ts';
import type { IqPort } from './iq-port.ts';
import { occupantIdIn } from './xep-0421-occupant-ids.ts';
import { clipped } from './xep-0249-direct-invitations.ts';
import { RETRACTION } from './xep-0424-retraction.ts';

const NEW = 'urn:xmpp:message-moderate:1';
const OLD = 'urn:xmpp:message-moderate:0';
const OLD_RETRACTION = 'urn:xmpp:message-retract:0';
const FASTENING = 'urn:xmpp:fasten:0';

/** That a message was taken back by a moderator. */
export interface WireModeration {
  /** The room's id of the message; null in a tombstone, which is that message. */
  readonly target: string | null;
  /** As it stands there: `room/nick`, or ''. */
  readonly by: string;
  /** XEP-0421: what some rooms say instead. */
  readonly occupantId: string | null;
  readonly reason: string;
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    moderation?: WireModeration;
  }
  interface IQPayload {
    moderate?: { readonly version: 0 | 1; readonly id: string; readonly reason: string };
  }
}

/** Which version a room knows, by its features; null for none. */
export function moderationIn(features: readonly string[]): RoomInfo['moderation'] {
  if (features.includes(NEW)) return 1;
  return features.includes(OLD) ? 0 : null;
}

function read(target: string | null, moderated: XmlElement, reason: XmlElement | undefined): WireModeration {
  return {
    target,
    by: (moderated.getAttribute('by') ?? '').slice(0, 3071),
    occupantId: occupantIdIn(moderated) ?? null,
    reason: clipped(reason?.getText()),
  };
}

/** Of a member's message too: that it counts from the room alone is for the reader to see to. */
function parse(message: XmlElement): WireModeration | undefined {
  for (const [name, whole] of [
    ['retract', true],
    ['retracted', false],
  ] as const) {
    const retract = message.getChild(name, RETRACTION);
    const moderated = retract?.getChild('moderated', NEW);
    if (retract !== undefined && moderated !== undefined)
      return read(whole ? (retract.getAttribute('id') ?? '') : null, moderated, retract.getChild('reason'));
  }
  const fastened = message.getChild('apply-to', FASTENING);
  const announced = fastened?.getChild('moderated', OLD);
  if (announced?.getChild('retract', OLD_RETRACTION) !== undefined)
    return read(fastened?.getAttribute('id') ?? '', announced, announced.getChild('reason'));
  const left = message.getChild('moderated', OLD);
  return left?.getChild('retracted', OLD_RETRACTION) === undefined
    ? undefined
    : read(null, left, left.getChild('reason'));
}

const withText = (element: XmlElement, name: string, text: string): XmlElement => {
  if (text !== '') element.appendChild(new JXT.XMLElement(name, {}, [text]));
  return element;
};

function build(iq: XmlElement, o: { version: 0 | 1; id: string; reason: string }): void {
  const { version, id, reason } = o;
  const moderate = new JXT.XMLElement('moderate', { xmlns: version === 1 ? NEW : OLD });
  const retract = version === 1 ? RETRACTION : OLD_RETRACTION;
  moderate.appendChild(new JXT.XMLElement('retract', { xmlns: retract }));
  withText(moderate, 'reason', reason);
  if (version === 1) {
    moderate.setAttribute('id', id);
    iq.appendChild(moderate);
  } else {
    const fastened = new JXT.XMLElement('apply-to', { xmlns: FASTENING, id });
    fastened.appendChild(moderate);
    iq.appendChild(fastened);
  }
}

export const moderation = JXT.extendMessage({
  moderation: { importer: parse, exporter: () => undefined },
});
export const moderateQuery = JXT.extendIQ({
  moderate: { importer: () => undefined, exporter: build },
});

/** Section 3. Throws PostcardError `moderation-unsupported`, IqError. */
export async function moderate(
  port: IqPort,
  version: RoomInfo['moderation'],
  o: { room: string; stanzaId: string; reason: string },
): Promise<void> {
  if (version === null) throw new PostcardError('moderation-unsupported');
  const query = { version, id: o.stanzaId, reason: o.reason };
  await port.send({ type: 'set', to: o.room, moderate: query } as unknown as IQ);
}
