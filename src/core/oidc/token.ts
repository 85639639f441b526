import * as client from 'openid-client';
import type { Configuration } from 'openid-client';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import type { HttpFetch } from '../ports.ts';
import { lifetimeSeconds } from '../oauth/tokenSet.ts';
import type { RefreshedTokens, TokenSet } from '../oauth/tokenSet.ts';
import { configurationOf } from './discovery.ts';
import { tokenRequestError } from './requestErrors.ts';
import { asksForIdToken, checkSubject, refreshedIdToken, signedInIdToken } from './idToken.ts';
import type { IdTokenPorts, Issuance } from './idToken.ts';
import { defined } from '../defined.ts';
import { readGrantedScopes } from '../oauth/scopes.ts';
import type { AuthorizationServer } from './authorizationServerRecord.ts';

/** An answer of the token endpoint, and what was asked for. */
export interface SignInAnswer {
  readonly answer: unknown;
  readonly asked: { readonly sentAt: number; readonly scopes: readonly string[]; readonly nonce?: string };
}

/**
 * The token set of a sign-in, with its ID token where one was asked for.
 * @param nonce of the authorization request, where there was one
 * @throws SignInError `invalidResponse` when it holds no bearer token, or an ID token that is not valid (`reason`
 * `idToken`, `idTokenTimes`)
 */
export async function readSignIn(
  ports: IdTokenPorts,
  issuance: Issuance,
  { answer, asked }: SignInAnswer,
  signal: AbortSignal,
): Promise<TokenSet> {
  const { sentAt, scopes, nonce } = asked;
  const tokenSet = parseTokenResponse(answer, sentAt, scopes);
  const given = asksForIdToken(scopes) ? idTokenOf(answer) : undefined;
  if (given === undefined) return tokenSet;
  const idToken = await signedInIdToken(ports, issuance, { idToken: given, nonce }, signal);
  return idToken === undefined ? tokenSet : { ...tokenSet, idToken };
}

/** What is refreshed. */
export interface RefreshRequest {
  readonly before: TokenSet & { readonly refreshToken: string };
  readonly asked: readonly string[];
}

/**
 * One refresh grant (RFC 6749, 6) at the server that issued the session; the old refresh token is kept when the
 * answer brings none, and a new one is never lost, whatever else the answer holds. Nothing is repeated here: who holds
 * the lock decides (docs/ARCHITECTURE.md, rule 2).
 * @param asked the scopes of the sign-in
 * @throws SignInError `grantRevoked`, `registrationRefused`, `invalidResponse` for an answer without a token or about
 * another person (`reason` `otherSubject`), or as the transport fails
 */
export async function refresh(
  ports: IdTokenPorts,
  issuance: Issuance,
  { before, asked }: RefreshRequest,
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const { server, clientId } = issuance;
  const sentAt = ports.clock.now();
  const answer = await tokenAnswer(
    ports.http,
    {
      server,
      clientId,
      send: (configuration) => client.refreshTokenGrant(configuration, before.refreshToken),
    },
    signal,
  ).catch(async (error: unknown) => {
    const refusal = await tokenRequestError(error, 'refresh', new URL(server.tokenEndpoint).host);
    throw errorAt({ dialect: issuance.dialect, step: 'refresh' }, refusal);
  });
  const given = asksForIdToken(asked) ? idTokenOf(answer) : undefined;
  if (given !== undefined) checkSubject(issuance, given, before);
  const { refreshToken, idToken } = before;
  const kept = { refreshToken, ...defined({ idToken }) };
  let tokenSet: TokenSet;
  try {
    tokenSet = { ...kept, ...parseTokenResponse(answer, sentAt, before.scopes) };
  } catch (error) {
    const refused = findSignInError(error);
    const rotated = refreshTokenOf(answer);
    if (refused === undefined || rotated === undefined) throw error;
    return { tokenSet: { ...before, refreshToken: rotated }, refused };
  }
  return given === undefined
    ? { tokenSet }
    : { tokenSet, idToken: () => refreshedIdToken(ports, issuance, given, before) };
}

/**
 * Ends the grant on the server (RFC 7009).
 * @throws SignInError when the server did not confirm it
 */
export async function revoke(
  http: HttpFetch,
  { server, clientId, dialect }: Issuance,
  tokenSet: TokenSet,
  signal: AbortSignal,
): Promise<void> {
  if (server.revocationEndpoint === undefined)
    throw new SignInError('metadataMissing', { operation: 'revoke' });
  const configuration = await configurationOf(http, { server, clientId }, signal);
  const { accessToken, refreshToken } = tokenSet;
  const hint = refreshToken === undefined ? 'access_token' : 'refresh_token';
  await client
    .tokenRevocation(configuration, refreshToken ?? accessToken, { token_type_hint: hint })
    .catch(async (error: unknown) => {
      const refusal = await tokenRequestError(error, 'revoke', new URL(server.issuer).host);
      throw errorAt({ dialect, step: 'revoke' }, refusal);
    });
}

/** One request to the token endpoint. */
export interface TokenRequest {
  readonly server: AuthorizationServer;
  readonly clientId: string;
  readonly send: (configuration: Configuration) => Promise<unknown>;
}

/**
 * One request to the token endpoint, built and sent by the library, and its answer as it came. The library reads
 * refusals only: a good answer may hold the only refresh token from then on, and the library throws it away for an
 * `id_token`, `scope`, `expires_in` or `refresh_token` that it does not like.
 * @throws SignInError `invalidResponse` (`reason` `notJson`) where the answer is not a JSON object, as the transport fails,
 * or what the library throws for a refusal
 */
export async function tokenAnswer(
  http: HttpFetch,
  { server, clientId, send }: TokenRequest,
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
  await send(await configurationOf(keeping, { server, clientId }, signal));
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
function refreshTokenOf(answer: unknown): string | undefined {
  return textOf(memberOf(answer, 'refresh_token'));
}

/** The ID token of an answer, unread, if it has one; `null` and an empty text do not count. */
function idTokenOf(answer: unknown): string | undefined {
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
