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
    begin: async (...args) => {
      const attempt = await markedGeneric(verbs.begin(...args));
      return { offered: attempt.offered, run: async (...args) => markedGeneric(attempt.run(...args)) };
    },
    refresh: async (...args) => markedGeneric(verbs.refresh(...args)),
    secretsOf: verbs.secretsOf,
    revoke: async (...args) => markedGeneric(verbs.revoke(...args)),
    account: ({ issuer }, { idToken = '' }) => {
      const { sub: subject, preferred_username, email } = decodeClaims(claimsSchema, idToken);
      return accountAt(issuer, { subject, login: preferred_username ?? email ?? subject });
    },
  };
}

async function markedGeneric<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asGeneric(error);
  }
}
