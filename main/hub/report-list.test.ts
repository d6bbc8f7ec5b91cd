import { expect, it } from 'vitest';
import { lineOf } from './report-list.ts';

it('a report on a terminal steers nothing, and reads as the same', () => {
  const text = 'a\u009b31m\u007f\u202eb\u2028\u{e0041}\u001b]0;x\u0007 é 安 🌼';
  const report = {
    at: '2026-01-01T00:00:00.000Z',
    reporter: 'anna@localhost',
    about: 'mallory@localhost',
    reason: 'spam',
    text,
    sha256: null,
    evidence: { messages: [text] },
  };
  const line = lineOf(report);
  // eslint-disable-next-line no-control-regex -- they are what must not be there
  expect(/[\u0000-\u001f\u007f-\u009f\u2028\p{Cf}]/u.test(line)).toBe(false);
  expect(line).toContain('é 安 🌼');
  expect(JSON.parse(line)).toEqual(report);
});
