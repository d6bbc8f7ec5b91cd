import { describe, expect, it } from 'vitest';
import { one, type Given, said, ofEve, note, box, messageOf } from './polls.fixture.ts';

describe('a question box', () => {
  const opens = () =>
    said('Questions', { note: note('box', { title: 'Ask me' }, 'questions'), stanzaId: 'b' });
  const asked = (text: string, given: Given = {}) =>
    said(null, { note: note('ask', { box: 'b', text }, 'questions'), ...given });
  const up = (question: string, on = true, given: Given = {}) =>
    said(null, { note: note('upvote', { box: 'b', question, on }, 'questions'), ...given });
  const done = (question: string, given: Given = {}) =>
    said(null, { note: note('answered', { box: 'b', question, answered: true }, 'questions'), ...given });

  it('has questions by votes, one a person, answered ones last', () => {
    one.hear(opens());
    one.hear(asked('First?', { stanzaId: 'q1' }));
    one.hear(asked('Second?', { ...ofEve, stanzaId: 'q2' }));
    one.hear(up('q2'));
    one.hear(up('q2'));
    one.hear(up('q1', true, ofEve));
    one.hear(up('q1', false, ofEve));
    expect(box()).toMatchObject({ title: 'Ask me', open: true, may: { ask: true, host: false } });
    expect(box()?.questions).toMatchObject([
      { text: 'Second?', by: 'Eve', votes: 1 },
      { text: 'First?', by: 'Ann', votes: 0 },
    ]);
    one.hear(done('q2', ofEve));
    expect(box()?.questions[0]).toMatchObject({ text: 'Second?', answered: false });
    one.hear(done('q2'));
    expect(box()?.questions.map(({ text, answered }) => [text, answered])).toEqual([
      ['First?', false],
      ['Second?', true],
    ]);
  });

  it('takes nothing more when its host closed it', () => {
    one.hear(opens());
    one.hear(asked('In time?', { stanzaId: 'q1' }));
    one.hear(said(null, { ...ofEve, note: note('close-box', { box: 'b' }, 'questions') }));
    expect(box()?.open).toBe(true);
    one.hear(said(null, { note: note('close-box', { box: 'b' }, 'questions') }));
    one.hear(asked('Too late?', ofEve));
    one.hear(up('q1', true, ofEve));
    expect(box()).toMatchObject({ open: false, questions: [{ text: 'In time?', votes: 0 }] });
    const id = messageOf('questions');
    expect(() => one.polls.handlers['questions.ask']({ id, text: 'And now?' })).toThrow('poll-closed');
    expect(() => one.polls.handlers['questions.close']({ id })).toThrow('forbidden');
  });

  it('is not filled by one person', () => {
    one.hear(opens());
    for (let i = 0; i < 30; i += 1) one.hear(asked(`Question ${i}?`));
    one.hear(asked('Mine?', ofEve));
    expect(box()?.questions).toHaveLength(21);
  });

  it('shows what waits of mine', () => {
    one.hear(opens());
    one.hear(asked('First?', { stanzaId: 'q1' }));
    const id = messageOf('questions');
    const { handlers } = one.polls;
    void handlers['questions.ask']({ id, text: 'Mine?' });
    void handlers['questions.ask']({ id, text: 'And this?' });
    expect(one.posts).toEqual(['Mine?', 'And this?']);
    void handlers['questions.vote']({ id, question: 'q1', on: true });
    expect(box()?.questions).toMatchObject([
      { id: 'q1', votes: 1, mine: true },
      { id: '', text: 'Mine?', by: '' },
      { id: '', text: 'And this?', by: '' },
    ]);
    void handlers['questions.vote']({ id, question: 'q1', on: false });
    expect(box()?.questions[0]).toMatchObject({ votes: 0, mine: false });
    expect(() => handlers['questions.vote']({ id, question: 'nope', on: true })).toThrow('not-found');
    expect(() => handlers['questions.answered']({ id, question: 'q1', answered: true })).toThrow('forbidden');
  });
});
