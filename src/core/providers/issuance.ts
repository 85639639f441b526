import * as v from 'valibot';
import { openIdTypes } from '../connection/connectionFields.ts';
import type { OpenIdType } from '../connection/connectionFields.ts';
import { connectionSchemas } from '../connection/connectionSchema.ts';
import { registrationSchema } from '../identityCenter/registration.ts';
import { authorizationServerSchema, usedRedirectSchema } from '../oidc/authorizationServerRecord.ts';

const identityCenter = {
  type: v.literal('identityCenter'),
  connection: connectionSchemas.identityCenter,
  endpoints: v.object({ oidc: v.string(), portal: v.string() }),
  registration: registrationSchema,
};

const openId = <T extends OpenIdType>(type: T) => ({
  type: v.literal(type),
  connection: connectionSchemas[type],
  server: authorizationServerSchema,
  redirect: v.exactOptional(usedRedirectSchema),
});
type OpenIdEntries = { readonly [T in OpenIdType]: ReturnType<typeof openId<T>> }[OpenIdType];

/** The members of a session record that describe its issuer, per connection type: an `Issuance` of `provider.ts`. */
export const issuanceEntries = [
  identityCenter,
  // Each has the connection of its own type, but `map` loses that pairing.
  ...(openIdTypes.map(openId) as OpenIdEntries[]),
];
