import { SignInError } from './errors.ts';
import type { ErrorDetails } from './errors.ts';
import { meaningIn } from './errorMeanings.ts';
import type { OAuthRequest } from './errorMeanings.ts';
import { safeText } from '../text/safeText.ts';
import { defined } from '../defined.ts';

/**
 * An error response of an authorization server (RFC 6749, 5.2; RFC 8628, 3.5), not yet interpreted by
 * {@link meaningOf}. `error` is the code as sent, made safe to log.
 */
export class OAuthErrorResponse extends Error {
  override readonly name = 'OAuthErrorResponse';
  readonly error: string;
  readonly details: ErrorDetails;

  constructor(error: string, details: ErrorDetails, cause?: unknown) {
    const word = safeText(error) ?? 'unknown'; // Some servers echo the request here, too.
    super(word, cause === undefined ? {} : { cause });
    this.error = word;
    this.details = { ...details, code: this.error };
  }
}

/**
 * Interprets an error response by dialect, step, status, code and `reason`. The status takes precedence: a 5xx or
 * 429 never ends a grant, whatever the body says.
 */
export function meaningOf(refusal: OAuthErrorResponse, request: OAuthRequest): SignInError {
  const { kind, reason } = meaningIn(refusal.error, refusal.details, request);
  return new SignInError(kind, { ...refusal.details, ...defined({ reason }) }, refusal);
}

/** As {@link meaningOf} for an error response; returns any other thrown value unchanged. */
export function errorAt(request: OAuthRequest, error: unknown): unknown {
  return error instanceof OAuthErrorResponse ? meaningOf(error, request) : error;
}

/**
 * The error response in a callback (RFC 6749, 4.1.2.1), with `details`; undefined if the callback has a code.
 * @throws SignInError `invalidResponse` (`reason` `noCode`) if it has neither
 */
export function errorInCallback(
  parameters: URLSearchParams,
  details: ErrorDetails,
): OAuthErrorResponse | undefined {
  const error = parameters.get('error');
  const description = safeText(parameters.get('error_description'));
  if (error !== null)
    return new OAuthErrorResponse(error, { operation: 'authorize', ...details, ...defined({ description }) });
  if (parameters.get('code')) return undefined;
  throw new SignInError('invalidResponse', { operation: 'authorize', reason: 'noCode' });
}
