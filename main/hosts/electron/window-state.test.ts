import { describe, expect, it } from 'vitest';
import { restoredState } from './window-state.ts';

const laptop = { x: 0, y: 25, width: 1440, height: 875 };
const second = { x: 1440, y: 0, width: 1920, height: 1080 };
const at = (x: number, y: number, width = 1000, height = 700) => ({
  bounds: { x, y, width, height },
  maximized: false,
});

describe('window state', () => {
  it('comes back where it was, on either screen', () => {
    expect(restoredState(at(100, 100), [laptop])).toEqual(at(100, 100));
    expect(restoredState(at(2000, 10), [laptop, second])).toEqual(at(2000, 10));
    expect(restoredState({ ...at(100, 100), maximized: true }, [laptop]).maximized).toBe(true);
  });

  it.each([
    ['a screen that is gone', at(2000, 10)],
    ['far above', at(100, -500)],
    ['below', at(100, 880)],
    ['all but off the side', at(-950, 100)],
  ])('keeps its size, not its place, when it was on %s', (_case, state) => {
    expect(restoredState(state, [laptop]).bounds).toEqual({ width: 1000, height: 700 });
  });

  it('fits into a smaller screen, and is never too small', () => {
    expect(restoredState(at(0, 30, 3000, 2000), [laptop]).bounds).toMatchObject({ width: 1440, height: 875 });
    expect(restoredState(at(0, 30, 10, 10), [laptop]).bounds).toMatchObject({ width: 640, height: 480 });
  });

  it.each([
    undefined,
    null,
    'x',
    {},
    { bounds: { x: 'a' } },
    { bounds: { x: 1e300, y: 0, width: 1, height: 1 } },
  ])('takes %j for nothing', (value) => {
    expect(restoredState(value, [laptop])).toEqual({
      bounds: { width: 1280, height: 800 },
      maximized: false,
    });
  });
});
