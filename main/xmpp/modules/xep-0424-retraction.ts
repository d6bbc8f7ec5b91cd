// XEP-0424: Message Retraction, version 0.4.2
import { JXT } from 'stanza';
import type { Message, ReceivedMessage } from 'stanza/protocol/index.js';
import type { XmlElement } from '../xml-stream.ts';

export const RETRACTION = 'urn:xmpp:message-retract:1';

declare module 'stanza/protocol/index.js' {
  interface Message {
    /** The id of the message that its author takes back. */
    retract?: string;
    /** A tombstone: this is what the archive has of a message that was taken back. */
    retracted?: boolean;
  }
}

/** The id of the message that is taken back; null when this is no retraction. */
export const readRetraction = (stanza: ReceivedMessage): string | null => stanza.retract || null;

/** Without `text` nothing is shown by those who do not know this; both are kept by archives. */
export const retractionOf = (target: string, text: string | null): Partial<Message> => ({
  retract: target,
  processingHints: { store: true },
  ...(text === null ? {} : { body: text, fallbacks: [{ for: RETRACTION, range: null }] }),
});

function parseRetract(message: XmlElement): string | undefined {
  return message.getChild('retract', RETRACTION)?.getAttribute('id') || undefined;
}

function buildRetract(message: XmlElement, id: string): void {
  message.appendChild(new JXT.XMLElement('retract', { xmlns: RETRACTION, id }));
}

function parseRetracted(message: XmlElement): boolean | undefined {
  return message.getChild('retracted', RETRACTION) === undefined ? undefined : true;
}

export const retraction = JXT.extendMessage({
  retract: { importer: parseRetract, exporter: buildRetract },
  // Only archives make them.
  retracted: { importer: parseRetracted, exporter: () => undefined },
});
