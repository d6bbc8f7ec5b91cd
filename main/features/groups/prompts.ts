import type { ConversationId } from '../../../contract/ids.ts';
import { lastMessageAt, type ReadableDb } from '../../store/index.ts';
import { standingOf } from './describe.ts';
import { existingRoom } from './parts.ts';
import { rightsOf } from './rights.ts';

const DAY = 86_400_000;
/** ms without a message after which a group is quiet. */
const QUIET = 3 * DAY;
/** Shown at a time. */
const SHOWN = 3;

const questions = [
  'What was the best part of your week?',
  'What are you looking forward to?',
  'Which song have you played most lately?',
  'What did you cook or eat recently that you would recommend?',
  'Which photo on your phone makes you smile? Share it!',
  'What are you reading, watching or playing at the moment?',
  'What is a small thing you learned this month?',
  'Where would you like to go next, and why?',
  'Who deserves a thank-you from this group?',
  'What could we do together soon?',
  'What is something you are working on?',
  'Which question should we all answer?',
] as const;

/** Questions for a group that has been quiet for some days; others on another day. [] where nobody could ask them. */
export function promptsFor(db: ReadableDb, id: ConversationId, now: number): string[] {
  const room = existingRoom(db, id);
  const last = lastMessageAt(db, id);
  if (last === null || now - last < QUIET || !rightsOf(standingOf(room, now)).write) return [];
  const first = (Math.floor(now / DAY) * SHOWN + id) % questions.length;
  return Array.from({ length: SHOWN }, (_, at) => questions[(first + at) % questions.length] ?? '');
}
