import { expect, it, onTestFinished } from 'vitest';
import { defaultPolicy } from '../../../contract/groups.ts';
import { ensureRoom, insertOutgoing, putRoomPerson, updateRoom } from '../../store/index.ts';
import { me, newStore } from '../../store/testing/fixtures.ts';
import { askDaily, questionDue } from './daily-question.ts';

const at = (day: number, hours: number, minutes = 0) => new Date(2026, 10, day, hours, minutes).getTime();
const room = (policyAt = 0, address = 'walks@rooms.example.org') => ({
  address,
  policy: JSON.stringify({
    ...defaultPolicy,
    dailyQuestion: { minute: 9 * 60, questions: ['One?', 'Two?', 'Three?'] },
  }),
  policyAt,
});

it('is due from its minute on, until the day ends', () => {
  expect(questionDue(room(), at(20, 8, 59))).toBeNull();
  expect(questionDue(room(), at(20, 9))).not.toBeNull();
  expect(questionDue(room(), at(20, 23, 59))).not.toBeNull();
  expect(questionDue(room(), at(21, 0))).toBeNull();
});

it('has one name a day and group, whichever device asks; the questions take turns', () => {
  const today = questionDue(room(), at(20, 9));
  expect(questionDue(room(), at(20, 17))).toEqual(today);
  expect(questionDue(room(0, 'swims@rooms.example.org'), at(20, 9))?.originId).not.toBe(today?.originId);
  const texts = [20, 21, 22].map((day) => questionDue(room(), at(day, 9))?.text);
  expect(new Set(texts).size).toBe(3);
  expect(questionDue(room(), at(21, 9))?.originId).not.toBe(today?.originId);
});

it('what was decided after its minute begins tomorrow', () => {
  expect(questionDue(room(at(20, 10)), at(20, 11))).toBeNull();
  expect(questionDue(room(at(20, 10)), at(21, 9))).not.toBeNull();
});

it('a group without one', () => {
  expect(questionDue({ ...room(), policy: '{}' }, at(20, 12))).toBeNull();
});

it('is asked once, by the first of the owners, and only where all of today is known', () => {
  const db = newStore();
  const id = ensureRoom(db, { address: 'walks@rooms.example.org', name: '', nick: 'me', state: 'joined' });
  // Due at midnight: at any time of the day.
  const policy = { ...defaultPolicy, dailyQuestion: { minute: 0, questions: ['One?'] } };
  updateRoom(db, id, { rank: 'owner', policy: JSON.stringify(policy), policyAt: 1 });
  putRoomPerson(db, id, { address: me, rank: 'owner' });
  putRoomPerson(db, id, { address: 'anna@home.example', rank: 'owner' });
  let isLevel = false;
  const asked: string[] = [];
  const daily = askDaily({
    db,
    ownAddress: me,
    log: () => undefined,
    isLevel: () => isLevel,
    say: (conversationId, { text, originId }) => {
      asked.push(text);
      insertOutgoing(db, { conversationId, originId, text, sentAt: Date.now(), senderAddress: me });
    },
  });
  onTestFinished(daily.close);
  daily.look();
  isLevel = true;
  daily.look();
  expect(asked).toEqual([]);
  putRoomPerson(db, id, { address: 'anna@home.example', rank: 'moderator' });
  daily.look();
  daily.look();
  expect(asked).toEqual(['One?']);
});
