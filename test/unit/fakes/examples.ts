import type { IdentityCenterConnection, OktaConnection } from '../../../src/core/connection/connection.ts';
import type { ClientRegistration } from '../../../src/core/identityCenter/registration.ts';
import type { AuthorizationServer } from '../../../src/core/oidc/authorizationServerRecord.ts';
import type { SignInSettings } from '../../../src/core/session/acquireTokens.ts';
import type { IdentityCenterSession, SessionOf } from '../../../src/core/session/session.ts';
import type { TokenSet } from '../../../src/core/oauth/tokenSet.ts';
import { flowTable } from '../../../src/features/flowTable.ts';

/** The settings of sign-ins on a desktop with one registered port. */
export const signInSettings: SignInSettings = {
  endpoints: { oidc: '', portal: '' },
  redirectPorts: [8008],
  identityCenterFlow: 'deviceCode',
  host: flowTable.local,
};

export const january = Date.UTC(2026, 0, 1);
export const hour = 3600 * 1000;
export const day = 24 * hour;

export const identityCenterConnection: IdentityCenterConnection = {
  type: 'identityCenter',
  name: 'Example',
  startUrl: 'https://d-1234567890.awsapps.com/start',
  region: 'eu-central-1',
};

export const oktaConnection: OktaConnection = {
  type: 'okta',
  name: 'Example',
  issuer: 'https://example.okta.com/oauth2/aus1a2b3c4d5',
  clientId: '0oa1b2c3d4E5f6G7h8i9',
};

export const registration: ClientRegistration = {
  clientId: 'client-1',
  clientSecret: 'client-secret-1',
  expiresAt: january + 90 * day,
  scopes: ['codewhisperer:completions', 'codewhisperer:conversations'],
  grantTypes: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
};

export const authorizationServer: AuthorizationServer = {
  issuer: oktaConnection.issuer,
  authorizationEndpoint: `${oktaConnection.issuer}/v1/authorize`,
  tokenEndpoint: `${oktaConnection.issuer}/v1/token`,
  revocationEndpoint: `${oktaConnection.issuer}/v1/revoke`,
  issParameter: false,
};

/** Issued at `january`, valid for an hour. */
export const tokenSet: TokenSet = {
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  obtainedAt: january,
  expiresAt: january + hour,
  scopes: registration.scopes,
};

export const identityCenterSession: IdentityCenterSession = {
  type: 'identityCenter',
  id: '0123456789abcdef0123456789abcdef',
  account: { id: `aws ${identityCenterConnection.startUrl}`, label: 'd-1234567890.awsapps.com' },
  tokenSet,
  signedInAt: january,
  connection: identityCenterConnection,
  endpoints: {
    oidc: 'https://oidc.eu-central-1.amazonaws.com',
    portal: 'https://portal.sso.eu-central-1.amazonaws.com',
  },
  registration,
};

export const oktaSession: SessionOf<OktaConnection> = {
  type: 'okta',
  id: 'fedcba9876543210fedcba9876543210',
  account: {
    id: `${oktaConnection.issuer} 00u1`,
    label: 'ada@example.com (example.okta.com/oauth2/aus1a2b3c4d5)',
    name: 'ada@example.com',
  },
  tokenSet,
  signedInAt: january,
  connection: oktaConnection,
  server: authorizationServer,
};

/** A second user of the same portal, whose account has a name to distinguish it. */
export const namedSession: IdentityCenterSession = {
  ...identityCenterSession,
  id: 'a'.repeat(32),
  account: {
    id: `aws ${identityCenterConnection.startUrl} name:Admin`,
    label: 'Admin (d-1234567890.awsapps.com)',
    name: 'Admin',
  },
};
