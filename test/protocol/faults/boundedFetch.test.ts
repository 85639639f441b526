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

test('a request that is not answered ends with the patience', async () => {
  expect((await failureOf(never, undefined, 10)).kind).toBe('timeout');
});

describe('a request whose caller gives up', () => {
  test('is cancelled, with the caller’s own reason', async () => {
    const reason = new SignInError('cancelled', { operation: 'signIn' });
    expect(await failureOf(never, AbortSignal.abort(reason))).toBe(reason);
  });

  test('is cancelled where the caller gave no reason', async () => {
    expect((await failureOf(never, AbortSignal.abort())).kind).toBe('cancelled');
  });

  // Regression: a sign-out's ten seconds, and those of getSessions, were an unexpected answer.
  test('has timed out when the caller’s own patience has', async () => {
    expect((await failureOf(never, AbortSignal.timeout(1))).kind).toBe('timeout');
  });
});

// Regression: `fetch` hands on no 407; a proxy that wants a password was a network error.
describe('an error of fetch without a word', () => {
  const failed = (cause: Error): Error => new TypeError('fetch failed', { cause });

  test('is the 407 of a proxy', async () => {
    expect((await failureOf(rejecting(failed(new Error(''))))).kind).toBe('proxy');
  });

  test('is not, where there is a code', async () => {
    const refused = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' });
    const { kind, details } = await failureOf(rejecting(failed(refused)));
    expect([kind, details.code]).toEqual(['network', 'ECONNREFUSED']);
  });
});
