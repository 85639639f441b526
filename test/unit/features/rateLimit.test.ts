import { describe, expect, test } from 'vitest';
import { createRateLimit } from '../../../src/features/rateLimit.ts';

describe('createRateLimit', () => {
  const of = (start = 1000) => {
    const clock = { now: start };
    return { clock, take: createRateLimit({ burst: 3, perSecond: 2 }, () => clock.now) };
  };
  const granted = (take: () => boolean, tries: number) =>
    Array.from({ length: tries }, take).filter(Boolean).length;

  test('allows a burst, and no more', () => {
    expect(granted(of().take, 10)).toBe(3);
  });

  test('then allows a number per second, and never more than a burst', () => {
    const { clock, take } = of();
    granted(take, 10);
    clock.now += 1000;
    expect(granted(take, 10)).toBe(2);
    clock.now += 3_600_000;
    expect(granted(take, 10)).toBe(3);
  });

  test('allows nothing extra when the clock is set back, and continues from there', () => {
    const { clock, take } = of();
    granted(take, 10);
    clock.now -= 500_000;
    expect(granted(take, 10)).toBe(0);
    clock.now += 500;
    expect(granted(take, 10)).toBe(1);
  });
});
