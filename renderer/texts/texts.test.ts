import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../contract/errors.ts';
import { en } from './en.ts';
import { problemText, t, type TextKey } from './index.ts';

function* paths(node: object, before = ''): Generator<string> {
  for (const [key, value] of Object.entries(node)) {
    if (typeof value === 'string') yield before + key;
    else yield* paths(value as object, `${before}${key}.`);
  }
}

describe('texts', () => {
  it('has words for every error, that end in a full stop', () => {
    for (const code of errorCodes) {
      const words = problemText({ code, detail: {} });
      expect(words, code).toMatch(/\w.*\.$/);
      expect(words, code).not.toContain('errors.');
    }
  });

  it('keeps names that are written from right to left apart from the sentence, and leaves others as they are', () => {
    expect(t('person.asksYou', { name: 'שלום (x)' })).toBe('\u2068שלום (x)\u2069 asks to follow you.');
    expect(t('person.asksYou', { name: '\u202eanna' })).toContain('\u2068\u202eanna\u2069');
    expect(t('person.asksYou', { name: 'Zoë 🌼 安' })).toBe('Zoë 🌼 安 asks to follow you.');
    expect(t('requests.count', { n: 2 })).toBe('2 requests');
  });

  it('can be put together, each of them', () => {
    for (const path of paths(en)) {
      // The paths come from the very object that the type is made of.
      const words = t(path as TextKey, { n: 2 });
      expect(words, path).not.toMatch(/[{}]/);
      if (path !== 'message.states.received') expect(words, path).not.toBe(path);
    }
  });

  it('chooses singular and plural', () => {
    expect(t('photos.waiting', { n: 1 })).toBe('1 photo waiting');
    expect(t('photos.waiting', { n: 3 })).toBe('3 photos waiting');
  });

  it('adds the figures that are known', () => {
    expect(problemText({ code: 'file-too-large', detail: { limit: 5_000_000 } })).toContain(
      'The limit is 5.0 MB.',
    );
    expect(problemText({ code: 'image-too-large', detail: { width: 50_000, height: 50_000 } })).toContain(
      '50,000 × 50,000 px',
    );
  });

  it('keeps at signs', () => {
    expect(t('errors.address-invalid')).toContain('name@example.org');
  });
});
