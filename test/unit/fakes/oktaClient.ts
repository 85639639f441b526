import { dialects } from '../../../src/core/oauth/errorMeanings.ts';
import type { AuthorizationServer } from '../../../src/core/oidc/authorizationServerRecord.ts';
import { authorizationServer, oktaConnection } from './examples.ts';

/** The client of the example connection at a server, with these ports. */
export function oktaClient<P extends object>(ports: P, server: AuthorizationServer = authorizationServer) {
  const { clientId, name: connectionName } = oktaConnection;
  return { ...ports, server, clientId, connectionName, dialect: dialects.okta };
}
