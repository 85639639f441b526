import { describe, expect, test } from 'vitest';
import { abortable } from '../../../../src/core/oauth/abortable.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const enough = new SignInError('cancelled', { operation: 'test' });

describe('a promise that is waited for', () => {
  test('is its outcome', async () => {
    const failure = new Error('failed');
    expect(await abortable(Promise.resolve('done'), never)).toBe('done');
    expect(await rejectionOf(abortable(Promise.reject(failure), never))).toBe(failure);
  });

  test('is left when the signal aborts, and goes on', async () => {
    const asker = new AbortController();
    const { promise, resolve } = Promise.withResolvers<string>();
    const waiting = abortable(promise, asker.signal);
    asker.abort(enough);
    expect(await rejectionOf(waiting)).toBe(enough);
    resolve('done');
    expect(await promise).toBe('done');
  });

  test('is not waited for when the signal has aborted before', async () => {
    const { promise } = Promise.withResolvers<string>();
    expect(await rejectionOf(abortable(promise, AbortSignal.abort(enough)))).toBe(enough);
  });

  test('may fail later, when it is not waited for any more', async () => {
    const { promise, reject } = Promise.withResolvers<string>();
    expect(await rejectionOf(abortable(promise, AbortSignal.abort(enough)))).toBe(enough);
    reject(new Error('failed later, and handled'));
    await expect(promise).rejects.toThrow('failed later');
  });
});
