import { describe, expect, test } from 'vitest';
import { direct, newStore } from '../../store/testing/fixtures.ts';
import type { Sending } from '../groups/before-sending.ts';
import { createNudges } from './index.ts';
import { looksAbusive, nudgeFor, type NudgeCase } from './judge.ts';
import { saysStop } from './opt-out.ts';

const base: NudgeCase = {
  text: 'Hello!',
  written: 1,
  answered: false,
  given: new Set(),
};

describe('a gentle word about a message', () => {
  test.each<[string, Partial<NudgeCase>, ReturnType<typeof nudgeFor>]>([
    ['an ordinary message', {}, null],
    ['the third without an answer', { written: 2 }, null],
    ['the fourth without an answer', { written: 3 }, 'unanswered'],
    ['the fourth, said before', { written: 3, given: new Set(['unanswered']) }, null],
    ['the tenth, said before', { written: 9, given: new Set(['unanswered']) }, null],
    ['the fourth to somebody who answered', { written: 3, answered: true }, null],
    ['a link in the first', { written: 0, text: 'See example.com/x' }, 'first-link'],
    [
      'a link in the first, said before',
      { written: 0, text: 'a https://b.c', given: new Set(['first-link']) },
      null,
    ],
    ['a link in the second', { written: 1, text: 'See https://example.com' }, null],
    ['a link in my first answer', { written: 0, answered: true, text: 'https://example.com' }, null],
    ['words that hurt', { answered: true, text: 'You IDIOT' }, 'abusive'],
    ['words that hurt, each time', { text: 'fuck you', given: new Set(['unanswered']) }, 'abusive'],
    ['words that hurt before anything else', { written: 3, text: 'fuck you' }, 'abusive'],
  ])('%s', (_, change, expected) => expect(nudgeFor({ ...base, ...change })).toBe(expected));
});

describe('words that hurt', () => {
  test.each([
    ...[
      'KILL YOURSELF',
      'f*ck... no: fuck you!',
      'y0u 1diot',
      'you   idioooot',
      'you stupid idiot',
      'Hurensöhne? hurensohn',
      'Fick Dich',
    ],
    ...[
      'Ta  gueule !',
      'te voy a matar',
      'Você é um arrombado',
      'я тебя убью',
      'Сдохни!',
      'يا كلب',
      '你去死吧',
      '死ねよ',
    ],
    ...['Seni öldürürüm', 'Zabiję cię', 'DRECKSTÜCK'],
  ])('%s', (text) => expect(looksAbusive(text)).toBe(true));

  test.each([
    ...[
      'Scunthorpe',
      'I killed it in the shoot today',
      'Nude portraits, sexy light',
      'breast feeding session',
    ],
    ...['Die Bilder sind toll', 'the cuntline of a rope', 'Hurentag', 'Class assignment', 'go diet', 'Spaß'],
    ...['puter', 'Moment', 'zorrama', '死亡谷'],
  ])('not %s', (text) => expect(looksAbusive(text)).toBe(false));

  test('a long text takes no time', () => {
    const before = performance.now();
    looksAbusive('a1'.repeat(10_000));
    looksAbusive('fuck '.repeat(4_000));
    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe('STOP', () => {
  test.each(['STOP', 'stop.', ' Stop! ', '"STOP"', 'unsubscribe', 'Opt out', 'Стоп', '退订', 'Arrêt'])(
    '%s',
    (text) => expect(saysStop(text)).toBe(true),
  );
  test.each(['Stop it, you make me laugh', 'The bus stop', 'nonstop', 'don’t stop', ''])('not %s', (text) =>
    expect(saysStop(text)).toBe(false),
  );
});

test('what is about to be sent is told as it is to whoever may refuse it', () => {
  const asked: Sending[] = [];
  const db = newStore();
  const nudges = createNudges({ db, enabled: () => true, refuse: (message) => void asked.push(message) });
  const conversationId = direct(db, 'bob@home.example');
  nudges.before({ conversationId, text: 'a\nb\nc', media: true, messages: 3, anyway: true });
  expect(asked).toMatchObject([{ conversationId, text: 'a\nb\nc', media: true, messages: 3 }]);
});
