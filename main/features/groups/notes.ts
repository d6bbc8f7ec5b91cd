import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { InboundMessage, RoomNote } from '../../xmpp/index.ts';

/** A payload of our own that a group's message brought: live, or from the room's archive. */
export interface ArrivedNote {
  readonly conversationId: ConversationId;
  /** All of it: who sent it, as what, the room's id (`stanzaId`), and for one of mine its `originId`. */
  readonly message: InboundMessage;
  readonly note: RoomNote;
  /** The stored message it stands with (polls, question boxes); null for those that are none. */
  readonly messageId: MessageId | null;
  /** It comes behind all that is known; false for history that is read backwards. */
  readonly latest: boolean;
}

/** A text in a group, and the stored message. */
export type ArrivedText = Pick<ArrivedNote, 'conversationId' | 'message'> & { readonly messageId: MessageId };

/** Who looks after a family of notes. The same note can come several times, and out of order. */
export interface NoteReader {
  /** In the transaction that stores what came: no events, no sending. */
  apply(arrived: ArrivedNote): void;
  /** A note without a text in a message of two: no conversation comes of it. As `apply`. */
  direct?(message: InboundMessage, note: RoomNote): void;
  /** Somebody wrote something in a group that may mean what this one looks after. As `apply`. */
  text?(said: ArrivedText): void;
  /** After that transaction, where it applied something. */
  announce?(): void;
}

export interface Notes {
  read(family: RoomNote['family'], reader: NoteReader): void;
  /** For whoever reads the stream and archives. */
  apply(arrived: ArrivedNote): void;
  direct(message: InboundMessage): void;
  text(said: ArrivedText): void;
  announce(): void;
}

export function createNotes(): Notes {
  const readers = new Map<RoomNote['family'], NoteReader>();
  const applied = new Set<NoteReader>();
  return {
    read: (family, reader) => void readers.set(family, reader),
    apply: (arrived) => {
      const reader = readers.get(arrived.note.family);
      if (!reader) return;
      reader.apply(arrived);
      applied.add(reader);
    },
    direct: (message) => {
      const { note } = message;
      const reader = note && readers.get(note.family);
      if (!note || !reader?.direct) return;
      reader.direct(message, note);
      applied.add(reader);
    },
    text: (said) => {
      for (const reader of readers.values()) {
        if (!reader.text) continue;
        reader.text(said);
        applied.add(reader);
      }
    },
    announce: () => {
      const told = [...applied];
      applied.clear();
      for (const reader of told) reader.announce?.();
    },
  };
}
