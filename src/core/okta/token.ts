import * as v from 'valibot';
import { SignInError } from '../errors.ts';
import { errorAt } from '../oauthRefusal.ts';
import type { Clock, HttpFetch } from '../ports.ts';
import { lifetimeSeconds } from '../tokenSet.ts';
import type { TokenSet } from '../tokenSet.ts';
import { configurationOf, tokenRequestError } from './authorizationServer.ts';
import type { AuthorizationServer } from './authorizationServerRecord.ts';

const answerSchema = v.object({
  access_token: v.pipe(v.string(), v.nonEmpty()),
  token_type: v.pipe(v.string(), v.regex(/^bearer$/i)),
  expires_in: v.optional(v.unknown()),
  refresh_token: v.optional(v.string()),
  scope: v.optional(v.string()),
});

/**
 * A token endpoint's answer (RFC 6749, 5.1) as a token set. An absent `scope` means the requested ones;
 * its life counts from the moment the request was sent, since the answer may be read after a sleep.
 * @throws SignInError `invalidResponse` when it is not a bearer token
 */
export function readTokenResponse(
  answer: unknown,
  sentAt: number,
  requestedScopes: readonly string[],
): TokenSet {
  const parsed = v.safeParse(answerSchema, answer);
  if (!parsed.success) throw new SignInError('invalidResponse', { operation: 'token', reason: 'noToken' });
  const { access_token, expires_in, refresh_token, scope } = parsed.output;
  return {
    accessToken: access_token,
    ...(refresh_token === undefined || refresh_token === '' ? {} : { refreshToken: refresh_token }),
    obtainedAt: sentAt,
    expiresAt: sentAt + lifetimeSeconds(expires_in) * 1000,
    scopes: scope === undefined ? requestedScopes : scope.split(' ').filter((one) => one !== ''),
  };
}

interface OktaTokenPorts {
  readonly clock: Clock;
  readonly http: HttpFetch;
}

/**
 * One refresh grant (RFC 6749, 6) at the server that issued the session; the old refresh token is kept when the
 * answer brings none. Nothing is repeated here: who holds the lock decides (DESIGN.md, rules of a session, 2).
 * @throws SignInError `grantRevoked`, `registrationRefused`, or as the transport fails
 */
export async function refreshOktaToken(
  { clock, http }: OktaTokenPorts,
  server: AuthorizationServer,
  clientId: string,
  tokenSet: { readonly refreshToken: string; readonly scopes: readonly string[] },
  signal: AbortSignal,
): Promise<TokenSet> {
  const client = await import('openid-client');
  const configuration = await configurationOf(http, server, clientId, signal);
  const sentAt = clock.now();
  const answer = await client
    .refreshTokenGrant(configuration, tokenSet.refreshToken)
    .catch(async (error: unknown) => {
      const refusal = await tokenRequestError(error, 'refresh', new URL(server.tokenEndpoint).host);
      throw errorAt({ provider: 'okta', step: 'refresh' }, refusal);
    });
  return { refreshToken: tokenSet.refreshToken, ...readTokenResponse(answer, sentAt, tokenSet.scopes) };
}

/**
 * Ends the grant on the server (RFC 7009).
 * @throws SignInError when the server did not confirm it
 */
export async function revokeOktaToken(
  http: HttpFetch,
  server: AuthorizationServer,
  clientId: string,
  tokenSet: TokenSet,
  signal: AbortSignal,
): Promise<void> {
  if (server.revocationEndpoint === undefined)
    throw new SignInError('metadataMissing', { operation: 'revoke' });
  const client = await import('openid-client');
  const configuration = await configurationOf(http, server, clientId, signal);
  const { accessToken, refreshToken } = tokenSet;
  const hint = refreshToken === undefined ? 'access_token' : 'refresh_token';
  await client
    .tokenRevocation(configuration, refreshToken ?? accessToken, { token_type_hint: hint })
    .catch(async (error: unknown) => {
      const refusal = await tokenRequestError(error, 'revoke', new URL(server.issuer).host);
      throw errorAt({ provider: 'okta', step: 'revoke' }, refusal);
    });
}
