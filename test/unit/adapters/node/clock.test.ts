import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../src/adapters/node/clock.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const reason = new SignInError('cancelled', { operation: 'test' });

describe("systemClock: the machine's clock", () => {
  test('returns epoch milliseconds', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  test.each([0, -5])('does not wait for %i milliseconds', async (milliseconds) => {
    await expect(systemClock.sleep(milliseconds, never)).resolves.toBeUndefined();
  });

  test('rejects with the given reason when canceled during a wait', async () => {
    const asker = new AbortController();
    const sleeping = systemClock.sleep(60_000, asker.signal);
    asker.abort(reason);
    expect(await rejectionOf(sleeping)).toBe(reason);
  });

  test('waits a month without firing early', async () => {
    const asker = new AbortController();
    let isOver = false;
    const sleeping = systemClock.sleep(31 * 24 * 3600_000, asker.signal).finally(() => (isOver = true));
    await systemClock.sleep(5, never);
    expect(isOver).toBe(false);
    asker.abort(reason);
    await rejectionOf(sleeping);
  });

  test('does not start a wait that is already canceled', async () => {
    expect(await rejectionOf(systemClock.sleep(60_000, AbortSignal.abort(reason)))).toBe(reason);
  });
});
