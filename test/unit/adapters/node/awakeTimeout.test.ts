import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { awakeTimeout } from '../../../../src/adapters/node/awakeTimeout.ts';

describe('awakeTimeout', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("aborts after its time with the error name of the platform's timeouts", () => {
    using timeout = awakeTimeout(20_000);
    vi.advanceTimersByTime(19_999);
    expect(timeout.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(timeout.signal.aborted).toBe(true);
    expect(timeout.signal.reason).toMatchObject({ name: 'TimeoutError' });
  });

  test('stops counting after its disposal', () => {
    const timeout = awakeTimeout(20_000);
    timeout[Symbol.dispose]();
    expect(vi.getTimerCount()).toBe(0);
  });
});
