import * as client from 'openid-client';
import { defined } from '../defined.ts';
import { SignInError } from '../oauth/errors.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import { membersOf, refreshedTokens, textOf, tokenSetOf } from '../oauth/tokenSet.ts';
import type { RefreshedTokens, TokenResponse, TokenSet } from '../oauth/tokenSet.ts';
import type { HttpFetch } from '../ports.ts';
import { parseJson } from '../text/parseJson.ts';
import { decodeAccessToken } from './accessToken.ts';
import { codeOf, configurationOf } from './discovery.ts';
import type { ClientOverHttp, OidcClient } from './discovery.ts';
import { asRequested } from './entraScopes.ts';
import { asksForIdToken, checkSubject, refreshedIdToken, signedInIdToken } from './idToken.ts';
import { refusalOf } from './refusal.ts';

/** A response of the token endpoint, and its request: when it was sent (epoch milliseconds), and for which scopes. */
export interface SignInResponse {
  readonly members: ResponseMembers;
  readonly sentAt: number;
  readonly scopes: readonly string[];
  readonly nonce?: string | undefined;
}

/**
 * Parses the tokens of a sign-in, and validates its ID token if it requested one.
 * @throws SignInError as {@link tokenSetOf}, or `invalidResponse` for an invalid ID token (`reason` `idToken`,
 * `idTokenTimes`)
 */
export async function readSignIn(
  oidc: OidcClient,
  { members, sentAt, scopes, nonce }: SignInResponse,
  signal: AbortSignal,
): Promise<TokenSet> {
  const tokenSet = withRequestedScopes(oidc, parseTokenResponse(members, sentAt, scopes), scopes);
  const given = asksForIdToken(scopes) ? idTokenOf(members) : undefined;
  if (given === undefined) return tokenSet;
  const idToken = await signedInIdToken(oidc, given, nonce, signal);
  return { ...withClaimScopes(tokenSet, scopes), ...defined({ idToken }) };
}

function withRequestedScopes(
  { server }: OidcClient,
  tokenSet: TokenSet,
  requestedScopes: readonly string[],
): TokenSet {
  return { ...tokenSet, scopes: asRequested(server.issuer, tokenSet.scopes, requestedScopes) };
}

/** Scopes that request claims about the user (OpenID Connect Core 1.0, 5.4). */
const claimScopes = ['profile', 'email', 'address', 'phone'];

/**
 * Adds the requested claim scopes to a token set that arrived with an ID token. Microsoft Entra ID grants them all, but
 * lists only an API's scopes, not even `openid`.
 */
function withClaimScopes(tokenSet: TokenSet, requestedScopes: readonly string[]): TokenSet {
  const isNamed = tokenSet.scopes.some((scope) => scope === 'openid' || claimScopes.includes(scope));
  if (isNamed) return tokenSet;
  return {
    ...tokenSet,
    scopes: [...tokenSet.scopes, ...claimScopes.filter((one) => requestedScopes.includes(one))],
  };
}

/**
 * Runs one refresh grant (RFC 6749, 6) at the server that issued the session.
 * @param requestedScopes the scopes that the sign-in requested
 * @throws SignInError `grantRevoked`, `registrationRefused`, `invalidResponse` for a response without a token or about
 * another user (`reason` `otherSubject`), or as the transport fails
 */
export async function refresh(
  oidc: OidcClient,
  before: TokenSet & { readonly refreshToken: string },
  requestedScopes: readonly string[],
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const sentAt = oidc.clock.now();
  const members = await requestTokens(
    oidc,
    (configuration) => client.refreshTokenGrant(configuration, before.refreshToken),
    signal,
    'refresh',
  ).catch((error: unknown) => {
    throw errorAt({ dialect: oidc.dialect, step: 'refresh' }, error);
  });
  const given = asksForIdToken(requestedScopes) ? idTokenOf(members) : undefined;
  if (given !== undefined) checkSubject(oidc, given, before);
  const refreshed = refreshedTokens(before, responseIn(members), sentAt);
  if (refreshed.refused !== undefined) return refreshed;
  const tokenSet = withRequestedScopes(oidc, refreshed.tokenSet, before.scopes);
  if (given === undefined) return { ...refreshed, tokenSet };
  return {
    ...refreshed,
    tokenSet: withClaimScopes(tokenSet, requestedScopes),
    idToken: () => refreshedIdToken(oidc, given, before),
  };
}

/**
 * Revokes the grant on the server (RFC 7009).
 * @throws SignInError if the server did not confirm it
 */
export async function revoke(
  oidc: OidcClient,
  { accessToken, refreshToken }: TokenSet,
  signal: AbortSignal,
): Promise<void> {
  const { dialect, server } = oidc;
  if (server.revocationEndpoint === undefined)
    throw new SignInError('metadataMissing', { operation: 'revoke' });
  const hint = refreshToken === undefined ? 'access_token' : 'refresh_token';
  await sendRequest(
    oidc,
    { operation: 'revoke', endpoint: server.revocationEndpoint },
    (configuration) =>
      client.tokenRevocation(configuration, refreshToken ?? accessToken, { token_type_hint: hint }),
    signal,
  ).catch((error: unknown) => {
    throw errorAt({ dialect, step: 'revoke' }, error);
  });
}

/** The members of a response, unvalidated. */
export type ResponseMembers = Readonly<Record<string, unknown>>;

interface ServerRequest {
  readonly operation: string;
  readonly endpoint: string;
  /** Replaces a successful response for the library; without it, the library reads the response, JSON or not. */
  readonly replacement?: object;
}

/** Sends one request to the token endpoint. @throws as {@link sendRequest} */
export function requestTokens(
  oidc: ClientOverHttp,
  send: (configuration: client.Configuration) => Promise<unknown>,
  signal: AbortSignal,
  operation = 'token',
): Promise<ResponseMembers> {
  const replacement = { access_token: 'kept aside', token_type: 'bearer' };
  return sendRequest(oidc, { operation, endpoint: oidc.server.tokenEndpoint, replacement }, send, signal);
}

/**
 * Has the library send one request, and returns the original response: the library discards a successful one over an
 * `id_token`, `scope`, `expires_in` or `refresh_token` that it rejects, and with it perhaps the only valid refresh
 * token.
 * @throws OAuthErrorResponse for a refusal, even with status 200; SignInError `invalidResponse` (`reason` `cutOff` or
 * `notJson` if the response is not a JSON object), or as the transport fails
 */
export async function sendRequest(
  oidc: ClientOverHttp,
  { operation, endpoint, replacement }: ServerRequest,
  send: (configuration: client.Configuration) => Promise<unknown>,
  signal: AbortSignal,
): Promise<ResponseMembers> {
  const details = { operation, host: new URL(endpoint).host };
  let members: ResponseMembers = {};
  const read = async (response: Response): Promise<Response> => {
    const { headers, ok, status } = response;
    if (ok && replacement === undefined) return response;
    const text = await response.text(); // Removes a byte order mark.
    const json = parseJson(text);
    members = membersOf(json);
    if (!ok) throw refusalOf(members, response, details);
    if (json === undefined || json === null || typeof json !== 'object' || Array.isArray(json)) {
      const reason = text.trimStart().startsWith('{') ? 'cutOff' : 'notJson';
      throw new SignInError('invalidResponse', { ...details, status, reason });
    }
    if (textOf(members['error']) !== undefined && textOf(members['access_token']) === undefined)
      throw refusalOf(members, { headers, status: 400 }, details);
    return Response.json(replacement);
  };
  let failure: Error | undefined; // The library wraps its fetch's errors.
  const http: HttpFetch = async (url, request) => {
    try {
      return await read(await oidc.http(url, request));
    } catch (error) {
      if (error instanceof Error) failure = error;
      throw error;
    }
  };
  try {
    await send(configurationOf({ ...oidc, http }, signal));
    return members;
  } catch (error) {
    throw failure ?? new SignInError('invalidResponse', { ...details, ...defined({ code: codeOf(error) }) });
  }
}

/**
 * Parses a token response (RFC 6749, 5.1), except for its ID token (`idToken.ts`).
 * @throws SignInError as {@link tokenSetOf}
 */
export function parseTokenResponse(
  members: unknown,
  sentAt: number,
  requestedScopes: readonly string[],
): TokenSet {
  return tokenSetOf(responseIn(membersOf(members)), sentAt, requestedScopes);
}

function responseIn({
  access_token,
  token_type,
  expires_in,
  refresh_token,
  scope,
}: ResponseMembers): TokenResponse {
  return {
    accessToken: access_token,
    tokenType: token_type,
    expiresIn: expires_in,
    ownLifetime: lifetimeIn(textOf(access_token) ?? ''),
    refreshToken: refresh_token,
    scope,
  };
}

/** The lifetime in seconds in an access token's own times, whatever the clocks; undefined for an opaque token. */
function lifetimeIn(accessToken: string): number | undefined {
  const { iat, exp } = decodeAccessToken(accessToken);
  return iat === undefined || exp === undefined || exp <= iat ? undefined : exp - iat;
}

function idTokenOf(members: ResponseMembers): string | undefined {
  return textOf(members['id_token']);
}
