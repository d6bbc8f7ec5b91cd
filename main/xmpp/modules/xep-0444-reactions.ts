// XEP-0444: Message Reactions, version 0.2.1
import { JXT } from 'stanza';
import type { Message, ReceivedMessage } from 'stanza/protocol/index.js';
import { isOneEmoji, MOST_REACTIONS } from '../../../contract/reactions.ts';
import type { XmlElement } from '../xml-stream.ts';

export const REACTIONS = 'urn:xmpp:reactions:0';

/** All reactions of one person to one message; they take the place of those before. */
export interface WireReactions {
  readonly id: string;
  readonly emojis: readonly string[];
}

declare module 'stanza/protocol/index.js' {
  interface Message {
    reactions?: WireReactions;
  }
}

/** What is no emoji is left out (section 3: "A client MAY ignore"), and what goes beyond what anybody chooses. */
export function readReactions(stanza: ReceivedMessage): WireReactions | null {
  const found = stanza.reactions;
  if (found === undefined || found.id === '') return null;
  const emojis = [...new Set(found.emojis.filter(isOneEmoji))].slice(0, MOST_REACTIONS);
  // Something was chosen that is not known here: nothing is said of what was there before.
  return emojis.length === 0 && found.emojis.length > 0 ? null : { id: found.id, emojis };
}

/** Section 3.1: without `<store/>` archives keep none, for there is no body. */
export const reactionsOf = (id: string, emojis: readonly string[]): Partial<Message> => ({
  reactions: { id, emojis },
  processingHints: { store: true },
});

function parse(message: XmlElement): WireReactions | undefined {
  const element = message.getChild('reactions', REACTIONS);
  if (element === undefined) return undefined;
  const emojis = element.getChildren('reaction', REACTIONS).map((one) => one.getText().trim());
  return { id: element.getAttribute('id') ?? '', emojis: emojis.slice(0, 100) };
}

function build(message: XmlElement, { id, emojis }: WireReactions): void {
  const element = new JXT.XMLElement('reactions', { xmlns: REACTIONS, id });
  for (const emoji of emojis) {
    const child = new JXT.XMLElement('reaction', { xmlns: REACTIONS });
    child.appendChild(emoji);
    element.appendChild(child);
  }
  message.appendChild(element);
}

export const reactions = JXT.extendMessage({ reactions: { importer: parse, exporter: build } });
