/**
 * What a stanza changes in a message that is there. `target`: the id that message was sent with; in a room the room's
 * id (`stanzaId`) of it, but for edits. Who may do that is for the receiver to check: its author alone edits and
 * unsends, everybody else only adds what is theirs.
 */
export type InboundEffect =
  /** XEP-0308. The text, or a file's caption, as it is now. */
  | { readonly kind: 'edit'; readonly target: string; readonly text: string }
  /** XEP-0424 */
  | { readonly kind: 'unsend'; readonly target: string }
  /**
   * XEP-0425: a moderator took it back; said by the room itself, never by anybody in it. `by`: bare address, or
   * `room/nick` of who is not known, or '' where the room does not say.
   */
  | { readonly kind: 'moderate'; readonly target: string; readonly by: string; readonly reason: string }
  /** XEP-0444. All that its sender chose for it; [] takes them back. */
  | ReactionEffect;

/** The same on its way out. */
export type OutboundEffect =
  /**
   * `caption`: the message is a file, and the text its caption. `captionId`: what the room calls the message that repeats
   * the caption for other apps; by that it is taken back there.
   */
  | {
      readonly kind: 'edit';
      readonly target: string;
      readonly text: string;
      readonly caption: boolean;
      readonly captionId?: string;
    }
  /** `silent`: belongs to another one, and is told to servers alone (FACTS: each correction has to be named). */
  | { readonly kind: 'unsend'; readonly target: string; readonly silent: boolean }
  | ReactionEffect;

interface ReactionEffect {
  readonly kind: 'react';
  readonly target: string;
  readonly emojis: readonly string[];
}
