import { describe, expect, it } from 'vitest';
import { meansText } from './pictures.ts';

describe('what a paste means', () => {
  it('is the text where an office program put a picture of it beside it', () => {
    expect(meansText(['text/plain', 'text/html', 'text/rtf', 'Files'])).toBe(true);
  });

  it('is the picture where there is only that, its page, or its caption', () => {
    expect(meansText(['Files'])).toBe(false);
    expect(meansText(['text/html', 'Files'])).toBe(false);
    expect(meansText(['text/plain', 'Files'])).toBe(false);
  });
});
