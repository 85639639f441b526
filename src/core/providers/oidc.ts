import * as v from 'valibot';
import type { OidcConnection } from '../connection/connection.ts';
import { decodePayload } from '../oidc/accessToken.ts';
import { accountAt, openIdVerbs } from './openId.ts';
import type { Provider } from './provider.ts';

const text = v.fallback(v.optional(v.string()), undefined);
const claimsSchema = v.object({ sub: text, preferred_username: text, email: text });

/**
 * Any other OpenID Connect provider. The person is who the validated ID token names: an access token is the business of
 * the API that it is for (RFC 9068, 6), and may be opaque.
 */
export const oidc: Provider<OidcConnection> = {
  ...openIdVerbs<OidcConnection>(),
  account: ({ issuer }, { idToken = '' }) => {
    const parsed = v.safeParse(claimsSchema, decodePayload(idToken));
    const { sub: subject, preferred_username: username, email } = parsed.success ? parsed.output : {};
    return accountAt(issuer, { subject, login: username ?? email ?? subject });
  },
};
