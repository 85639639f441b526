import * as v from 'valibot';
import { SignInError } from '../errors.ts';
import { errorAt } from '../oauthRefusal.ts';
import type { Clock, SsoOidc } from '../ports.ts';
import { lifetimeSeconds } from '../tokenSet.ts';
import type { TokenSet } from '../tokenSet.ts';
import type { ClientRegistration } from './clientRegistration.ts';

const answerSchema = v.object({
  accessToken: v.pipe(v.string(), v.nonEmpty()),
  tokenType: v.optional(v.pipe(v.string(), v.regex(/^bearer$/i))),
  expiresIn: v.optional(v.unknown()),
  refreshToken: v.nullish(v.string()),
});

/**
 * CreateToken's answer as a token set. The API names no scopes: a token carries its registration's. Its
 * life counts from the moment the request was sent, since the answer may be read after a sleep.
 * @throws SignInError `invalidResponse` when it holds no bearer token
 */
export function readToken(answer: unknown, sentAt: number, scopes: readonly string[]): TokenSet {
  const parsed = v.safeParse(answerSchema, answer);
  if (!parsed.success)
    throw new SignInError('invalidResponse', { operation: 'createToken', reason: 'noToken' });
  const { accessToken, expiresIn, refreshToken } = parsed.output;
  return {
    accessToken,
    ...(refreshToken == null || refreshToken === '' ? {} : { refreshToken }),
    obtainedAt: sentAt,
    expiresAt: sentAt + lifetimeSeconds(expiresIn) * 1000,
    scopes,
  };
}

/**
 * One CreateToken with the refresh token; the old one is kept when the answer brings none. Nothing is repeated
 * here: who holds the lock decides (DESIGN.md, rules of a session, 2).
 * @throws SignInError `grantRevoked`, `registrationRefused`, or as the transport fails
 */
export async function refreshToken(
  clock: Clock,
  oidc: SsoOidc,
  registration: ClientRegistration,
  token: string,
  signal: AbortSignal,
): Promise<TokenSet> {
  const { clientId, clientSecret } = registration;
  const sentAt = clock.now();
  try {
    const answer = await oidc.createToken(
      { clientId, clientSecret, grantType: 'refresh_token', refreshToken: token },
      signal,
    );
    return { refreshToken: token, ...readToken(answer, sentAt, registration.scopes) };
  } catch (error) {
    throw errorAt({ provider: 'identityCenter', step: 'refresh' }, error);
  }
}
