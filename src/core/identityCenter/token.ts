import { membersOf, refreshedTokens, tokenSetOf } from '../oauth/tokenSet.ts';
import type { RefreshedTokens, TokenResponse, TokenSet } from '../oauth/tokenSet.ts';
import type { Clock } from '../ports.ts';
import type { ClientRegistration } from './registration.ts';
import { throwMeaning } from './ssoOidc.ts';
import type { SsoOidc } from './ssoOidc.ts';

/**
 * Parses a CreateToken response. It contains no scopes, so pass those of the registration.
 * @throws SignInError as `tokenSetOf`
 */
export function parseTokenResponse(response: unknown, sentAt: number, scopes: readonly string[]): TokenSet {
  return tokenSetOf(responseIn(response), sentAt, scopes);
}

function responseIn(response: unknown): TokenResponse {
  return { ...membersOf(response), scope: undefined };
}

/** The tokens to refresh, and the registration they are bound to. */
export interface RefreshRequest {
  readonly registration: ClientRegistration;
  readonly before: TokenSet & { readonly refreshToken: string };
}

/**
 * Refreshes tokens with one CreateToken request.
 * @throws SignInError `grantRevoked`, `registrationRefused`, `invalidResponse` without a token, or an error of the
 * transport
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
  const response = await oidc
    .createToken({ clientId, clientSecret, grantType: 'refresh_token', refreshToken }, signal)
    .catch(throwMeaning('refresh'));
  return refreshedTokens(before, responseIn(response), sentAt, scopes);
}
