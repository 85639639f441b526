import { abortError, SignInError } from './errors.ts';

/**
 * The promise's outcome, or a `SignInError` with the signal's reason as soon as it aborts; what the promise stands
 * for goes on.
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

/** A signal that aborts with `signal`, or at the end of the scope: what is asked beside a turn does not outlive it. */
export function abortedAtEnd(signal: AbortSignal): Disposable & { readonly signal: AbortSignal } {
  const over = new AbortController();
  return {
    signal: AbortSignal.any([signal, over.signal]),
    [Symbol.dispose]: () => over.abort(new SignInError('cancelled')),
  };
}
