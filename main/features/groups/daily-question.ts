import { createHash } from 'node:crypto';
import type { ConversationId } from '../../../contract/ids.ts';
import { allRooms, hasOriginId, peopleOfRank, type RoomRow } from '../../store/index.ts';
import { policyOf } from './policy-schema.ts';
import type { GroupParts } from './parts.ts';

/** ms between two looks at the clock. */
const LOOK = 20_000;

export interface DueQuestion {
  readonly text: string;
  /** The same on all my devices: the room's copy of the first one is the only one. */
  readonly originId: string;
}

/**
 * The question that is due in a group now; null for none. What was decided only after today's time begins tomorrow.
 * `now`: Unix ms; the day is that of the clock here.
 */
export function questionDue(
  room: Pick<RoomRow, 'address' | 'policy' | 'policyAt'>,
  now: number,
): DueQuestion | null {
  const { dailyQuestion } = policyOf(room.policy);
  if (dailyQuestion === null) return null;
  const at = new Date(now);
  at.setHours(0, dailyQuestion.minute, 0, 0);
  if (now < at.getTime() || room.policyAt > at.getTime()) return null;
  const day = Math.floor(Date.UTC(at.getFullYear(), at.getMonth(), at.getDate()) / 86_400_000);
  const text = dailyQuestion.questions[day % dailyQuestion.questions.length];
  const room16 = createHash('sha256').update(room.address).digest('hex').slice(0, 16);
  return text === undefined ? null : { text, originId: `question-${day}-${room16}` };
}

/** Asks the question of the day in the groups I own: of several owners the first by address does. */
export function askDaily(
  o: Pick<GroupParts, 'db' | 'ownAddress' | 'log'> & {
    /** It is entered, and all that other devices wrote is here. */
    isLevel(id: ConversationId): boolean;
    say(id: ConversationId, question: DueQuestion): void;
  },
): {
  /** At the clock, as by itself now and then. */
  look(): void;
  close(): void;
} {
  const look = () => {
    const now = Date.now();
    for (const room of allRooms(o.db)) {
      if (room.rank !== 'owner' || room.state !== 'joined' || !o.isLevel(room.conversationId)) continue;
      const [first] = peopleOfRank(o.db, room.conversationId, 'owner')
        .map(({ address }) => address)
        .sort();
      const question = first === o.ownAddress ? questionDue(room, now) : null;
      if (question === null || hasOriginId(o.db, room.conversationId, question.originId)) continue;
      o.say(room.conversationId, question);
    }
  };
  const timer = setInterval(() => {
    try {
      look();
    } catch (error) {
      // A full disk: the question waits until it has room again.
      o.log(`the question of the day was not asked: ${String(error)}`);
    }
  }, LOOK);
  timer.unref();
  return { look, close: () => clearInterval(timer) };
}
