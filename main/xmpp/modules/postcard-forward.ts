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

// eslint-disable-next-line no-control-regex -- control characters are what is taken out
const CONTROLS = /[\u0000-\u001f\u007f]/g;

function parse(message: XmlElement): string | undefined {
  const element = message.getChild('forward', FORWARD);
  if (element === undefined) return undefined;
  return (element.getAttribute('from') ?? '').replace(CONTROLS, ' ').trim().slice(0, MAX_NAME);
}

function build(message: XmlElement, from: string): void {
  message.appendChild(new JXT.XMLElement('forward', { xmlns: FORWARD, ...(from === '' ? {} : { from }) }));
}

export const forwarded = JXT.extendMessage({ forwarded: { importer: parse, exporter: build } });
