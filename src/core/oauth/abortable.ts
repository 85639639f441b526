import type { Clock } from '../ports.ts';
import { abortError, SignInError } from './errors.ts';

/** Settles as `promise`, or rejects with {@link abortError} as soon as `signal` aborts. Does not stop the work. */
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
    promise.catch(() => undefined); // Callers that still await it handle its rejection.
  }
}

/** A signal that aborts with `signal`, or on disposal. */
export function abortedAtEnd(signal: AbortSignal): Disposable & { readonly signal: AbortSignal } {
  const ended = new AbortController();
  return {
    signal: AbortSignal.any([signal, ended.signal]),
    [Symbol.dispose]: () => ended.abort(new SignInError('cancelled')),
  };
}

/** The time limit of an operation, and its name in the error. */
export interface TimeLimit {
  readonly clock: Clock;
  readonly milliseconds: number;
  readonly operation: string;
}

/**
 * Runs `work` with a time limit. Its signal aborts with `signal` and at the limit.
 * @throws SignInError `timeout` or the signal's reason, without waiting for `work` to stop; or as `work`
 */
export async function withTimeout<T>(
  { clock, milliseconds, operation }: TimeLimit,
  signal: AbortSignal,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const limit = new AbortController();
  clock.sleep(milliseconds, done.signal).then(
    () => limit.abort(new SignInError('timeout', { operation })),
    () => undefined,
  );
  const ended = AbortSignal.any([signal, limit.signal]);
  try {
    return await abortable(work(ended), ended);
  } finally {
    done.abort(new SignInError('cancelled'));
  }
}
