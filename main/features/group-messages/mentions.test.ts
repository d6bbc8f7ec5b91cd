import { describe, expect, it } from 'vitest';
import { namesIn, received, toPoints, toUnits, written } from './mentions.ts';

const ann = 'ann@home.example';
const bob = 'bob@home.example';
const me = 'me@home.example';

describe('places of mentions', () => {
  it('are code points on the wire and UTF-16 units here', () => {
    const text = '👍 @Ann 👩‍👧 @Bob';
    const units = [
      { address: ann, start: 3, length: 4 },
      { address: bob, start: text.indexOf('@Bob'), length: 4 },
    ];
    const points = toPoints(text, units);
    expect(points.map(({ start }) => start)).toEqual([2, 11]);
    expect(toUnits(text, points)).toEqual(units);
  });

  it.each([
    ['beyond the text', [{ address: ann, start: 3, length: 9 }]],
    ['of nothing', [{ address: ann, start: 0, length: 0 }]],
    ['before the text', [{ address: ann, start: -1, length: 2 }]],
  ])('%s are none', (_name, told) => {
    expect(toUnits('hello', told)).toEqual([]);
  });

  it('stand apart from each other: the first of two at one place counts', () => {
    const told = [
      { address: bob, start: 2, length: 3 },
      { address: ann, start: 0, length: 4 },
    ];
    expect(toUnits('@Ann and', told)).toEqual([{ address: ann, start: 0, length: 4 }]);
  });
});

describe('my nickname in a text', () => {
  it.each([
    ['Me, are you there?', 1],
    ['@me: look', 1],
    ['what about me?', 1],
    ['some memes', 0],
    ['name', 0],
    ['me_too', 0],
    ['(Me)', 1],
    ['ME and me', 2],
  ])('%s', (text, count) => {
    expect(namesIn(text, 'Me')).toHaveLength(count);
  });

  it('can have any characters, and is not looked for when it is one letter', () => {
    expect(namesIn('hello a.b (x', 'a.b (x')).toHaveLength(1);
    expect(namesIn('hello axb', 'a.b')).toEqual([]);
    expect(namesIn('Łukasz 写真', '写真')).toHaveLength(1);
    expect(namesIn('a b c', 'a')).toEqual([]);
  });

  it('counts beside what the sender says, once', () => {
    const told = [{ address: me, start: 0, length: 3 }];
    expect(received('@Me and Me', { told, own: me, nick: 'Me' })).toEqual([
      { address: me, start: 0, length: 3 },
      { address: me, start: 8, length: 2 },
    ]);
    expect(received('nobody', { told: [], own: me, nick: 'Me' })).toEqual([]);
  });
});

describe('names that I write', () => {
  const people = [
    { address: ann, names: ['Ann'] },
    { address: bob, names: ['Ann Lee', 'bobby'] },
    { address: 'a@home.example', names: ['Sam'] },
    { address: 'b@home.example', names: ['sam'] },
  ];
  it.each<[string, { address: string; start: number; length: number }[]]>([
    ['hi @Ann', [{ address: ann, start: 3, length: 4 }]],
    ['hi @ann lee!', [{ address: bob, start: 3, length: 8 }]],
    ['hi @annabel', []],
    [
      '@bobby @Ann',
      [
        { address: bob, start: 0, length: 6 },
        { address: ann, start: 7, length: 4 },
      ],
    ],
    ['mail@ann.example', []],
    ['@sam is two people', []],
    ['Ann without a sign', []],
  ])('%s', (text, expected) => {
    expect(written(text, people, [])).toEqual(expected);
  });

  it('that were chosen count where a name is two people’s, and only with an @ and in the group', () => {
    const chosen = [{ address: 'b@home.example', start: 0, length: 4 }];
    expect(written('@sam', people, chosen)).toEqual(chosen);
    expect(written('xsam', people, chosen)).toEqual([]);
    expect(written('@eve', people, [{ address: 'eve@home.example', start: 0, length: 4 }])).toEqual([]);
    expect(written('@sam', people, [{ address: 'b@home.example', start: 0, length: 40 }])).toEqual([]);
  });
});
