import { describe, expect, test } from 'vitest';
import type { Connection, FlowName } from '../../../../src/core/connection.ts';
import type { Host } from '../../../../src/core/flows.ts';
import { obtainGrant } from '../../../../src/core/session/grant.ts';
import type { SignInRequest } from '../../../../src/core/session/grant.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { authorizationServer, identityCenterConnection, oktaConnection } from '../../fakes/examples.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { fakePorts } from '../../fakes/sessionsWorld.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const deviceEndpoint = `${oktaConnection.issuer}/v1/device/authorize`;
const metadata = {
  issuer: oktaConnection.issuer,
  authorization_endpoint: authorizationServer.authorizationEndpoint,
  token_endpoint: authorizationServer.tokenEndpoint,
  code_challenge_methods_supported: ['S256'],
};
const oktaAuthorization = {
  device_code: 'device-code-1',
  user_code: 'ABCDEFGH',
  verification_uri: 'https://example.okta.com/activate',
  expires_in: 600,
};
const authorization = {
  deviceCode: 'device-code-1',
  userCode: 'ABCD-EFGH',
  verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
};
const registered = { clientId: 'client-1', clientSecret: 'client-secret-1' };

interface Where {
  readonly host?: Host;
  readonly setting?: FlowName;
  readonly hasDeviceGrant?: boolean;
  readonly request?: SignInRequest;
}

/** A sign-in that nobody finishes: only the turns are looked at. */
function begin(
  connection: Connection,
  { host = 'local', setting, hasDeviceGrant = true, request = {} }: Where = {},
) {
  const { ports, oidc, changeSettings } = fakePorts();
  changeSettings({ host, ...(setting === undefined ? {} : { identityCenterFlow: setting }) });
  oidc.willAnswer('registerClient', registered, registered);
  oidc.willAnswer('startDeviceAuthorization', authorization, authorization);
  const { http, asked } = answeringHttp((url, { method }) => {
    if (url.pathname.endsWith('/openid-configuration')) {
      return Response.json({
        ...metadata,
        ...(hasDeviceGrant ? { device_authorization_endpoint: deviceEndpoint } : {}),
      });
    }
    return method === 'POST' ? Response.json(oktaAuthorization) : new Response(null, { status: 404 });
  });
  const person = fakePerson();
  const asker = new AbortController();
  const done = obtainGrant({ ...ports, http }, connection, request, person, [], asker.signal);
  done.catch(() => undefined);
  /** Which flow has the browser in the turn of that number. */
  const flowOf = async (number: number): Promise<FlowName> => {
    await settleUntil(() => person.turns.length === number && person.open === 1);
    return person.turns.at(-1)?.userCode === undefined ? 'authorizationCode' : 'deviceCode';
  };
  return { done, person, asker, asked, oidc, flowOf };
}

describe('the flow of a sign-in', () => {
  const wants = (flow: FlowName): Connection => ({ ...oktaConnection, flow });
  const centerWants = (flow: FlowName): Connection => ({ ...identityCenterConnection, flow });
  test.each<readonly [string, Connection, Where, FlowName]>([
    ['is the first of its host at Okta', oktaConnection, {}, 'authorizationCode'],
    ['is the first of its host at Identity Center', identityCenterConnection, {}, 'deviceCode'],
    [
      'is the device code at Okta where no redirect comes back',
      oktaConnection,
      { host: 'webWorkbench' },
      'deviceCode',
    ],
    [
      'is the authorization code there all the same, to be pasted, without a device grant',
      oktaConnection,
      { host: 'webWorkbench', hasDeviceGrant: false },
      'authorizationCode',
    ],
    ["is the connection's own", wants('deviceCode'), {}, 'deviceCode'],
    [
      "is the request's before the connection's",
      wants('deviceCode'),
      { request: { flow: 'authorizationCode' } },
      'authorizationCode',
    ],
    [
      "is the setting's at Identity Center",
      identityCenterConnection,
      { setting: 'authorizationCode' },
      'authorizationCode',
    ],
    [
      "is the connection's before the setting's",
      centerWants('deviceCode'),
      { setting: 'authorizationCode' },
      'deviceCode',
    ],
    ['is none that the host lacks', centerWants('authorizationCode'), { host: 'webWorkbench' }, 'deviceCode'],
    ['is none that the server lacks', wants('deviceCode'), { hasDeviceGrant: false }, 'authorizationCode'],
  ])('%s', async (_, connection, where, flow) => {
    const { asker, flowOf } = begin(connection, where);
    expect(await flowOf(1)).toBe(flow);
    asker.abort();
  });
});

describe('a person who chooses another way', () => {
  test.each([
    ['Okta', oktaConnection, ['authorizationCode', 'deviceCode', 'authorizationCode']],
    ['Identity Center', identityCenterConnection, ['deviceCode', 'authorizationCode', 'deviceCode']],
  ] as const)('at %s gets it, and may go back', async (_, connection, flows) => {
    const { asker, person, flowOf } = begin(connection);
    for (const [index, flow] of flows.entries()) {
      expect(await flowOf(index + 1)).toBe(flow);
      const next = flows[index + 1];
      if (next !== undefined) person.choose(next);
    }
    asker.abort();
  });

  test('is the only reason for another way: a failure is not', async () => {
    const { person, done, flowOf } = begin(oktaConnection);
    await flowOf(1);
    person.giveUp();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
    expect(person.turns).toHaveLength(1);
  });

  test('is not offered a way that the host or the server lacks', async () => {
    const remote = begin(identityCenterConnection, { host: 'webWorkbench' });
    await remote.flowOf(1);
    expect(remote.person.turns[0]?.ways).toEqual([]);
    const without = begin(oktaConnection, { hasDeviceGrant: false });
    await without.flowOf(1);
    expect(without.person.turns[0]?.ways).not.toContain('deviceCode');
    for (const { asker } of [remote, without]) asker.abort();
  });
});

test('somebody else is asked for at Okta with prompt=login', async () => {
  const { person, asker, flowOf } = begin(oktaConnection, { request: { prompt: 'login' } });
  await flowOf(1);
  expect(new URL(person.turns[0]?.url ?? '').searchParams.get('prompt')).toBe('login');
  asker.abort();
});
