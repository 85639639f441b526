import { OAuthErrorResponse } from '../oauth/errorResponse.ts';
import { SignInError } from '../oauth/errors.ts';
import type { ErrorDetails } from '../oauth/errors.ts';
import { textOf } from '../oauth/tokenSet.ts';
import { defined } from '../defined.ts';
import { safeId, safeText } from '../text/safeText.ts';

/**
 * Parses a refusal from its body (RFC 6749, 5.2, or the members of Okta's API: docs/PROTOCOL.md, 2) or its
 * `WWW-Authenticate` header; `invalidResponse` without an error code or with a status below 400.
 */
export function refusalOf(
  body: Readonly<Record<string, unknown>>,
  { headers, status }: Pick<Response, 'headers' | 'status'>,
  details: ErrorDetails,
): OAuthErrorResponse | SignInError {
  const challenge = headers.get('www-authenticate') ?? '';
  const named = /[\s,]error\s{0,5}=\s{0,5}"([^"]{1,100})"/i.exec(challenge)?.[1];
  const code = textOf(body['error']) ?? textOf(body['errorCode']) ?? named;
  if (code === undefined || status < 400) return new SignInError('invalidResponse', { ...details, status });
  const description = safeText(body['error_description'] ?? body['errorSummary']);
  const requestId = safeId(headers.get('x-okta-request-id') ?? body['errorId']);
  const interval = body['interval'];
  const intervalSeconds = typeof interval === 'number' ? interval : undefined;
  const more = defined({ description, requestId, intervalSeconds });
  return new OAuthErrorResponse(code, { ...details, status, ...more });
}
