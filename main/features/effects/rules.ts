import { edit } from './edit.ts';
import type { Applied, Arrived, EffectRule, EffectRules } from './types.ts';
import { react } from './react.ts';
import { unsend } from './unsend.ts';
import type { InboundEffect } from '../../xmpp/index.ts';
import type { Target, WritableDb } from '../../store/index.ts';

const rules: EffectRules = { edit, unsend, react };

/** The rule for an effect; the table's keys are the kinds, so that each rule gets what it is for. */
const ruleFor = (effect: InboundEffect) => rules[effect.kind] as EffectRule<InboundEffect>;

/** Which of these messages it may change: the newest that its sender may. Undefined: none of them. */
export const choose = (candidates: readonly Target[], a: Arrived): Target | undefined =>
  candidates.find((target) => !ruleFor(a.effect).authorOnly || target.sender === a.sender);

/** Changes the message; null when nothing changed. */
export function change(db: WritableDb, target: Target, a: Arrived): Applied | null {
  const changed = ruleFor(a.effect).apply(db, target, a);
  return changed ? { conversationId: a.conversationId, id: target.id, kind: a.effect.kind } : null;
}
