import { expect, it } from 'vitest';
import { defaultPolicy } from '../../../contract/groups.ts';
import { fromForm, toForm } from './rules.ts';

it('a policy goes through its form unchanged', () => {
  const policy = {
    ...defaultPolicy,
    guidelines: 'Be kind.',
    slowMode: 30,
    membersMay: { invite: false, media: true, links: false },
    heldWords: ['spam', 'free money'],
    dailyQuestion: { minute: 9 * 60 + 5, questions: ['What did you see?', 'Which lens?'] },
  };
  expect(fromForm(toForm(policy))).toEqual(policy);
  expect(fromForm(toForm(defaultPolicy))).toEqual(defaultPolicy);
});

it('what is written in the boxes is cleaned: empty lines, spaces, and no questions at all', () => {
  const form = { ...toForm(defaultPolicy), heldWords: ' a, ,b\n c ', daily: true, questions: ' \n\n' };
  expect(fromForm(form)).toMatchObject({ heldWords: ['a', 'b', 'c'], dailyQuestion: null });
});
