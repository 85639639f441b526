import { SignInError } from '../../../src/core/oauth/errors.ts';

/** What `act` throws, as its kind and facts; fails when it throws nothing, or no `SignInError`. */
export function thrownBy(act: () => unknown): Pick<SignInError, 'kind' | 'facts'> {
  try {
    act();
  } catch (error) {
    if (error instanceof SignInError) return { kind: error.kind, facts: error.facts };
    throw error;
  }
  throw new Error('Nothing was thrown');
}

/** What a promise rejects with; fails when it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It resolved');
    },
    (error: unknown) => error,
  );
}
