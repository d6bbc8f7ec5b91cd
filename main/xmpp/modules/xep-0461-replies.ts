// XEP-0461: Message Replies, version 0.2.0
import { JXT } from 'stanza';
import { bareAddress } from '../server-address.ts';
import type { XmlElement } from '../xml-stream.ts';

export const REPLIES = 'urn:xmpp:reply:0';

/** Which message is answered. Both are claims of whoever answers. */
export interface WireReply {
  readonly id: string;
  /** Bare address of who wrote it; null where that is not said. */
  readonly author: string | null;
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    reply?: WireReply;
  }
}

/** Characters; an id that is longer is none of anybody's. */
const MAX_ID = 1023;

function parse(message: XmlElement): WireReply | undefined {
  const element = message.getChild('reply', REPLIES);
  const id = element?.getAttribute('id') ?? '';
  if (id === '' || id.length > MAX_ID) return undefined;
  return { id, author: bareAddress(element?.getAttribute('to') ?? '') };
}

function build(message: XmlElement, { id, author }: WireReply): void {
  const to = author === null ? {} : { to: author };
  message.appendChild(new JXT.XMLElement('reply', { xmlns: REPLIES, id, ...to }));
}

export const reply = JXT.extendMessage({ reply: { importer: parse, exporter: build } });

/** The beginning of a body that apps without replies show (section 3.2): each line of what is answered quoted. */
export const quoteOf = (text: string): string =>
  text
    .split('\n')
    .map((line) => `> ${line}\n`)
    .join('');
