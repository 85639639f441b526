import { defined } from '../defined.ts';
import { errorEffects } from '../oauth/errors.ts';
import type { SignInError } from '../oauth/errors.ts';
import { isOtherWindows } from './refreshPolicy.ts';
import type { FailedAttempt } from './refreshPolicy.ts';
import type { RefreshNote } from './session.ts';

/** How many notes a session keeps. */
const longestHistory = 10;

/**
 * The last ten refreshes of a session and tries that failed, oldest first: what its record has, the tries of this
 * window, and `more`. A record is not written for a try that failed: another window may hold a newer token by then.
 */
export function historyOf(
  { history = [] }: { readonly history?: readonly RefreshNote[] },
  failed: readonly FailedAttempt[],
  ...more: readonly RefreshNote[]
): readonly RefreshNote[] {
  const notes = new Map([...history, ...failed.flatMap(noteOf), ...more].map((note) => [note.at, note]));
  return [...notes.values()].sort((a, b) => a.at - b.at).slice(-longestHistory);
}

/** A try that failed at `at`, with nothing but what is safe to show. */
export function failureNote(at: number, { kind, details: { host, status, code } }: SignInError): RefreshNote {
  return { at, kind, ...defined({ host, status, code }) };
}

/** Failures without a token request are not attempts: the session is over, or it has no refresh token. */
function noteOf({ at, error }: FailedAttempt): RefreshNote[] {
  const { kind } = error;
  const isKept = errorEffects[kind].session === 'kept' && kind !== 'signInNeeded';
  const isTry = isKept && !isOtherWindows(error);
  return isTry ? [failureNote(at, error)] : [];
}
