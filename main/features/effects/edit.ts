import { addVersion, attachmentsOfMessage } from '../../store/index.ts';
import type { InboundEffect } from '../../xmpp/index.ts';
import type { EffectRule } from './types.ts';

/** Characters; as of any message that comes in. */
const MAX_TEXT = 100_000;

/** XEP-0308: the text or a caption. What was unsent stays so; files are never exchanged. */
export const edit: EffectRule<Extract<InboundEffect, { kind: 'edit' }>> = {
  authorOnly: true,
  apply: (db, target, { effect, at, effectId, latest }) => {
    if (target.unsent) return false;
    const files = attachmentsOfMessage(db, target.id);
    // Apps that know no captions send a photo again as it was: its address is no caption.
    const text = files.some(({ url }) => url === effect.text) ? '' : effect.text.slice(0, MAX_TEXT);
    if (text === '' && files.length === 0) return false;
    return addVersion(db, target.id, { at, text, latest, correctionId: effectId ?? `at ${at}` });
  },
};
