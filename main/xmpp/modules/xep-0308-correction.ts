// XEP-0308: Last Message Correction, version 1.2.1
import type { Message, ReceivedMessage } from 'stanza/protocol/index.js';

export const CORRECTION = 'urn:xmpp:message-correct:0';

/** The id of the message that this one takes the place of; null when it stands for itself. */
export function readCorrection(stanza: ReceivedMessage): string | null {
  return typeof stanza.replace === 'string' && stanza.replace !== '' ? stanza.replace : null;
}

/** Section 5: always the id of the first message, also when it was corrected before. */
export const correctionOf = (target: string): Pick<Message, 'replace'> => ({ replace: target });
