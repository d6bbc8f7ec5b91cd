import { describe, expect, it } from 'vitest';
import { figures, formatLength, isDangerous, kindWord } from './words.ts';

describe('words for files', () => {
  it.each([
    [0, '0:00'],
    [7_400, '0:07'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
  ])('%i ms is %s', (ms, text) => {
    expect(formatLength(ms)).toBe(text);
  });

  it('says what is known', () => {
    expect(figures({ kind: 'video', name: 'a.mp4', bytes: 8_200_000, durationMs: 42_000 })).toBe(
      'Video · 0:42 · 8.2 MB',
    );
    expect(figures({ kind: 'file', name: 'a.pdf', bytes: null, durationMs: null })).toBe('PDF file');
    expect(kindWord({ kind: 'file', name: 'README' })).toBe('File');
  });

  it.each(['a.exe', 'photo.jpg.EXE', 'a.desktop', 'a.html', 'a.scr. ', 'a.svg'])(
    '%s is dangerous',
    (name) => {
      expect(isDangerous(name)).toBe(true);
    },
  );

  it.each(['a.pdf', 'exe', 'a.zip', 'a.jpg'])('%s is not', (name) => {
    expect(isDangerous(name)).toBe(false);
  });
});
