import type { OidcConnection, OktaConnection } from '../connection/connection.ts';

/** A connection to an OpenID Connect provider. */
export type OpenIdConnection = OktaConnection | OidcConnection;

/** Which of them: their error codes differ in meaning. */
export type OpenIdProvider = OpenIdConnection['type'];
