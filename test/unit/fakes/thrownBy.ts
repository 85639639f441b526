import { SignInError } from '../../../src/core/oauth/errors.ts';

/** What `act` throws, as its kind and details; fails when it throws nothing, or no `SignInError`. */
export function thrownBy(act: () => unknown): Pick<SignInError, 'kind' | 'details'> {
  try {
    act();
  } catch (error) {
    if (error instanceof SignInError) return { kind: error.kind, details: error.details };
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
