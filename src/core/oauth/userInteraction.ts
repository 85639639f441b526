import type { InteractionRequest, UserInteraction, AlternativeAction } from '../ports.ts';

/** How a turn ended: with what the work brought, or with another way that the person chose. */
export type InteractionResult<T> = { readonly done: T } | { readonly choice: AlternativeAction };

/**
 * Gives the browser the turn and does `work` (polling, waiting for the redirect) beside it. Whichever ends
 * first ends the other: the surface closes when the work is done, the work stops when the person cancels.
 * Rejects with the work's error, or `SignInError('cancelled')`, or the outer signal's reason.
 */
export async function runInteraction<T>(
  person: UserInteraction,
  turn: InteractionRequest,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<InteractionResult<T>> {
  signal.throwIfAborted();
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const working = work(either);
  const showing = person.prompt(turn, either);
  try {
    return await Promise.race([working.then((done) => ({ done })), showing.then((choice) => ({ choice }))]);
  } finally {
    over.abort();
    await Promise.allSettled([working, showing]); // Nothing of a finished turn stays behind.
  }
}
