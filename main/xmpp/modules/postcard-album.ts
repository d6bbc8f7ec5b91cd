// urn:postcard:album:0, our own: see docs/mechanisms/albums.md
import { JXT } from 'stanza';
import type { XmlElement } from '../xml-stream.ts';

const NS = 'urn:postcard:album:0';
/** More are no album of ours. */
const MAX_COUNT = 100;
/** Characters. */
const MAX_ID = 64;
const MAX_CAPTION = 4000;

/** One message of several photos that belong together. All of it is its sender's claim. */
export interface WireAlbum {
  /** Says something only among messages of one sender in one conversation. */
  readonly id: string;
  /** From 0, below `count`. */
  readonly index: number;
  /** 2 to 100. */
  readonly count: number;
  /** The caption of all of them, on one message alone; '' on the others. */
  readonly caption: string;
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    album?: WireAlbum;
  }
}

function whole(text: string | undefined): number | null {
  return text !== undefined && /^(0|[1-9]\d{0,2})$/.test(text) ? Number(text) : null;
}

/** Undefined where it is none, or none that can be: then the message is a photo like any other. */
function parse(message: XmlElement): WireAlbum | undefined {
  const element = message.getChild('album', NS);
  const id = element?.getAttribute('id') ?? '';
  const index = whole(element?.getAttribute('index'));
  const count = whole(element?.getAttribute('count'));
  if (id === '' || id.length > MAX_ID || index === null || count === null) return undefined;
  if (count < 2 || count > MAX_COUNT || index >= count) return undefined;
  return { id, index, count, caption: (element?.getChild('caption')?.getText() ?? '').slice(0, MAX_CAPTION) };
}

function build(message: XmlElement, { id, index, count, caption }: WireAlbum): void {
  const element = new JXT.XMLElement('album', { xmlns: NS, id, index: String(index), count: String(count) });
  if (caption !== '') {
    const child = new JXT.XMLElement('caption');
    child.appendChild(caption);
    element.appendChild(child);
  }
  message.appendChild(element);
}

export const album = JXT.extendMessage({ album: { importer: parse, exporter: build } });
