import { PostcardError } from '../../contract/errors.ts';
import type { Handlers } from '../../contract/index.ts';
import { MOST_REACTIONS } from '../../contract/reactions.ts';
import { markFor, messageById, reactionsBy, setReactions, type WritableDb } from '../store/index.ts';
import type { Effects } from './effects/index.ts';

/** What I choose for messages: docs/mechanisms/reactions.md. */
export function reactionHandlers(o: {
  db: WritableDb;
  ownAddress: string;
  effects: Effects;
}): Pick<Handlers, 'reactions.toggle'> {
  const { db, ownAddress } = o;
  return {
    'reactions.toggle': ({ id, emoji, on }) => {
      const message = messageById(db, id);
      const mark = markFor(db, id);
      // One that failed is with nobody else.
      if (!message || message.unsent || message.state === 'failed' || !mark)
        throw new PostcardError('not-found');
      const before = reactionsBy(db, id, ownAddress);
      if (before.includes(emoji) === on) return;
      if (on && before.length >= MOST_REACTIONS)
        throw new PostcardError('reaction-limit', { limit: MOST_REACTIONS });
      const emojis = on ? [...before, emoji] : before.filter((one) => one !== emoji);
      o.effects.own({
        conversationId: message.conversationId,
        id,
        kind: 'react',
        local: (_, { originId, at }) =>
          setReactions(db, id, { sender: ownAddress, emojis, at, effectId: originId, latest: true }),
        tell: [{ kind: 'react', target: mark.ref, emojis }],
      });
    },
  };
}
