import { SignInError } from './errors.ts';
import type { ErrorFacts, SignInErrorKind } from './errors.ts';
import { safeText } from './safeText.ts';

/**
 * An authorization server's own *no*, as RFC 6749 5.2 and RFC 8628 3.5 shape it, before anybody has decided
 * what it means at this step. `error` is the wire's word.
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

/** What each `error` of a token endpoint means for whoever asked for a token. */
const tokenErrors: Readonly<Partial<Record<string, SignInErrorKind>>> = {
  invalid_grant: 'grantRevoked',
  invalid_client: 'registrationRefused',
  unauthorized_client: 'registrationRefused',
  expired_token: 'codeExpired',
  access_denied: 'denied',
  invalid_scope: 'scopeRefused',
  invalid_request: 'requestRefused',
  unsupported_grant_type: 'requestRefused',
  invalid_client_metadata: 'requestRefused',
  invalid_redirect_uri: 'requestRefused',
  slow_down: 'rateLimited',
  temporarily_unavailable: 'serverError',
  server_error: 'serverError',
};

/**
 * The meaning of a refusal as a {@link SignInError}. The status counts before the word: a 5xx or 429 is never
 * the end of a grant, whatever its body says. `kinds` overrides the common meaning at a step.
 */
export function refusalToError(
  refusal: OAuthRefusal,
  kinds: Readonly<Partial<Record<string, SignInErrorKind>>> = {},
): SignInError {
  const { status } = refusal.facts;
  const kind =
    status === 429
      ? 'rateLimited'
      : status !== undefined && status >= 500
        ? 'serverError'
        : (meaningIn(kinds, refusal.error) ?? meaningIn(tokenErrors, refusal.error) ?? 'invalidResponse');
  return new SignInError(kind, refusal.facts, refusal);
}

/** A server's word may be `constructor`: only the table's own rows count. */
function meaningIn(
  table: Readonly<Partial<Record<string, SignInErrorKind>>>,
  word: string,
): SignInErrorKind | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
