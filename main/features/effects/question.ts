import { forgetQuestion, messageWithRef, questionNote, type WritableDb } from '../../store/index.ts';
import type { Applied, Arrived } from './types.ts';

/**
 * A question is no message, but stands in one (docs/mechanisms/polls.md): who asked it, or the room for a moderator, takes it
 * back as any message. null: it is none, or somebody else's. In the transaction that stores what came.
 */
export function takenQuestion(db: WritableDb, a: Arrived): Applied | null {
  const { conversationId, effect, sender } = a;
  if (!a.inRoom || (effect.kind !== 'unsend' && effect.kind !== 'moderate')) return null;
  const question = questionNote(db, conversationId, effect.target);
  if (question === null) return null;
  const own = sender === question.who || sender === `occupant:${question.occupantId ?? ''}`;
  if (effect.kind === 'unsend' && !own) return null;
  forgetQuestion(db, question.id);
  const box = messageWithRef(db, conversationId, question.ref);
  // The box itself stays as it was: what is shown with it has changed.
  return box === null ? null : { conversationId, id: box.id, kind: 'react' };
}
