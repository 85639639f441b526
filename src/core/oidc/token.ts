import * as client from 'openid-client';
import { defined } from '../defined.ts';
import { SignInError } from '../oauth/errors.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import { membersOf, refreshedTokens, textOf, tokenSetOf } from '../oauth/tokenSet.ts';
import type { RefreshedTokens, TokenResponse, TokenSet } from '../oauth/tokenSet.ts';
import type { HttpFetch } from '../ports.ts';
import { parseJson } from '../text/parseJson.ts';
import { configurationOf } from './discovery.ts';
import type { ClientOverHttp, OidcClient } from './discovery.ts';
import { asksForIdToken, checkSubject, refreshedIdToken, signedInIdToken } from './idToken.ts';
import { tokenRequestError } from './requestErrors.ts';

/** An answer of the token endpoint, and what was asked for. */
export interface SignInAnswer {
  readonly answer: TokenAnswer;
  readonly sentAt: number;
  readonly scopes: readonly string[];
  /** Of the authorization request, where there was one. */
  readonly nonce?: string | undefined;
}

/**
 * The token set of a sign-in, with its ID token where one was asked for.
 * @throws SignInError `invalidResponse` when it holds no bearer token, or an ID token that is not valid (`reason`
 * `idToken`, `idTokenTimes`)
 */
export async function readSignIn(
  oidc: OidcClient,
  { answer, sentAt, scopes, nonce }: SignInAnswer,
  signal: AbortSignal,
): Promise<TokenSet> {
  const tokenSet = parseTokenResponse(answer, sentAt, scopes);
  const given = asksForIdToken(scopes) ? idTokenOf(answer) : undefined;
  if (given === undefined) return tokenSet;
  const idToken = await signedInIdToken(oidc, given, nonce, signal);
  return { ...withClaimScopes(tokenSet, scopes), ...defined({ idToken }) };
}

/** What people’s claims are asked for with (OpenID Connect Core 1.0, 5.4). */
const claimScopes = ['profile', 'email', 'address', 'phone'];

/**
 * The token set of an answer with an ID token, and the scopes that came with that. Microsoft Entra ID names only those of an API,
 * and not even `openid`, though it granted all that were `asked` for.
 */
function withClaimScopes(tokenSet: TokenSet, asked: readonly string[]): TokenSet {
  const isNamed = tokenSet.scopes.some((scope) => scope === 'openid' || claimScopes.includes(scope));
  if (isNamed) return tokenSet;
  return { ...tokenSet, scopes: [...tokenSet.scopes, ...claimScopes.filter((one) => asked.includes(one))] };
}

/**
 * One refresh grant (RFC 6749, 6) at the server that issued the session. Nothing is repeated here: who holds the lock decides
 * (docs/ARCHITECTURE.md, rule 2).
 * @param asked the scopes of the sign-in
 * @throws SignInError `grantRevoked`, `registrationRefused`, `invalidResponse` for an answer without a token or about
 * another person (`reason` `otherSubject`), or as the transport fails
 */
export async function refresh(
  oidc: OidcClient,
  before: TokenSet & { readonly refreshToken: string },
  asked: readonly string[],
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const sentAt = oidc.clock.now();
  const answer = await tokenAnswer(
    oidc,
    (configuration) => client.refreshTokenGrant(configuration, before.refreshToken),
    signal,
  ).catch(async (error: unknown) => {
    const refusal = await tokenRequestError(error, 'refresh', new URL(oidc.server.tokenEndpoint).host);
    throw errorAt({ dialect: oidc.dialect, step: 'refresh' }, refusal);
  });
  const given = asksForIdToken(asked) ? idTokenOf(answer) : undefined;
  if (given !== undefined) checkSubject(oidc, given, before);
  const refreshed = refreshedTokens(before, responseIn(answer), sentAt);
  if (given === undefined || refreshed.refused !== undefined) return refreshed;
  const tokenSet = withClaimScopes(refreshed.tokenSet, asked);
  return { ...refreshed, tokenSet, idToken: () => refreshedIdToken(oidc, given, before) };
}

/**
 * Ends the grant on the server (RFC 7009).
 * @throws SignInError when the server did not confirm it
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
  await client
    .tokenRevocation(configurationOf(oidc, signal), refreshToken ?? accessToken, { token_type_hint: hint })
    .catch(async (error: unknown) => {
      const refusal = await tokenRequestError(error, 'revoke', new URL(server.issuer).host);
      throw errorAt({ dialect, step: 'revoke' }, refusal);
    });
}

/** The members of a token endpoint's answer, unread. */
export type TokenAnswer = Readonly<Record<string, unknown>>;

/**
 * One request to the token endpoint, built and sent by the library, and its answer as it came. The library reads
 * refusals only: a good answer may hold the only refresh token from then on, and the library throws it away for an
 * `id_token`, `scope`, `expires_in` or `refresh_token` that it does not like.
 * @throws SignInError `invalidResponse` (`reason` `cutOff` or `notJson`) where the answer is not a JSON object, as the transport fails,
 * or what the library throws for a refusal
 */
export async function tokenAnswer(
  oidc: ClientOverHttp,
  send: (configuration: client.Configuration) => Promise<unknown>,
  signal: AbortSignal,
): Promise<TokenAnswer> {
  let answer: TokenAnswer = {};
  const http: HttpFetch = async (url, request) => {
    const response = await oidc.http(url, request);
    if (!response.ok) return response;
    const { status } = response;
    const text = await response.text();
    const json = parseJson(text); // `Response.text` leaves out a byte order mark.
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      const host = new URL(url).host;
      const reason = text.trimStart().startsWith('{') ? 'cutOff' : 'notJson';
      throw new SignInError('invalidResponse', { operation: 'token', host, status, reason });
    }
    answer = { ...json };
    // Some servers refuse with 200: the library is to read it as the refusal that it is.
    if (typeof answer['error'] === 'string' && textOf(answer['access_token']) === undefined)
      return Response.json(answer, { status: 400, headers: response.headers });
    return Response.json({ access_token: 'kept aside', token_type: 'bearer' });
  };
  await send(configurationOf({ ...oidc, http }, signal));
  return answer;
}

/**
 * A token endpoint's answer (RFC 6749, 5.1) as a token set. Its ID token is another question (`idToken.ts`).
 * @throws SignInError as `tokenSetOf`
 */
export function parseTokenResponse(
  answer: unknown,
  sentAt: number,
  requestedScopes: readonly string[],
): TokenSet {
  return tokenSetOf(responseIn(membersOf(answer)), sentAt, requestedScopes);
}

function responseIn({
  access_token,
  token_type,
  expires_in,
  refresh_token,
  scope,
}: TokenAnswer): TokenResponse {
  return {
    accessToken: access_token,
    tokenType: token_type,
    expiresIn: expires_in,
    refreshToken: refresh_token,
    scope,
  };
}

/** The ID token of an answer, unread, if it has one. */
function idTokenOf(answer: TokenAnswer): string | undefined {
  return textOf(answer['id_token']);
}
