// urn:postcard:groups:0, urn:postcard:polls:0, urn:postcard:questions:0, our own: see docs/mechanisms/groups.md and polls.md
import { JXT } from 'stanza';
import type { RoomNote } from '../room-types.ts';
import type { XmlElement } from '../xml-stream.ts';

const families = ['groups', 'polls', 'questions'] as const;
export const noteNamespace = (family: RoomNote['family']): string => `urn:postcard:${family}:0`;
const familyOf = new Map<string, RoomNote['family']>(families.map((name) => [noteNamespace(name), name]));
/** Characters. */
export const MAX_NOTE = 20_000;
const NAME = /^[a-z][a-z-]{0,31}$/;

declare module 'stanza/protocol/index.js' {
  interface Message {
    note?: RoomNote;
  }
}

/** Undefined where there is none, or more than one: a message says one thing. */
function parse(message: XmlElement): RoomNote | undefined {
  const found = message.children.flatMap((child): RoomNote[] => {
    if (typeof child === 'string') return [];
    const family = familyOf.get(child.getNamespace());
    const json = child.getText();
    if (family === undefined || !NAME.test(child.getName()) || json.length > MAX_NOTE) return [];
    return [{ family, kind: child.getName(), json }];
  });
  return found.length === 1 ? found[0] : undefined;
}

function build(message: XmlElement, { family, kind, json }: RoomNote): void {
  message.appendChild(new JXT.XMLElement(kind, { xmlns: noteNamespace(family) }, [json]));
}

export const note = JXT.extendMessage({ note: { importer: parse, exporter: build } });
