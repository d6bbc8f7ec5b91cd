import { expect, it } from 'vitest';
import { distinctNames, safeName } from './safe-name.ts';

it.each([
  ['IMG_1234.JPG', 'IMG_1234.JPG'],
  ['Straße am Meer – 3.jpg', 'Straße am Meer – 3.jpg'],
  ['../../etc/passwd', '_.._etc_passwd'],
  ['C:\\Windows\\a.jpg', 'C__Windows_a.jpg'],
  ['photo\u202Egpj.exe', 'photogpj.exe'],
  ['a\u0000b\n.png', 'ab.png'],
  ['con.jpg', '_con.jpg'],
  ['LPT1', '_LPT1'],
  ['...', 'photo'],
  ['', 'photo'],
  ['.jpg', 'jpg'],
  ['trailing. ', 'trailing'],
])('%j is saved as %j', (name, safe) => expect(safeName(name, 'photo')).toBe(safe));

it('keeps the extension of a name that is too long', () => {
  const name = safeName(`${'é'.repeat(300)}.jpeg`, 'photo');
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(200);
  expect(name).toMatch(/é\.jpeg$/);
});

it('tells names apart, also by capitals and ways to write an accent', () => {
  expect(distinctNames(['a.jpg', 'A.jpg', 'a.jpg', 'b', 'b'])).toEqual([
    'a.jpg',
    'A (2).jpg',
    'a (3).jpg',
    'b',
    'b (2)',
  ]);
  expect(distinctNames(['\u00e9.jpg', 'e\u0301.jpg'])).toEqual(['\u00e9.jpg', 'e\u0301 (2).jpg']);
});
