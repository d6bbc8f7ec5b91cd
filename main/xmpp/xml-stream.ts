import { PostcardError } from '../../contract/errors.ts';
import { JXT } from 'stanza';
import { SaxesParser, type SaxesTagPlain } from 'saxes';

export type XmlElement = JXT.XMLElement;

/** What the peer sent is not XMPP (RFC 6120 section 11.1: no comments, PIs, DTDs, entities). Ends the stream. */
export class XmlViolation extends Error {
  override name = 'XmlViolation';
}

/** Elements nested deeper than this in one stanza make it unreadable; real stanzas stay below 20. */
const MAX_DEPTH = 64;
/** Characters of one stanza that are kept: a 1 MB avatar as base64 fits. More makes it unreadable. */
const MAX_STANZA = 4 * 1024 * 1024;
/** Characters of one stanza that are read at all before the stream is ended. */
export const HARD_LIMIT = 16 * 1024 * 1024;

const options = { xmlns: false, position: false } as const;

export interface XmlStreamEvents {
  /** The stream's root; only where it is not framed. */
  onOpen(root: XmlElement): void;
  /** `complete` is false where depth or size were over the limit: then it has its attributes, not all children. */
  onElement(element: XmlElement, complete: boolean): void;
  onClose(): void;
}

/**
 * A strict parser that yields whole stanzas. One that is too deep or too large is handed over cut short instead
 * of ending the stream: a server would deliver it again after each resume, so that one hostile message could
 * keep somebody offline for good.
 */
export class XmlStream {
  readonly #framed: boolean;
  readonly #events: XmlStreamEvents;
  #parser: SaxesParser<typeof options>;
  #root: XmlElement | null = null;
  /** The stanza that is being read, and the element in it that is open. */
  #stanza: XmlElement | null = null;
  #current: XmlElement | null = null;
  #depth = 0;
  #size = 0;
  #complete = true;
  #sinceStanza = 0;

  /** `framed`: each write is one whole element (RFC 7395 section 3.3.3); else one document (RFC 6120). */
  constructor(framed: boolean, events: XmlStreamEvents) {
    this.#framed = framed;
    this.#events = events;
    this.#parser = this.#create();
  }

  /** Throws XmlViolation. */
  write(text: string): void {
    this.#sinceStanza += text.length;
    if (this.#sinceStanza > HARD_LIMIT) throw new XmlViolation('stanza over the hard limit');
    try {
      this.#parser.write(text);
      if (this.#framed) this.#endFrame();
    } catch (error) {
      // A reader's own verdict (an injection before TLS) passes as it is.
      if (error instanceof XmlViolation || error instanceof PostcardError) throw error;
      throw new XmlViolation('not well-formed', { cause: error });
    }
  }

  #endFrame(): void {
    this.#parser.close();
    if (this.#depth !== 0) throw new XmlViolation('frame with an unfinished element');
  }

  #create(): SaxesParser<typeof options> {
    const parser = new SaxesParser(options);
    const refuse = (what: string) => () => {
      throw new XmlViolation(what);
    };
    parser.on('doctype', refuse('DTD'));
    parser.on('comment', refuse('comment'));
    parser.on('processinginstruction', refuse('processing instruction'));
    parser.on('opentag', (tag) => this.#open(tag));
    parser.on('closetag', () => this.#close());
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    return parser;
  }

  #open(tag: SaxesTagPlain): void {
    this.#depth += 1;
    const element = new JXT.XMLElement(tag.name, tag.attributes);
    if (!this.#framed && this.#depth === 1) {
      this.#root = element;
      this.#sinceStanza = 0;
      this.#events.onOpen(element);
      return;
    }
    const level = this.#framed ? this.#depth : this.#depth - 1;
    if (level === 1) return this.#begin(element);
    this.#size += tag.name.length;
    for (const value of Object.values(tag.attributes)) this.#size += value.length;
    if (level > MAX_DEPTH || this.#size > MAX_STANZA) this.#complete = false;
    if (!this.#complete || this.#current === null) return;
    this.#current.appendChild(element);
    this.#current = element;
  }

  #begin(element: XmlElement): void {
    this.#size = 0;
    this.#complete = true;
    this.#current = element;
    this.#stanza = element;
  }

  #text(text: string): void {
    if (this.#current === null) return;
    this.#size += text.length;
    if (this.#size > MAX_STANZA) this.#complete = false;
    if (this.#complete) this.#current.appendChild(text);
  }

  #close(): void {
    this.#depth -= 1;
    const level = this.#framed ? this.#depth : this.#depth - 1;
    if (level === -1) return this.#events.onClose();
    if (level > 0) {
      if (this.#complete) this.#current = this.#current?.parent ?? null;
      return;
    }
    const stanza = this.#stanza;
    this.#stanza = null;
    this.#current = null;
    this.#sinceStanza = 0;
    if (stanza === null) return;
    // The stream's root carries the default namespace that the stanza's own elements inherit.
    if (this.#root !== null) stanza.parent = this.#root;
    this.#events.onElement(stanza, this.#complete);
  }
}
