import type { ConversationId, MessageId } from '../../../contract/ids.ts';
import type { Target, WritableDb } from '../../store/index.ts';
import type { InboundEffect } from '../../xmpp/index.ts';

export type EffectKind = InboundEffect['kind'];

/** An effect, and whose it is. */
export interface Arrived<E extends InboundEffect = InboundEffect> {
  readonly conversationId: ConversationId;
  /**
   * Bare address, checked by whoever read the stanza; of a moderation the room's. In a group that hides addresses
   * `occupant:ID` (XEP-0421); a nickname is nobody.
   */
  readonly sender: string;
  /** Unix time, ms. */
  readonly at: number;
  /** The id of its own stanza; null when it has none. */
  readonly effectId: string | null;
  /** In a group: what the room calls its stanza, and messages are meant by such ids. */
  readonly inRoom?: { readonly stanzaId: string | null };
  /** Said by the room itself. */
  readonly byRoom?: boolean;
  readonly effect: E;
  /** It comes behind all that is known of its message; false for history that is read backwards. */
  readonly latest: boolean;
}

/** A message that was changed. */
export interface Applied {
  readonly conversationId: ConversationId;
  readonly id: MessageId;
  readonly kind: EffectKind;
}

/** How one kind changes a message. */
export interface EffectRule<E extends InboundEffect> {
  /** Only who wrote the message may do it (PROTOCOL: an edit or unsend of somebody else's message is a forgery). */
  readonly authorOnly: boolean;
  /** In a transaction. False when nothing changed: it is known, or comes too late. */
  apply(db: WritableDb, target: Target, arrived: Arrived<E>): boolean;
}

/** One for each kind. */
export type EffectRules = { readonly [K in EffectKind]: EffectRule<Extract<InboundEffect, { kind: K }>> };
