import { describe, expect, test } from 'vitest';
import { codeAt } from './completion.ts';

/** `|` is the caret. */
const at = (marked: string) => codeAt(marked.replace('|', ''), marked.indexOf('|'));

describe('a shortcode at the caret', () => {
  test.each([
    [':smi|', 'smi', 0],
    ['Hello :smi|', 'smi', 6],
    ['Hello\n:thumbs_u|', 'thumbs_u', 6],
    ['(:heart|)', 'heart', 1],
    [':+1|', '+1', 0],
    ['👍:heart|', 'heart', 2],
    ['❤️:heart|', 'heart', 2],
    ['“:heart|”', 'heart', 1],
    ['a :smi| b', 'smi', 2],
  ])('%s', (marked, code, start) => {
    expect(at(marked)).toEqual({ code, start, closed: false });
  });

  test('a second colon closes it', () => {
    expect(at('so :smile:|')).toEqual({ code: 'smile', start: 3, closed: true });
  });

  test.each([
    ':)|',
    ':D|',
    ':-)|',
    ':s|',
    '10:30|',
    'at 10:30pm|',
    'https://example.org:80|',
    'https:|',
    'https://example.org/:smile|',
    'http://example.org/(:smile|',
    'www.example.org/":smile|',
    'std::vector|',
    'note:this|',
    ':30|',
    'a:smile|',
    ':smi|le',
    ': smile|',
    '',
  ])('none in %s', (marked) => {
    expect(at(marked)).toBeNull();
  });
});
