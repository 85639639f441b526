import * as client from 'openid-client';
import * as v from 'valibot';
import { defined } from '../defined.ts';
import { OAuthErrorResponse } from '../oauth/errorResponse.ts';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import { safeId, safeText } from '../text/safeText.ts';

/**
 * What a library error of a token or revocation request means: the transport's own error, the server's refusal,
 * or an invalid response.
 */
export async function tokenRequestError(error: unknown, operation: string, host: string): Promise<Error> {
  const transport = findSignInError(error);
  if (transport !== undefined) return transport;
  if (error instanceof client.ResponseBodyError) {
    const requestId = safeId(error.response.headers.get('x-okta-request-id'));
    const description = safeText(error.error_description);
    const details = { operation, host, status: error.status, ...defined({ description, requestId }) };
    return new OAuthErrorResponse(error.error, details, withoutBody(error));
  }
  return (
    (await parseNonStandardError(error, operation, host)) ??
    new SignInError(
      'invalidResponse',
      { operation, host, ...defined({ status: statusOf(error), code: codeOf(error) }) },
      withoutBody(error),
    )
  );
}

const refusalSchema = v.object({
  error: v.optional(v.string()),
  error_description: v.optional(v.string()),
  errorCode: v.optional(v.string()),
  errorSummary: v.optional(v.string()),
  errorId: v.optional(v.string()),
});

/**
 * A refusal that the library leaves unread: Okta's for an unknown client, in the words of its API (docs/PROTOCOL.md, 2),
 * and one with a `WWW-Authenticate` header (RFC 6749, 5.2).
 */
async function parseNonStandardError(
  error: unknown,
  operation: string,
  host: string,
): Promise<OAuthErrorResponse | undefined> {
  const response = responseBehind(error);
  if (response === undefined || response.status < 400 || response.bodyUsed) return undefined;
  const parsed = v.safeParse(refusalSchema, await response.json().catch(() => undefined));
  const output = parsed.success ? parsed.output : {};
  const challenge = response.headers.get('www-authenticate') ?? '';
  const word =
    output.error ?? output.errorCode ?? /[\s,]error\s{0,5}=\s{0,5}"([^"]{1,100})"/i.exec(challenge)?.[1];
  if (word === undefined) return undefined;
  const description = safeText(output.error_description ?? output.errorSummary);
  const requestId = safeId(response.headers.get('x-okta-request-id') ?? output.errorId);
  const details = { operation, host, status: response.status, ...defined({ description, requestId }) };
  return new OAuthErrorResponse(word, details, withoutBody(error));
}

/** A library error without its `cause`: that may hold the body of an answer, and so a token. */
export function withoutBody(error: unknown): Error | undefined {
  return error instanceof Error ? new Error(error.name) : undefined;
}

/** The code of a library error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The HTTP status behind a library error, if it has one. */
export function statusOf(error: unknown): number | undefined {
  return responseBehind(error)?.status;
}

function responseBehind(error: unknown): Response | undefined {
  if (!(error instanceof Error)) return undefined;
  const response = 'response' in error ? error.response : error.cause;
  return response instanceof Response ? response : undefined;
}
