import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createPace } from './pace.ts';

describe('the pace of the preview', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const moves = (pace: ReturnType<typeof createPace>, times: readonly number[]) => {
    for (const ms of times) {
      pace.moved();
      pace.painted(ms);
    }
  };

  it('stays whole where the machine keeps up, but for a slow paint now and then', () => {
    const onRest = vi.fn();
    const pace = createPace(onRest);
    moves(pace, [33, 20, 400, 33, 33, 90, 17]);
    expect(pace.share()).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(onRest).not.toHaveBeenCalled();
  });

  it('is coarser while a slow machine moves, no coarser than tells something, and whole at rest', () => {
    const onRest = vi.fn();
    const pace = createPace(onRest);
    moves(pace, [80, 80]);
    expect(pace.share()).toBe(0.7);
    moves(pace, Array<number>(20).fill(1_000));
    expect(pace.share()).toBe(0.4);
    vi.advanceTimersByTime(200);
    expect(onRest).not.toHaveBeenCalled();
    vi.advanceTimersByTime(200);
    expect(onRest).toHaveBeenCalledTimes(1);
    expect(pace.share()).toBe(1);
    pace.moved();
    expect(pace.share()).toBe(0.4);
  });

  it('does not count the whole picture, which is painted at rest', () => {
    const pace = createPace(() => undefined);
    for (let at = 0; at < 5; at += 1) pace.painted(5_000);
    pace.moved();
    expect(pace.share()).toBe(1);
  });

  it('tells nothing once it is closed', () => {
    const onRest = vi.fn();
    const pace = createPace(onRest);
    moves(pace, [160, 160]);
    pace.close();
    vi.advanceTimersByTime(1_000);
    expect(onRest).not.toHaveBeenCalled();
  });
});
