import { describe, expect, test } from 'vitest';
import { createBoundedFetch } from '../../../src/adapters/node/boundedFetch.ts';
import { SignInError } from '../../../src/core/oauth/errors.ts';

const never: typeof fetch = async (_url, init) => {
  init?.signal?.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error));
  return promise;
};
const rejecting =
  (error: Error): typeof fetch =>
  async () => {
    throw error;
  };

async function failureOf(
  fetchNow: typeof fetch,
  signal?: AbortSignal,
  patience?: number,
): Promise<SignInError> {
  const http = createBoundedFetch(() => fetchNow, Date.now, patience);
  const request = { method: 'POST', headers: {}, ...(signal === undefined ? {} : { signal }) };
  const error = await http('https://example.com/token', request).then(
    () => new Error('It was answered'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SignInError)) throw error;
  return error;
}

test('a request without a response times out', async () => {
  expect((await failureOf(never, undefined, 10)).kind).toBe('timeout');
});

describe('a request that its caller cancels', () => {
  test('rejects with the caller’s reason', async () => {
    const reason = new SignInError('cancelled', { operation: 'signIn' });
    expect(await failureOf(never, AbortSignal.abort(reason))).toBe(reason);
  });

  test('rejects if the caller gave no reason', async () => {
    expect((await failureOf(never, AbortSignal.abort())).kind).toBe('cancelled');
  });

  // Regression: the time-outs of a sign-out and of getSessions were reported as an unexpected response.
  test('times out if the caller’s own time-out fires', async () => {
    expect((await failureOf(never, AbortSignal.timeout(1))).kind).toBe('timeout');
  });
});

// Regression: `fetch` does not report 407, so a proxy that requires a password was a network error.
describe('a fetch error without a code', () => {
  const failed = (cause: Error): Error => new TypeError('fetch failed', { cause });

  test('means a 407 from the proxy', async () => {
    expect((await failureOf(rejecting(failed(new Error(''))))).kind).toBe('proxy');
  });

  test('is not assumed if there is a code', async () => {
    const refused = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' });
    const { kind, details } = await failureOf(rejecting(failed(refused)));
    expect([kind, details.code]).toEqual(['network', 'ECONNREFUSED']);
  });
});
