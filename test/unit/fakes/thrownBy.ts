import { SignInError } from '../../../src/core/oauth/errors.ts';

/** The kind and details of the `SignInError` that `act` throws; fails if it throws none. */
export function thrownBy(act: () => unknown): Pick<SignInError, 'kind' | 'details'> {
  try {
    act();
  } catch (error) {
    if (error instanceof SignInError) return { kind: error.kind, details: error.details };
    throw error;
  }
  throw new Error('Nothing was thrown');
}

/** The error that a promise rejects with; fails if it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('It resolved');
    },
    (error: unknown) => error,
  );
}
