import { describe, expect, it } from 'vitest';
import { sniff, SNIFF_BYTES } from './sniff.ts';

/** Frames of one length with this header, as a music file without a tag begins. */
function frames(header: string, length: number): Buffer {
  const file = Buffer.alloc(length * 4);
  for (let at = 0; at < file.length; at += length) Buffer.from(header, 'hex').copy(file, at);
  return file.subarray(0, SNIFF_BYTES);
}

describe('MP3 without a tag', () => {
  it.each([
    ['128 kbit/s, 44.1 kHz', 'fffb9000', 417],
    ['128 kbit/s, 44.1 kHz, padded', 'fffb9200', 418],
    ['320 kbit/s, 32 kHz: the longest', 'fffbe800', 1440],
    ['64 kbit/s, 22.05 kHz, with checksums', 'fff28000', 208],
    ['8 kbit/s, 11.025 kHz', 'ffe31000', 52],
  ])('%s', (_name, header, length) => {
    expect(sniff(frames(header, length))).toBe('audio/mpeg');
  });

  it.each([
    ['one frame and then nothing', frames('fffb9000', 417).subarray(0, 417)],
    ['a second one that is elsewhere', frames('fffb9000', 400)],
    ['text of two bytes a letter', Buffer.from('fffe4100fffe4100'.repeat(100), 'hex')],
    ['AAC', frames('fff15080', 417)],
    ['all ones', Buffer.alloc(SNIFF_BYTES, 0xff)],
    ['no rate', frames('fffb0000', 417)],
    ['nothing', Buffer.alloc(0)],
  ])('is not %s', (_name, bytes) => {
    expect(sniff(bytes)).toBe('application/octet-stream');
  });
});

it('says what a picture is whatever follows its first bytes', () => {
  const jpeg = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), frames('fffb9000', 417)]);
  expect(sniff(jpeg)).toBe('image/jpeg');
});
