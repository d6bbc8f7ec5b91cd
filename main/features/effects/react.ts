import { effectsOfMessage, isOwn, setReactions, type WritableDb } from '../../store/index.ts';
import type { MessageId } from '../../../contract/ids.ts';
import type { InboundEffect, OutboundEffect } from '../../xmpp/index.ts';
import type { EffectRule } from './types.ts';

/** XEP-0444: everybody in a conversation, each for themselves; a set takes the place of the one before. */
export const react: EffectRule<Extract<InboundEffect, { kind: 'react' }>> = {
  authorOnly: false,
  apply: (db, target, { conversationId, sender, effect, at, effectId, latest }) => {
    // What I chose here and is still to be told is newer than what another device of mine chose.
    const own = isOwn(db, conversationId, sender);
    if (target.unsent || (own && isToBeTold(db, target.id))) return false;
    return setReactions(db, target.id, { sender, emojis: effect.emojis, at, effectId, latest });
  },
};

const isToBeTold = (db: WritableDb, id: MessageId): boolean =>
  // Written by `Effects.own` alone.
  effectsOfMessage(db, id).some(({ effect }) => (JSON.parse(effect) as OutboundEffect).kind === 'react');
