import { expect, it } from 'vitest';
import type { Mention } from '../../contract/messages.ts';
import { splitMentions } from './mentions.ts';

const mention = (start: number, length: number, own = false): Mention => ({
  address: 'anna@home.test',
  start,
  length,
  own,
});
const shown = (text: string, mentions: readonly Mention[]) =>
  splitMentions(text, mentions).map((part) => (part.mention ? [part.text] : part.text));

it('cuts a text where people are named', () => {
  expect(shown('Hi @Anna and @Bert!', [mention(13, 5), mention(3, 5)])).toEqual([
    'Hi ',
    ['@Anna'],
    ' and ',
    ['@Bert'],
    '!',
  ]);
  expect(shown('@Anna', [mention(0, 5)])).toEqual([['@Anna']]);
  expect(shown('nobody', [])).toEqual(['nobody']);
});

it('leaves out what is not in the text, is empty, or stands in another', () => {
  expect(shown('@Anna', [mention(0, 6), mention(2, 0), mention(9, 2)])).toEqual(['@Anna']);
  expect(shown('@Anna Maria', [mention(0, 11), mention(0, 5), mention(6, 5)])).toEqual([['@Anna Maria']]);
});
