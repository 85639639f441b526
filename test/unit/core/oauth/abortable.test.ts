import { describe, expect, test } from 'vitest';
import { abortable, withTimeout } from '../../../../src/core/oauth/abortable.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { settle } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const enough = new SignInError('cancelled', { operation: 'test' });

describe('abortable: an abortable promise', () => {
  test("has the promise's result", async () => {
    const failure = new Error('failed');
    expect(await abortable(Promise.resolve('done'), never)).toBe('done');
    expect(await rejectionOf(abortable(Promise.reject(failure), never))).toBe(failure);
  });

  test('rejects when the signal aborts, while the promise continues', async () => {
    const asker = new AbortController();
    const { promise, resolve } = Promise.withResolvers<string>();
    const waiting = abortable(promise, asker.signal);
    asker.abort(enough);
    expect(await rejectionOf(waiting)).toBe(enough);
    resolve('done');
    expect(await promise).toBe('done');
  });

  test('rejects at once if the signal has already aborted', async () => {
    const { promise } = Promise.withResolvers<string>();
    expect(await rejectionOf(abortable(promise, AbortSignal.abort(enough)))).toBe(enough);
  });

  test('may fail later without an unhandled rejection', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    expect(await rejectionOf(abortable(promise, AbortSignal.abort(enough)))).toBe(enough);
    reject(new Error('failed later, and handled'));
    await expect(promise).rejects.toThrow('failed later');
  });
});

describe('withTimeout', () => {
  const limit = () => ({ clock: fakeClock(), milliseconds: 1000, operation: 'test' });

  test("returns the work's result in time, and leaves no timer behind", async () => {
    const one = limit();
    expect(await withTimeout(one, never, async () => 'done')).toBe('done');
    await settle();
    expect(one.clock.sleeping).toBe(0);
  });

  test('times out its operation, whether or not the work notices', async () => {
    const one = limit();
    const seen: AbortSignal[] = [];
    const waiting = rejectionOf(
      withTimeout(one, never, async (over) => {
        seen.push(over);
        return Promise.withResolvers<string>().promise;
      }),
    );
    await one.clock.advance(999);
    expect(seen[0]?.aborted).toBe(false);
    await one.clock.advance(1);
    expect(await waiting).toMatchObject({ kind: 'timeout', details: { operation: 'test' } });
    expect(seen[0]?.aborted).toBe(true);
  });

  test("rejects with the signal's reason if that aborts first", async () => {
    const one = limit();
    const asker = new AbortController();
    const waiting = rejectionOf(
      withTimeout(one, asker.signal, async () => Promise.withResolvers<string>().promise),
    );
    asker.abort(enough);
    expect(await waiting).toBe(enough);
    await settle();
    expect(one.clock.sleeping).toBe(0);
  });
});
