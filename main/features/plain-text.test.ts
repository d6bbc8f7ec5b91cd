import { describe, expect, test } from 'vitest';
import { cleanLine, cleanLink, cleanName, cleanText, cleanWords } from './plain-text.ts';

const bob = 'bob@home.example';

describe('names', () => {
  test.each([
    ['a plain one', 'Élodie 王', 'Élodie 王'],
    ['bidi overrides', 'gnp.\u202ecilbup\u202c', 'gnp.cilbup'],
    ['isolates and marks', '\u2067Bob\u2069\u200e', 'Bob'],
    ['several lines, as a system row would have', 'Bob\n\nMessage unsent\u2028now', 'Bob Message unsent now'],
    ['control characters', 'B\u0000o\u0007b\u009f', 'Bob'],
    ['nothing but emoji', '👩‍👩‍👧‍👦🎉', '👩‍👩‍👧‍👦🎉'],
    ['nothing that can be seen', '\u200b\u2060\u3164\u2800 ', ''],
    ['tags and markup, which stay text', '<b>Bob</b><script>', '<b>Bob</b><script>'],
    ["another's address", 'alice@home.example', ''],
    ["another's address, with what can't be seen in it", 'al\u200bice@home.example', ''],
    ['their own address', bob, bob],
    ['a handle', '@bob', '@bob'],
  ])('%s', (_what, name, shown) => {
    expect(cleanName(name, bob)).toBe(shown);
  });

  test('10 kB become 100 characters, never half an emoji', () => {
    expect(cleanName('a'.repeat(10_000), bob)).toHaveLength(100);
    expect([...cleanName('😀'.repeat(5_000), bob)]).toHaveLength(100);
    expect(cleanName('😀'.repeat(5_000), bob).isWellFormed()).toBe(true);
  });

  test('marks are not piled up', () => {
    expect(cleanName(`Z${'\u0301'.repeat(500)}`, bob).length).toBeLessThan(8);
  });
});

test('a bio keeps its lines, and no more of them empty than one', () => {
  expect(cleanText('one\r\n\r\n\r\n\r\ntwo\u202e', 500)).toBe('one\n\ntwo');
  expect(cleanText('x'.repeat(10_000), 500)).toHaveLength(500);
  expect(cleanText(' \u200b\n', 500)).toBe('');
  expect(cleanLine('a\tb', 9)).toBe('a b');
});

test('interests are words, each once', () => {
  expect(cleanWords([' Film', 'film', '', 'a\nb'], { words: 9, length: 40 })).toEqual(['Film', 'a b']);
  expect(
    cleanWords(
      Array.from({ length: 99 }, (_, i) => `w${i}`),
      { words: 20, length: 40 },
    ),
  ).toHaveLength(20);
});

test.each([
  ['https://example.org/me', 'https://example.org/me'],
  ['http://example.org', 'http://example.org/'],
  ['https://bücher.example', 'https://xn--bcher-kva.example/'],
  ['javascript:alert(1)', ''],
  [' JaVaScRiPt:alert(1)', ''],
  ['data:text/html,<script>', ''],
  ['file:///etc/passwd', ''],
  ['https://example.org@evil.example/', ''],
  ['example.org', ''],
  [`https://example.org/${'x'.repeat(600)}`, ''],
])('the link %s', (link, shown) => {
  expect(cleanLink(link, 500)).toBe(shown);
});
