// XEP-0333: Displayed Markers, version 1.0
import type { Message, ReceivedMessage } from 'stanza/protocol/index.js';

/** Whether the sender wants to hear that this was displayed (section 4.1). */
export const isMarkable = (stanza: ReceivedMessage): boolean => stanza.marker?.type === 'markable';

/** The id of the message that was displayed, and with it all before it; null when this is no such marker. */
export function readDisplayed(stanza: ReceivedMessage): string | null {
  const marker = stanza.marker;
  return marker?.type === 'displayed' && typeof marker.id === 'string' && marker.id !== '' ? marker.id : null;
}

/** Section 4.3. Not kept: each would be a message of the archive, and a later one says it all. */
export const displayedInRoom = (room: string, stanzaId: string): Message => ({
  to: room,
  type: 'groupchat',
  marker: { type: 'displayed', id: stanzaId },
  processingHints: { noStore: true },
});

/** Section 4.2; kept by the archive, for the other side may be offline. */
export const displayedMessage = (to: string, id: string): Message => ({
  to,
  type: 'chat',
  marker: { type: 'displayed', id },
  processingHints: { store: true },
});
