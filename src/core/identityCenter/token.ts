import * as v from 'valibot';
import { findSignInError, SignInError } from '../oauth/errors.ts';
import { errorAt } from '../oauth/errorResponse.ts';
import type { Clock } from '../ports.ts';
import type { SsoOidc } from './ssoOidc.ts';
import { lifetimeSeconds } from '../oauth/tokenSet.ts';
import type { RefreshedTokens, TokenSet } from '../oauth/tokenSet.ts';
import type { ClientRegistration } from './clientRegistration.ts';
import { defined } from '../defined.ts';

/**
 * Only what a token cannot do without is required of an answer: the rest is read where it can be, since an answer may
 * hold the only refresh token from then on.
 */
const answerSchema = v.object({
  accessToken: v.pipe(v.string(), v.nonEmpty()),
  tokenType: v.fallback(v.optional(v.string()), undefined),
  expiresIn: v.optional(v.unknown()),
});
const refreshTokenSchema = v.object({ refreshToken: v.pipe(v.string(), v.nonEmpty()) });

/**
 * CreateToken's answer as a token set. The API names no scopes: a token carries its registration's. Its
 * life counts from the moment the request was sent, since the answer may be read after a sleep.
 * @throws SignInError `invalidResponse` (`reason` `noToken`) when it holds no bearer token
 */
export function parseTokenResponse(answer: unknown, sentAt: number, scopes: readonly string[]): TokenSet {
  const parsed = v.safeParse(answerSchema, answer);
  const type = (parsed.success ? parsed.output.tokenType : undefined)?.trim().toLowerCase();
  if (!parsed.success || !['bearer', '', undefined].includes(type)) {
    throw new SignInError('invalidResponse', { operation: 'createToken', reason: 'noToken' });
  }
  const { accessToken, expiresIn } = parsed.output;
  const refreshToken = refreshTokenOf(answer);
  return {
    accessToken,
    ...defined({ refreshToken }),
    obtainedAt: sentAt,
    expiresAt: sentAt + lifetimeSeconds(expiresIn) * 1000,
    scopes,
  };
}

function refreshTokenOf(answer: unknown): string | undefined {
  const parsed = v.safeParse(refreshTokenSchema, answer);
  return parsed.success ? parsed.output.refreshToken : undefined;
}

/** What is refreshed, by which client. */
export interface RefreshRequest {
  readonly registration: ClientRegistration;
  readonly before: TokenSet & { readonly refreshToken: string };
}

/**
 * One CreateToken with the refresh token; the old one is kept when the answer brings none, and a new one is never
 * lost, whatever else the answer holds. Nothing is repeated here: who holds the lock decides (docs/ARCHITECTURE.md,
 * rule 2).
 * @throws SignInError `grantRevoked`, `registrationRefused`, `invalidResponse` for an answer without a token, or as
 * the transport fails
 */
export async function refresh(
  clock: Clock,
  oidc: SsoOidc,
  { registration, before }: RefreshRequest,
  signal: AbortSignal,
): Promise<RefreshedTokens> {
  const { clientId, clientSecret } = registration;
  const sentAt = clock.now();
  let answer: unknown;
  try {
    answer = await oidc.createToken(
      { clientId, clientSecret, grantType: 'refresh_token', refreshToken: before.refreshToken },
      signal,
    );
  } catch (error) {
    throw errorAt({ dialect: 'ssoOidc', step: 'refresh' }, error);
  }
  try {
    const { refreshToken } = before;
    return { tokenSet: { refreshToken, ...parseTokenResponse(answer, sentAt, registration.scopes) } };
  } catch (error) {
    const refused = findSignInError(error);
    const rotated = refreshTokenOf(answer);
    if (refused === undefined || rotated === undefined) throw error;
    return { tokenSet: { ...before, refreshToken: rotated }, refused };
  }
}
