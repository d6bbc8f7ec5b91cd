import { noteModerated } from '../../store/index.ts';
import type { InboundEffect } from '../../xmpp/index.ts';
import { purge } from '../unsend/purges.ts';
import type { EffectRule } from './types.ts';

/** XEP-0425. Whoever wrote it: that a room said it is checked where the stanza is read. */
export const moderate: EffectRule<Extract<InboundEffect, { kind: 'moderate' }>> = {
  authorOnly: false,
  apply: (db, target, { at, effect: { by, reason } }) => {
    if (!purge(db, target.id, at)) return false;
    noteModerated(db, target.id, { by, reason });
    return true;
  },
};
