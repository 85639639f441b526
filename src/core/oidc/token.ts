import * as client from 'openid-client';
import { defined } from '../defined.ts';
import { SignInError } from '../oauth/errors.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import { membersOf, refreshedTokens, textOf, tokenSetOf } from '../oauth/tokenSet.ts';
import type { RefreshedTokens, TokenResponse, TokenSet } from '../oauth/tokenSet.ts';
import type { HttpFetch } from '../ports.ts';
import { parseJson } from '../text/parseJson.ts';
import { codeOf, configurationOf } from './discovery.ts';
import type { ClientOverHttp, OidcClient } from './discovery.ts';
import { asksForIdToken, checkSubject, refreshedIdToken, signedInIdToken } from './idToken.ts';
import { refusalOf } from './refusal.ts';

/** An answer of the token endpoint, and what was asked for. */
export interface SignInAnswer {
  readonly answer: ServerAnswer;
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

/** The scopes that ask for claims of a person (OpenID Connect Core 1.0, 5.4). */
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
 * One refresh grant (RFC 6749, 6) at the server that issued the session.
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
    'refresh',
  ).catch((error: unknown) => {
    throw errorAt({ dialect: oidc.dialect, step: 'refresh' }, error);
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
  await askServer(
    oidc,
    { operation: 'revoke', endpoint: server.revocationEndpoint },
    (configuration) =>
      client.tokenRevocation(configuration, refreshToken ?? accessToken, { token_type_hint: hint }),
    signal,
  ).catch((error: unknown) => {
    throw errorAt({ dialect, step: 'revoke' }, error);
  });
}

/** The members of an answer, unread. */
export type ServerAnswer = Readonly<Record<string, unknown>>;

/** A request to one of a server's endpoints, as an error tells of it. */
interface ServerRequest {
  readonly operation: string;
  readonly endpoint: string;
  /** Given to the library in the place of a good answer; without it the answer itself, which need not be JSON. */
  readonly standIn?: object;
}

/** One request to the token endpoint. @throws as {@link askServer} */
export function tokenAnswer(
  oidc: ClientOverHttp,
  send: (configuration: client.Configuration) => Promise<unknown>,
  signal: AbortSignal,
  operation = 'token',
): Promise<ServerAnswer> {
  const standIn = { access_token: 'kept aside', token_type: 'bearer' };
  return askServer(oidc, { operation, endpoint: oidc.server.tokenEndpoint, standIn }, send, signal);
}

/**
 * One request, built and sent by the library, and its answer as it came. A good answer may hold the only refresh token
 * from then on, and the library throws it away for an `id_token`, `scope`, `expires_in` or `refresh_token` that it does
 * not like.
 * @throws OAuthErrorResponse for a refusal, also one with status 200; SignInError `invalidResponse` (`reason` `cutOff` or
 * `notJson` where the answer is not a JSON object), or as the transport fails
 */
export async function askServer(
  oidc: ClientOverHttp,
  { operation, endpoint, standIn }: ServerRequest,
  send: (configuration: client.Configuration) => Promise<unknown>,
  signal: AbortSignal,
): Promise<ServerAnswer> {
  const details = { operation, host: new URL(endpoint).host };
  let answer: ServerAnswer = {};
  const read = async (response: Response): Promise<Response> => {
    const { headers, ok, status } = response;
    if (ok && standIn === undefined) return response;
    const text = await response.text(); // It leaves out a byte order mark.
    const json = parseJson(text);
    answer = membersOf(json);
    if (!ok) throw refusalOf(answer, response, details);
    if (json === undefined || json === null || typeof json !== 'object' || Array.isArray(json)) {
      const reason = text.trimStart().startsWith('{') ? 'cutOff' : 'notJson';
      throw new SignInError('invalidResponse', { ...details, status, reason });
    }
    if (typeof answer['error'] === 'string' && textOf(answer['access_token']) === undefined)
      throw refusalOf(answer, { headers, status: 400 }, details);
    return Response.json(standIn);
  };
  let failure: Error | undefined; // The library wraps what its fetch throws.
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
    return answer;
  } catch (error) {
    throw failure ?? new SignInError('invalidResponse', { ...details, ...defined({ code: codeOf(error) }) });
  }
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
}: ServerAnswer): TokenResponse {
  return {
    accessToken: access_token,
    tokenType: token_type,
    expiresIn: expires_in,
    refreshToken: refresh_token,
    scope,
  };
}

/** The ID token of an answer, unread, if it has one. */
function idTokenOf(answer: ServerAnswer): string | undefined {
  return textOf(answer['id_token']);
}
