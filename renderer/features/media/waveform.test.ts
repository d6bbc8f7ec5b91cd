import { expect, it } from 'vitest';
import { decodeLevels, encodeLevels, levelsOf } from './waveform.ts';

it('has 64 levels, the loudest at the top', () => {
  const samples = Float32Array.from({ length: 6400 }, (_, n) => (n < 3200 ? 0.1 : -0.5));
  const levels = levelsOf(samples);
  expect([levels.length, levels[0], levels[63]]).toEqual([64, 51, 255]);
});

it('has no more levels than samples, and stays silent where nothing is heard', () => {
  expect(levelsOf(new Float32Array(3))).toHaveLength(3);
  expect([...levelsOf(new Float32Array(640))].every((level) => level === 0)).toBe(true);
});

it('goes there and back', () => {
  expect(decodeLevels(encodeLevels(Uint8Array.from([0, 51, 255])))).toEqual([0, 0.2, 1]);
});

it.each([null, '', '*'])('shows %j as an even row', (waveform) => {
  expect(new Set(decodeLevels(waveform))).toEqual(new Set([0.35]));
});
