import { SignInError } from './errors.ts';
import type { ErrorFacts } from './errors.ts';
import { meaningIn } from './errorMeanings.ts';
import type { OAuthRequest } from './errorMeanings.ts';
import { safeText } from '../text/safeText.ts';

/**
 * An authorization server's error response (RFC 6749, 5.2; RFC 8628, 3.5), before its step gives it a meaning.
 * `error` is the wire's word.
 */
export class OAuthRefusal extends Error {
  override readonly name = 'OAuthRefusal';
  readonly error: string;
  readonly facts: ErrorFacts;

  constructor(error: string, facts: ErrorFacts, cause?: unknown) {
    const word = safeText(error) ?? 'unknown'; // Some servers echo what they were sent, here too.
    super(word, cause === undefined ? {} : { cause });
    this.error = word;
    this.facts = { ...facts, code: this.error };
  }
}

/**
 * What an error response means where it came from: by provider and step, then by its word and `reason`. The status
 * counts before the word: a 5xx or 429 never ends a grant, whatever its body says.
 */
export function meaningOf(refusal: OAuthRefusal, request: OAuthRequest): SignInError {
  const { kind, reason } = meaningIn(refusal.error, refusal.facts, request);
  return new SignInError(kind, { ...refusal.facts, ...(reason === undefined ? {} : { reason }) }, refusal);
}

/** As {@link meaningOf} for an error response; anything else that was thrown is handed back as it is. */
export function errorAt(request: OAuthRequest, error: unknown): unknown {
  return error instanceof OAuthRefusal ? meaningOf(error, request) : error;
}
