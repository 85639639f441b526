import type { Clock } from '../ports.ts';
import { abortError, SignInError } from './errors.ts';

/**
 * The promise's outcome, or a `SignInError` with the signal's reason as soon as it aborts; the work behind the promise
 * goes on.
 */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => {
    aborted.reject(abortError(signal));
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    promise.catch(() => undefined); // Other callers that wait for it hear of its failure.
  }
}

/** A signal that aborts with `signal`, or at the end of the scope. */
export function abortedAtEnd(signal: AbortSignal): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController();
  return {
    signal: AbortSignal.any([signal, over.signal]),
    [Symbol.dispose]: () => over.abort(new SignInError('cancelled')),
  };
}

/** How long something may take, and what it is called in the error. */
export interface TimeLimit {
  readonly clock: Clock;
  readonly milliseconds: number;
  readonly operation: string;
}

/**
 * Does `work` in time. Its signal aborts with `signal`, and when the time is over.
 * @throws SignInError `timeout` of the operation, or the signal's reason, without waiting for `work` to notice; or as
 * `work`
 */
export async function withTimeout<T>(
  { clock, milliseconds, operation }: TimeLimit,
  signal: AbortSignal,
  work: (over: AbortSignal) => Promise<T>,
): Promise<T> {
  const isDone = new AbortController();
  const tooLong = new AbortController();
  clock.sleep(milliseconds, isDone.signal).then(
    () => tooLong.abort(new SignInError('timeout', { operation })),
    () => undefined,
  );
  const over = AbortSignal.any([signal, tooLong.signal]);
  try {
    return await abortable(work(over), over);
  } finally {
    isDone.abort(new SignInError('cancelled'));
  }
}
