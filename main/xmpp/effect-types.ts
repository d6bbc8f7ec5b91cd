/**
 * What a stanza changes in a message that is there. `target`: the id that message was sent with. Who may do that is
 * for the receiver to check: its author alone edits and unsends, everybody else only adds what is theirs.
 */
export type InboundEffect =
  /** XEP-0308. The text, or a file's caption, as it is now. */
  | { readonly kind: 'edit'; readonly target: string; readonly text: string }
  /** XEP-0424 */
  | { readonly kind: 'unsend'; readonly target: string }
  /** XEP-0444. All that its sender chose for it; [] takes them back. */
  | ReactionEffect;

/** The same on its way out. */
export type OutboundEffect =
  /** `caption`: the message is a file, and the text its caption. */
  | { readonly kind: 'edit'; readonly target: string; readonly text: string; readonly caption: boolean }
  /** `silent`: belongs to another one, and is told to servers alone (FACTS: each correction has to be named). */
  | { readonly kind: 'unsend'; readonly target: string; readonly silent: boolean }
  | ReactionEffect;

interface ReactionEffect {
  readonly kind: 'react';
  readonly target: string;
  readonly emojis: readonly string[];
}
