// XEP-0421: Occupant identifiers for semi-anonymous MUCs, version 1.0.1
import { JXT } from 'stanza';
import type { XmlElement } from '../xml-stream.ts';

export const OCCUPANT_IDS = 'urn:xmpp:occupant-id:0';
/** Characters. */
const MAX_ID = 256;

declare module 'stanza/protocol/index.js' {
  interface Message {
    occupant?: string;
  }
  interface Presence {
    occupant?: string;
  }
}

/** Section 3.1: to be believed only where the room says that it has them, for then it removes others' claims. */
export function occupantIdIn(stanza: XmlElement): string | undefined {
  const [first, second] = stanza.getChildren('occupant-id', OCCUPANT_IDS);
  const id = second === undefined ? (first?.getAttribute('id') ?? '') : '';
  return id === '' || id.length > MAX_ID ? undefined : id;
}

const occupant = { importer: occupantIdIn, exporter: () => undefined };
export const occupantInMessage = JXT.extendMessage({ occupant });
export const occupantInPresence = JXT.extendPresence({ occupant });
