import { membersOf, refreshedTokens, tokenSetOf } from '../oauth/tokenSet.ts';
import type { RefreshedTokens, TokenResponse, TokenSet } from '../oauth/tokenSet.ts';
import type { Clock } from '../ports.ts';
import type { ClientRegistration } from './registration.ts';
import { throwMeaning } from './ssoOidc.ts';
import type { SsoOidc } from './ssoOidc.ts';

/**
 * CreateToken's answer as a token set. The API names no scopes: a token carries its registration's.
 * @throws SignInError as `tokenSetOf`
 */
export function parseTokenResponse(answer: unknown, sentAt: number, scopes: readonly string[]): TokenSet {
  return tokenSetOf(responseIn(answer), sentAt, scopes);
}

function responseIn(answer: unknown): TokenResponse {
  return { ...membersOf(answer), scope: undefined };
}

/** The tokens to refresh, and the client that they belong to. */
export interface RefreshRequest {
  readonly registration: ClientRegistration;
  readonly before: TokenSet & { readonly refreshToken: string };
}

/**
 * One CreateToken with the refresh token.
 * @throws SignInError `grantRevoked`, `registrationRefused`, `invalidResponse` for an answer without a token, or as the
 * transport fails
 */
export async function refresh(
  clock: Clock,
  oidc: SsoOidc,
  { registration, before }: RefreshRequest,
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const { clientId, clientSecret, scopes } = registration;
  const { refreshToken } = before;
  const sentAt = clock.now();
  const answer = await oidc
    .createToken({ clientId, clientSecret, grantType: 'refresh_token', refreshToken }, signal)
    .catch(throwMeaning('refresh'));
  return refreshedTokens(before, responseIn(answer), sentAt, scopes);
}
