import type { Dialect } from '../oauth/errorMeanings.ts';
import type { OidcConnection, OktaConnection } from '../connection/connection.ts';

/** A connection to an OpenID Connect provider. */
export type OpenIdConnection = OktaConnection | OidcConnection;

/** How its servers speak: their error codes differ in meaning, and so does what their metadata may leave out. */
export type OpenIdDialect = Exclude<Dialect, 'ssoOidc'>;
