// urn:postcard:forward:0, our own: see docs/mechanisms/forward.md
import { JXT } from 'stanza';
import type { XmlElement } from '../xml-stream.ts';

export const FORWARD = 'urn:postcard:forward:0';
/** Characters. */
const MAX_NAME = 200;

declare module 'stanza/protocol/index.js' {
  interface Message {
    /** Passed on: the name of who wrote it, as its sender gives it; '' where they don't. */
    forwarded?: string;
  }
}

function parse(message: XmlElement): string | undefined {
  const element = message.getChild('forward', FORWARD);
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return (
    element
      ?.getAttribute('from')
      ?.replace(/[\u0000-\u001f\u007f]/g, ' ')
      .trim()
      .slice(0, MAX_NAME) ?? (element ? '' : undefined)
  );
}

function build(message: XmlElement, from: string): void {
  message.appendChild(new JXT.XMLElement('forward', { xmlns: FORWARD, ...(from === '' ? {} : { from }) }));
}

export const forwarded = JXT.extendMessage({ forwarded: { importer: parse, exporter: build } });
