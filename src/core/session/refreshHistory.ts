import { defined } from '../defined.ts';
import { errorEffects } from '../oauth/errors.ts';
import type { SignInError } from '../oauth/errors.ts';
import { isFromOtherWindow } from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import type { RefreshNote } from './session.ts';

const maxHistory = 10;

/**
 * The last ten refreshes and failed attempts of a session, oldest first: from its record, of this window, and
 * `more`. A failed attempt alone does not rewrite this history: another window may hold a newer token by then.
 */
export function historyOf(
  { history = [] }: { readonly history?: readonly RefreshNote[] },
  failed: readonly FailedAttempt[],
  ...more: readonly RefreshNote[]
): readonly RefreshNote[] {
  const notes = new Map([...history, ...failed.flatMap(noteOf), ...more].map((note) => [note.at, note]));
  return [...notes.values()].sort((a, b) => a.at - b.at).slice(-maxHistory);
}

/** The note of an attempt that failed at `at` (epoch milliseconds); every value is safe to display. */
export function failureNote(at: number, { kind, details: { host, status, code } }: SignInError): RefreshNote {
  return { at, kind, ...defined({ host, status, code }) };
}

/** The note of a failed attempt; none if this window sent no token request, or if the session is over. */
function noteOf({ at, error }: FailedAttempt): RefreshNote[] {
  const { kind } = error;
  const isKept = errorEffects[kind].session === 'kept' && kind !== 'signInNeeded';
  const isTry = isKept && !isFromOtherWindow(error);
  return isTry ? [failureNote(at, error)] : [];
}
