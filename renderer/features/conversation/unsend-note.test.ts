import { describe, expect, it } from 'vitest';
import { noteOf } from './unsend-note.ts';

const outlook = { waiting: false, otherApp: null, server: null, upload: null } as const;

describe('what Unsend says before', () => {
  it.each([
    ['nothing is known', {}, /both sides.*may still show it/],
    ['both can do it', { otherApp: true, server: true }, /^Gone on both sides\. Only a report/],
    ['the other app can’t', { otherApp: false, server: true }, /Bert’s app can’t/],
    ['the server can’t', { otherApp: true, server: false }, /your server keeps it/],
    ['neither can', { otherApp: false, server: false }, /Bert’s app will still show it, and your server/],
    [
      'it has not left yet',
      { waiting: true, upload: 'expires' },
      /^It has not left yet: it is just deleted\.$/,
    ],
    [
      'a file stays',
      { otherApp: true, server: true, upload: 'expires' },
      /stays on the server until it expires\.$/,
    ],
    ['the hub deletes the file', { otherApp: true, server: true, upload: 'deleted' }, /keeps a copy\.$/],
  ] as const)('when %s', (_what, known, words) => {
    expect(noteOf({ ...outlook, ...known }, 'Bert')).toMatch(words);
  });
});
