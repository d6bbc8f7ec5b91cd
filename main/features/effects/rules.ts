import { edit } from './edit.ts';
import { moderate } from './moderate.ts';
import type { Applied, Arrived, EffectRule, EffectRules } from './types.ts';
import { react } from './react.ts';
import { unsend } from './unsend.ts';
import type { InboundEffect } from '../../xmpp/index.ts';
import { findRoomTargets, findTargets, noteRef, type Target, type WritableDb } from '../../store/index.ts';

const rules: EffectRules = { edit, unsend, moderate, react };

/** The rule for an effect; the table's keys are the kinds, so that each rule gets what it is for. */
const ruleFor = (effect: InboundEffect) => rules[effect.kind] as EffectRule<InboundEffect>;

/** Which of these messages it may change: the newest that its sender may. Undefined: none of them. */
export const choose = (candidates: readonly Target[], a: Arrived): Target | undefined =>
  candidates.find((target) => !ruleFor(a.effect).authorOnly || isAuthor(target, a.sender));

/** Whether `who`, as in `Arrived.sender`, wrote it. */
export const isAuthor = ({ sender, occupantId }: Target, who: string): boolean =>
  sender === who || (occupantId !== null && who === `occupant:${occupantId}`);

/**
 * Which messages an effect can mean. In a room they are known by the room's id, which nobody but it gives; a correction
 * names its author's own (XEP-0308 section 3), which `choose` then looks for among their messages alone.
 */
export const targetsOf = (
  db: WritableDb,
  a: Pick<Arrived, 'conversationId' | 'effect' | 'inRoom'>,
): Target[] =>
  a.inRoom && a.effect.kind !== 'edit'
    ? findRoomTargets(db, a.conversationId, a.effect.target)
    : findTargets(db, a.conversationId, a.effect.target);

/** Changes the message; null when nothing changed. */
export function change(db: WritableDb, target: Target, a: Arrived): Applied | null {
  // What others then call it by, and what it is taken back by. Others may name two of theirs alike, the room does not.
  const roomId = a.inRoom?.stanzaId ?? null;
  const wireId = target.outgoing ? a.effectId : roomId;
  if (a.effect.kind === 'edit' && roomId !== null && wireId !== null && !target.unsent)
    noteRef(db, target.id, { wireId, stanzaId: roomId });
  const changed = ruleFor(a.effect).apply(db, target, a);
  return changed ? { conversationId: a.conversationId, id: target.id, kind: a.effect.kind } : null;
}
