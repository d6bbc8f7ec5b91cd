import { describe, expect, it } from 'vitest';
import { mentionAt, placesOf } from './mentioning.ts';

/** `|` is the caret. */
const at = (marked: string) => mentionAt(marked.replace('|', ''), marked.indexOf('|'));

describe('a mention at the caret', () => {
  it.each([
    ['@|', '', 0],
    ['@be|', 'be', 0],
    ['Hello @Béa|', 'Béa', 6],
    ['(@be|)', 'be', 1],
    ['Hello\n@be|', 'be', 6],
    ['@Anna Ma|', 'Anna Ma', 0],
    ['@Anna |', 'Anna ', 0],
    ['@O’Ne|', 'O’Ne', 0],
    ['@a @be|', 'be', 3],
  ])('%s', (marked, query, start) => {
    expect(at(marked)).toEqual({ query, start });
  });

  it.each(['be|', 'mail@be|', 'a.b@home|', '@be|rt', '@Anna is here|', '@@ |', '|@be'])(
    'not in %s',
    (marked) => {
      expect(at(marked)).toBeNull();
    },
  );

  it('is found at the end of a long text', () => {
    expect(at(`${'x '.repeat(400)}@be|`)).toEqual({ query: 'be', start: 800 });
  });
});

describe('places of chosen people', () => {
  const [bert, other, anna] = [
    { label: '@Bert', address: 'bert@home.test' },
    { label: '@Bert', address: 'bert@elsewhere.test' },
    { label: '@Anna Maria', address: 'anna@home.test' },
  ] as const;

  it('follow the text, whatever was written before them', () => {
    expect(placesOf('Oh, @Anna Maria and @Bert!', [bert, anna])).toEqual([
      { address: anna.address, start: 4, length: 11 },
      { address: bert.address, start: 20, length: 5 },
    ]);
  });
  it('of one name are told apart by their order', () => {
    expect(placesOf('@Bert and @Bert', [bert, other]).map(({ address }) => address)).toEqual([
      bert.address,
      other.address,
    ]);
  });
  it('are none where the name was changed or taken out', () => {
    expect(placesOf('@Berta is not @Ber', [bert])).toEqual([]);
    expect(placesOf('@Berta or @Bert', [bert])).toEqual([{ address: bert.address, start: 10, length: 5 }]);
  });
});
