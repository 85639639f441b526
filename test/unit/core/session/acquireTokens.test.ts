import { describe, expect, test } from 'vitest';
import { revokeTokens, acquireTokens, refreshTokens } from '../../../../src/core/session/acquireTokens.ts';
import {
  identityCenterConnection,
  identityCenterSession,
  january,
  oktaSession,
} from '../../fakes/examples.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { fakePorts } from '../../fakes/sessionsWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const answer = { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-2' };

function signIn(scopes: readonly string[], connection = identityCenterConnection) {
  const world = fakePorts();
  const { clock } = world.ports;
  world.oidc
    .willAnswer('registerClient', { clientId: 'client-1', clientSecret: 'secret-1' })
    .willAnswer('startDeviceAuthorization', {
      deviceCode: 'device-code-1',
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
      interval: 1,
    })
    .willAnswer('createToken', answer);
  const done = acquireTokens(
    world.ports,
    { connection, request: { scopes }, user: fakePerson(), others: [] },
    never,
  );
  done.catch(() => undefined);
  return { ...world, session: clock.advance(1000).then(() => done) };
}

describe('acquireTokens: a new grant', () => {
  test('is a session of the connection, with its issuer', async () => {
    expect(await signIn([]).session).toMatchObject({
      type: 'identityCenter',
      id: expect.stringMatching(/^[\da-f]{32}$/) as unknown,
      account: { label: 'd-1234567890.awsapps.com' },
      connection: identityCenterConnection,
      endpoints: { oidc: 'https://oidc.eu-central-1.amazonaws.com' },
      registration: { clientId: 'client-1' },
      tokenSet: { accessToken: 'access-2', obtainedAt: january + 1000 },
    });
  });

  test("has the connection's scopes and the requested ones, without duplicates", async () => {
    const { session, oidc } = signIn(['sso:account:access', 'codewhisperer:completions']);
    await session;
    expect(oidc.asked[0]?.[1]['scopes']).toEqual([
      'codewhisperer:completions',
      'codewhisperer:conversations',
      'sso:account:access',
    ]);
  });

  test('never sends a requested pseudo-scope', async () => {
    const { session, oidc } = signIn([`startUrl:${identityCenterConnection.startUrl}`]);
    await session;
    expect(JSON.stringify(oidc.asked[0]?.[1]['scopes'])).not.toContain('startUrl:');
  });

  test("never sends a pseudo-scope among the connection's scopes", async () => {
    const scopes = ['codewhisperer:completions', `startUrl:${identityCenterConnection.startUrl}`];
    const { session, oidc } = signIn([], { ...identityCenterConnection, scopes });
    await session;
    expect(oidc.asked[0]?.[1]['scopes']).toEqual(['codewhisperer:completions']);
  });
});

describe('refreshTokens: a refresh', () => {
  test('of an Identity Center session goes to the endpoint that issued it', async () => {
    const { ports, oidc, opened } = fakePorts();
    oidc.willAnswer('createToken', answer);
    expect(await refreshTokens(ports, identityCenterSession, never)).toMatchObject({
      tokenSet: { accessToken: 'access-2' },
    });
    expect(opened).toEqual([identityCenterSession.endpoints.oidc]);
  });

  test('of an Okta session goes to the server that issued it', async () => {
    const { ports, askedOkta } = fakePorts({ access_token: 'access-2', token_type: 'Bearer' });
    expect(await refreshTokens(ports, oktaSession, never)).toMatchObject({
      tokenSet: { accessToken: 'access-2', refreshToken: 'refresh-1' },
    });
    expect(askedOkta.map(([request]) => request)).toEqual([`POST ${oktaSession.server.tokenEndpoint}`]);
  });

  test.each([identityCenterSession, oktaSession])(
    'without a refresh token requires a new sign-in: $type',
    async (session) => {
      const { ports, oidc, askedOkta } = fakePorts();
      const { refreshToken: _, ...tokenSet } = session.tokenSet;
      expect(await rejectionOf(refreshTokens(ports, { ...session, tokenSet }, never))).toMatchObject({
        kind: 'signInNeeded',
        details: { reason: 'noRefreshToken' },
      });
      expect([...oidc.asked, ...askedOkta]).toEqual([]);
    },
  );

  test.each([
    ['https://oidc.us-east-2.amazonaws.com', 'https://ssoins-7223f0a1b2c3d4e5.portal.us-east-2.app.aws'],
    ['https://oidc.us-east-2.api.aws', 'https://ssoins-7223f0a1b2c3d4e5.portal.us-east-2.app.aws'],
  ])(
    'F2: goes to the endpoint that issued the session, whatever its family: %s',
    async (endpoint, startUrl) => {
      const { ports, oidc, opened } = fakePorts();
      oidc.willAnswer('createToken', answer);
      const connection = { ...identityCenterConnection, startUrl, region: 'us-east-2' };
      const endpoints = { ...identityCenterSession.endpoints, oidc: endpoint };
      await refreshTokens(ports, { ...identityCenterSession, connection, endpoints }, never);
      expect(opened).toEqual([endpoint]);
    },
  );

  test('is not sent if the settings name another endpoint: requires a new sign-in (rule 6)', async () => {
    const { ports, oidc, changeSettings } = fakePorts();
    oidc.willAnswer('createToken', answer);
    changeSettings({ endpoints: { oidc: 'https://other.example.com', portal: '' } });
    const outcome = refreshTokens(ports, identityCenterSession, never).catch((error: unknown) => error);
    expect(await outcome).toMatchObject({ kind: 'connectionChanged' });
    expect(oidc.asked).toEqual([]);
  });
});

describe('revokeTokens: ending a grant at the server', () => {
  test("is the portal's logout at an Identity Center", async () => {
    const { ports, loggedOut } = fakePorts();
    await revokeTokens(ports, identityCenterSession, never);
    expect(loggedOut).toEqual([[identityCenterSession.endpoints.portal, 'access-1']]);
  });

  test('is a revocation at an Okta', async () => {
    const { ports, askedOkta } = fakePorts(new Response(null));
    await revokeTokens(ports, oktaSession, never);
    expect(askedOkta.map(([request]) => request)).toEqual([
      `POST ${oktaSession.server.revocationEndpoint ?? ''}`,
    ]);
    expect(askedOkta[0]?.[1].get('token')).toBe('refresh-1');
  });
});
