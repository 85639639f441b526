import * as client from 'openid-client';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import type { HttpFetch } from '../ports.ts';
import type { RefreshedTokens, TokenSet } from '../oauth/tokenSet.ts';
import { configurationOf } from './clientConfiguration.ts';
import { tokenRequestError } from './requestErrors.ts';
import { asksForIdToken, checkSubject, refreshedIdToken, signedInIdToken } from './idToken.ts';
import type { IdTokenPorts, Issuance } from './idToken.ts';
import { idTokenOf, parseTokenResponse, refreshTokenOf, tokenAnswer } from './tokenAnswer.ts';
import { defined } from '../defined.ts';

/**
 * The token set of a sign-in, with its ID token where one was asked for.
 * @param nonce of the authorization request, where there was one
 * @throws SignInError `invalidResponse` when it holds no bearer token, or an ID token that is not valid (`reason`
 * `idToken`, `idTokenTimes`)
 */
export async function readSignIn(
  ports: IdTokenPorts,
  issuance: Issuance,
  answer: unknown,
  asked: { readonly sentAt: number; readonly scopes: readonly string[]; readonly nonce?: string },
  signal: AbortSignal,
): Promise<TokenSet> {
  const { sentAt, scopes, nonce } = asked;
  const tokenSet = parseTokenResponse(answer, sentAt, scopes);
  const given = asksForIdToken(scopes) ? idTokenOf(answer) : undefined;
  if (given === undefined) return tokenSet;
  const idToken = await signedInIdToken(ports, issuance, given, nonce, signal);
  return idToken === undefined ? tokenSet : { ...tokenSet, idToken };
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
  before: TokenSet & { readonly refreshToken: string },
  asked: readonly string[],
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const { server, clientId } = issuance;
  const sentAt = ports.clock.now();
  const answer = await tokenAnswer(
    ports.http,
    server,
    clientId,
    (configuration) => client.refreshTokenGrant(configuration, before.refreshToken),
    signal,
  ).catch(async (error: unknown) => {
    const refusal = await tokenRequestError(error, 'refresh', new URL(server.tokenEndpoint).host);
    throw errorAt({ provider: issuance.provider, step: 'refresh' }, refusal);
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
  { server, clientId, provider }: Issuance,
  tokenSet: TokenSet,
  signal: AbortSignal,
): Promise<void> {
  if (server.revocationEndpoint === undefined)
    throw new SignInError('metadataMissing', { operation: 'revoke' });
  const configuration = await configurationOf(http, server, clientId, signal);
  const { accessToken, refreshToken } = tokenSet;
  const hint = refreshToken === undefined ? 'access_token' : 'refresh_token';
  await client
    .tokenRevocation(configuration, refreshToken ?? accessToken, { token_type_hint: hint })
    .catch(async (error: unknown) => {
      const refusal = await tokenRequestError(error, 'revoke', new URL(server.issuer).host);
      throw errorAt({ provider, step: 'revoke' }, refusal);
    });
}
