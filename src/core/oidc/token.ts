import { defined } from '../defined.ts';
import { SignInError } from '../oauth/errors.ts';
import type { ErrorDetails } from '../oauth/errors.ts';
import { errorAt, OAuthErrorResponse } from '../oauth/errorResponse.ts';
import { membersOf, refreshedTokens, textOf, tokenSetOf } from '../oauth/tokenSet.ts';
import type { RefreshedTokens, TokenResponse, TokenSet } from '../oauth/tokenSet.ts';
import { parseJson } from '../text/parseJson.ts';
import { safeId, safeText } from '../text/safeText.ts';
import { isLoopbackUrl } from '../text/webAddress.ts';
import { decodeAccessToken } from './accessToken.ts';
import type { ClientOverHttp, OidcClient } from './discovery.ts';
import { asRequested } from './entraScopes.ts';
import { asksForIdToken, checkSubject, refreshedIdToken, signedInIdToken } from './idToken.ts';

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
  const given = asksForIdToken(scopes) ? idTokenOf(members) : undefined;
  const parsed = parseTokenResponse(members, sentAt, scopes);
  const tokenSet = withRequestedScopes(oidc, parsed, scopes, given === undefined ? [] : scopes);
  if (given === undefined) return tokenSet;
  return { ...tokenSet, ...defined({ idToken: await signedInIdToken(oidc, given, nonce, signal) }) };
}

/** Scopes that request claims about the user (OpenID Connect Core 1.0, 5.4). */
const claimScopes = ['profile', 'email', 'address', 'phone'];

/**
 * A token set with its scopes as they were requested, and with the claim scopes in `forIdToken`, the requested scopes
 * of a response with an ID token: Microsoft Entra ID grants those, but lists only an API's scopes, not even `openid`.
 */
function withRequestedScopes(
  { server }: OidcClient,
  tokenSet: TokenSet,
  requested: readonly string[],
  forIdToken: readonly string[],
): TokenSet {
  const scopes = asRequested(server.issuer, tokenSet.scopes, requested);
  const isNamed = scopes.some((scope) => scope === 'openid' || claimScopes.includes(scope));
  const more = isNamed ? [] : claimScopes.filter((one) => forIdToken.includes(one));
  return { ...tokenSet, scopes: [...scopes, ...more] };
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
  const form = { grant_type: 'refresh_token', refresh_token: before.refreshToken };
  const members = await requestMembers(oidc, 'refresh', form, signal).catch((error: unknown) => {
    throw errorAt({ dialect: oidc.dialect, step: 'refresh' }, error);
  });
  const given = asksForIdToken(requestedScopes) ? idTokenOf(members) : undefined;
  if (given !== undefined) checkSubject(oidc, given, before);
  const refreshed = refreshedTokens(before, responseIn(members), sentAt);
  if (refreshed.refused !== undefined) return refreshed;
  const forIdToken = given === undefined ? [] : requestedScopes;
  const tokenSet = withRequestedScopes(oidc, refreshed.tokenSet, before.scopes, forIdToken);
  if (given === undefined) return { ...refreshed, tokenSet };
  return { ...refreshed, tokenSet, idToken: () => refreshedIdToken(oidc, given, before) };
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
  const hint = refreshToken === undefined ? 'access_token' : 'refresh_token';
  const form = { token: refreshToken ?? accessToken, token_type_hint: hint };
  const { response, details } = await post(oidc, 'revoke', form, signal).catch((error: unknown) => {
    throw errorAt({ dialect: oidc.dialect, step: 'revoke' }, error);
  });
  if (response.status !== 200) throw new SignInError('invalidResponse', details); // RFC 7009, 2.2.
}

/** The members of a response, unvalidated. */
export type ResponseMembers = Readonly<Record<string, unknown>>;

/** The parameters of a request, except `client_id`. */
type Form = Readonly<Record<string, string>>;

/** The operations of a client, as errors name them, and their endpoints. */
const endpoints = {
  token: 'tokenEndpoint',
  refresh: 'tokenEndpoint',
  deviceAuthorize: 'deviceAuthorizationEndpoint',
  revoke: 'revocationEndpoint',
} as const;
type Operation = keyof typeof endpoints;

/**
 * Sends a request, and returns the members of its response. They are unvalidated, since one that is invalid may come
 * with the only valid refresh token.
 * @throws OAuthErrorResponse for a refusal, even with status 200; SignInError `invalidResponse` (`reason` `cutOff` or
 * `notJson` if the response is not a JSON object), or as {@link post}
 */
export async function requestMembers(
  oidc: ClientOverHttp,
  operation: Operation,
  form: Form,
  signal: AbortSignal,
): Promise<ResponseMembers> {
  const { response, text, details } = await post(oidc, operation, form, signal);
  const json = parseJson(text);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    const reason = /^\s*(?:\{|$)/.test(text) ? 'cutOff' : 'notJson';
    throw new SignInError('invalidResponse', { ...details, reason });
  }
  const members = membersOf(json);
  if (textOf(members['error']) !== undefined && textOf(members['access_token']) === undefined)
    throw refusalOf(members, response, { ...details, status: 400 });
  return members;
}

/**
 * Posts a form as a public client (RFC 6749, 3.2.1), over https unless the issuer is on this machine.
 * @throws OAuthErrorResponse for a refusal; SignInError `metadataMissing` without an endpoint, or as the transport fails
 */
async function post(
  { http, server, clientId }: ClientOverHttp,
  operation: Operation,
  form: Form,
  signal: AbortSignal,
): Promise<{ readonly response: Response; readonly text: string; readonly details: ErrorDetails }> {
  const endpoint = server[endpoints[operation]];
  if (endpoint === undefined) throw new SignInError('metadataMissing', { operation });
  const { protocol, host } = new URL(endpoint);
  if (protocol !== 'https:' && !isLoopbackUrl(new URL(server.issuer)))
    throw new SignInError('invalidResponse', { operation, host });
  const response = await http(endpoint, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    },
    body: new URLSearchParams({ ...form, client_id: clientId }).toString(),
    signal,
  });
  const text = await response.text(); // Removes a byte order mark.
  const details = { operation, host, status: response.status };
  if (!response.ok) throw refusalOf(membersOf(parseJson(text)), response, details);
  return { response, text, details };
}

/**
 * Parses a refusal from its body (RFC 6749, 5.2, or the members of Okta's API: docs/PROTOCOL.md, 2) or its
 * `WWW-Authenticate` header; `invalidResponse` without an error code or with a status below 400.
 */
function refusalOf(
  body: ResponseMembers,
  { headers }: Response,
  details: ErrorDetails & { readonly status: number },
): OAuthErrorResponse | SignInError {
  const challenge = headers.get('www-authenticate') ?? '';
  const named = /[\s,]error\s{0,5}=\s{0,5}"([^"]{1,100})"/i.exec(challenge)?.[1];
  const code = textOf(body['error']) ?? textOf(body['errorCode']) ?? named;
  if (code === undefined || details.status < 400) return new SignInError('invalidResponse', details);
  const description = safeText(body['error_description'] ?? body['errorSummary']);
  const requestId = safeId(headers.get('x-okta-request-id') ?? body['errorId']);
  const interval = body['interval'];
  const intervalSeconds = typeof interval === 'number' ? interval : undefined;
  return new OAuthErrorResponse(code, {
    ...details,
    ...defined({ description, requestId, intervalSeconds }),
  });
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
