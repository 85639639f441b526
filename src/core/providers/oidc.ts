import * as v from 'valibot';
import type { OpenIdConnection } from '../connection/connection.ts';
import { dialects } from '../oauth/errorMeanings.ts';
import { asGeneric } from '../oauth/errors.ts';
import { decodeClaims, textClaim } from '../oidc/accessToken.ts';
import { accountAt, openIdVerbs } from './openId.ts';
import type { OpenIdIssuance, Provider } from './provider.ts';

const claimsSchema = v.object({ sub: textClaim, preferred_username: textClaim, email: textClaim });

/**
 * A generic OpenID Connect provider. The validated ID token identifies the user: an access token is meant only for its
 * API (RFC 9068, 6), and may be opaque.
 */
export function plainOpenId<C extends OpenIdConnection>(): Provider<C, OpenIdIssuance<C>> {
  const verbs = openIdVerbs<C>({ dialect: dialects.openId, metadataStyle: 'partial' });
  return {
    begin: async (...asked) => {
      const attempt = await named(verbs.begin(...asked));
      return { offered: attempt.offered, run: async (...given) => named(attempt.run(...given)) };
    },
    refresh: async (...asked) => named(verbs.refresh(...asked)),
    secretsOf: verbs.secretsOf,
    revoke: async (...asked) => named(verbs.revoke(...asked)),
    account: ({ issuer }, { idToken = '' }) => {
      const { sub: subject, preferred_username, email } = decodeClaims(claimsSchema, idToken);
      return accountAt(issuer, { subject, login: preferred_username ?? email ?? subject });
    },
  };
}

async function named<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asGeneric(error);
  }
}
