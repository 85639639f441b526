import * as v from 'valibot';
import { argumentFields, connectionFields, schemasOf } from './connectionFields.ts';

/** The shape of a connection to IAM Identity Center in settings and records. Its addresses are checked where they are used. */
export const identityCenterConnectionSchema = v.object({
  type: v.literal('identityCenter'),
  ...schemasOf(connectionFields.identityCenter),
});

/** The shape of a connection to Okta in settings and records; as {@link identityCenterConnectionSchema}. */
export const oktaConnectionSchema = v.object({
  type: v.literal('okta'),
  ...schemasOf(connectionFields.okta),
});

/** The shape of a connection to another OpenID Connect provider; as {@link identityCenterConnectionSchema}. */
export const oidcConnectionSchema = v.object({
  type: v.literal('oidc'),
  ...schemasOf(connectionFields.oidc),
});

/** The shape of a connection in settings and records. */
export const connectionSchema = v.variant('type', [
  identityCenterConnectionSchema,
  oktaConnectionSchema,
  oidcConnectionSchema,
]);

/** What a command may ask for beside the connection. It belongs to that request and is never written into the settings. */
export const requestSchema = v.object(schemasOf(argumentFields('request')));

/** The members that say where to sign in to, as far as a command was given them. */
export const placeSchema = v.partial(v.object(schemasOf(argumentFields('place'))));
