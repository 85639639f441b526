import type { Configuration } from 'openid-client';
import { SignInError } from '../oauth/errors.ts';
import type { HttpFetch } from '../ports.ts';
import { readGrantedScopes } from '../oauth/scopes.ts';
import { lifetimeSeconds } from '../oauth/tokenSet.ts';
import type { TokenSet } from '../oauth/tokenSet.ts';
import { configurationOf } from './clientConfiguration.ts';
import type { AuthorizationServer } from './authorizationServerRecord.ts';
import { defined } from '../defined.ts';

/**
 * One request to the token endpoint, built and sent by the library, and its answer as it came. The library reads
 * refusals only: a good answer may hold the only refresh token from then on, and the library throws it away for an
 * `id_token`, `scope`, `expires_in` or `refresh_token` that it does not like.
 * @throws SignInError `invalidResponse` (`reason` `notJson`) where the answer is not a JSON object, as the transport fails,
 * or what the library throws for a refusal
 */
export async function tokenAnswer(
  http: HttpFetch,
  server: AuthorizationServer,
  clientId: string,
  send: (configuration: Configuration) => Promise<unknown>,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  let answer: TokenAnswer | undefined;
  const keeping: HttpFetch = async (url, request) => {
    const response = await http(url, request);
    if (!response.ok) return response;
    const { status } = response;
    answer = parseObject(await response.text());
    if (answer === undefined) {
      const host = new URL(url).host;
      throw new SignInError('invalidResponse', { operation: 'token', host, status, reason: 'notJson' });
    }
    // Some servers refuse with 200: the library is to read it as the refusal that it is.
    if (typeof answer['error'] === 'string' && textOf(answer['access_token']) === undefined)
      return Response.json(answer, { status: 400, headers: response.headers });
    return Response.json({ access_token: 'kept aside', token_type: 'bearer' });
  };
  await send(await configurationOf(keeping, server, clientId, signal));
  return answer ?? {};
}

/** The members of a token endpoint's answer, unread. */
export type TokenAnswer = Readonly<Record<string, unknown>>;

/** `Response.text` leaves out a byte order mark. */
function parseObject(text: string): TokenAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A token endpoint's answer (RFC 6749, 5.1) as a token set. An absent or unreadable `scope` means the requested ones;
 * its life counts from the moment the request was sent, since the answer may be read after a sleep. Its ID token is
 * another question (`idToken.ts`).
 * @throws SignInError `invalidResponse` (`reason` `noToken`) when it holds no access token, or `requestRefused` (`reason`
 * `dpop`) for one that is bound to a key (RFC 9449, 5)
 */
export function parseTokenResponse(
  answer: unknown,
  sentAt: number,
  requestedScopes: readonly string[],
): TokenSet {
  const { access_token, token_type, expires_in, scope }: TokenAnswer =
    typeof answer === 'object' && answer !== null ? { ...answer } : {};
  const accessToken = textOf(access_token);
  const type = (textOf(token_type) ?? 'bearer').trim().toLowerCase();
  if (accessToken === undefined || type !== 'bearer') {
    const isBound = accessToken !== undefined && type === 'dpop';
    throw isBound
      ? new SignInError('requestRefused', { operation: 'token', reason: 'dpop' })
      : new SignInError('invalidResponse', { operation: 'token', reason: 'noToken' });
  }
  const refreshToken = refreshTokenOf(answer);
  return {
    accessToken,
    ...defined({ refreshToken }),
    obtainedAt: sentAt,
    expiresAt: sentAt + lifetimeSeconds(expires_in) * 1000,
    scopes: readGrantedScopes(scope) ?? requestedScopes,
  };
}

/** The refresh token of an answer, if it has one; `null` and an empty text do not count. */
export function refreshTokenOf(answer: unknown): string | undefined {
  return textOf(memberOf(answer, 'refresh_token'));
}

/** The ID token of an answer, unread, if it has one; `null` and an empty text do not count. */
export function idTokenOf(answer: unknown): string | undefined {
  return textOf(memberOf(answer, 'id_token'));
}

function memberOf(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null && Object.hasOwn(answer, name)
    ? (answer as TokenAnswer)[name]
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
