import type { InboundEffect } from '../../xmpp/index.ts';
import { purge } from '../unsend/purges.ts';
import type { EffectRule } from './types.ts';

/** XEP-0424. */
export const unsend: EffectRule<Extract<InboundEffect, { kind: 'unsend' }>> = {
  authorOnly: true,
  apply: (db, target, { at }) => purge(db, target.id, at),
};
