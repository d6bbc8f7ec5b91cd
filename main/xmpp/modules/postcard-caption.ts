// urn:postcard:caption:0, our own: see docs/decisions/captions-to-other-apps.md
import { JXT } from 'stanza';
import type { XmlElement } from '../xml-stream.ts';

const NS = 'urn:postcard:caption:0';

declare module 'stanza/protocol/index.js' {
  interface Message {
    /** This text only repeats the caption of the photo with this id, for apps that don't read it there. */
    captionOf?: string;
  }
}

function parse(message: XmlElement): string | undefined {
  return message.getChild('caption', NS)?.getAttribute('for') || undefined;
}

function build(message: XmlElement, id: string): void {
  message.appendChild(new JXT.XMLElement('caption', { xmlns: NS, for: id }));
}

export const caption = JXT.extendMessage({ captionOf: { importer: parse, exporter: build } });
