import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import type { FlowName } from '../../../../src/core/oauth/flows.ts';
import { flowTable } from '../../../../src/features/flowTable.ts';
import type { Host } from '../../../../src/features/flowTable.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import type { LoopbackRedirect } from '../../../../src/core/oauth/loopbackRedirect.ts';
import { takePasted } from '../../../../src/input/pastedCallback.ts';
import type { OrganizationPolicy } from '../../../../src/features/organizationPolicy.ts';
import { acquireTokens } from '../../../../src/core/session/acquireTokens.ts';
import type { SignInRequest } from '../../../../src/core/session/acquireTokens.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import {
  authorizationServer,
  identityCenterConnection,
  january,
  oktaConnection,
} from '../../fakes/examples.ts';
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

const noPort: LoopbackRedirect = {
  listen: () => Promise.reject(new SignInError('portsUnavailable', { operation: 'listen', ports: [] })),
};

interface Where {
  readonly host?: Host;
  readonly setting?: FlowName;
  readonly hasDeviceGrant?: boolean;
  /** Error responses of the device endpoint. */
  readonly refuses?: () => Response;
  readonly policy?: OrganizationPolicy;
  readonly portsTaken?: boolean;
  readonly request?: SignInRequest;
}

/** A sign-in that does not finish: only its prompts are inspected. */
function begin(
  connection: Connection,
  {
    host = 'local',
    setting,
    hasDeviceGrant = true,
    portsTaken = false,
    refuses,
    policy,
    request = {},
  }: Where = {},
) {
  const { ports, oidc, changeSettings, allowOnly } = fakePorts();
  if (policy !== undefined) allowOnly(policy);
  const { clock } = ports;
  changeSettings({
    host: flowTable[host],
    ...(setting === undefined ? {} : { identityCenterFlow: setting }),
  });
  oidc.willAnswer('registerClient', registered, registered, registered);
  oidc.willAnswer('startDeviceAuthorization', authorization, authorization, authorization);
  const { http, asked } = answeringHttp((url, { method }) => {
    if (url.pathname.endsWith('/openid-configuration')) {
      return Response.json({
        ...metadata,
        ...(hasDeviceGrant ? { device_authorization_endpoint: deviceEndpoint } : {}),
      });
    }
    if (method === 'POST' && refuses !== undefined) return refuses();
    return method === 'POST' ? Response.json(oktaAuthorization) : new Response(null, { status: 404 });
  });
  const person = fakePerson();
  const asker = new AbortController();
  const loopback = portsTaken ? noPort : ports.loopback;
  const done = acquireTokens(
    { ...ports, http, loopback },
    { connection, request, user: person, others: [] },
    asker.signal,
  );
  done.catch(() => undefined);
  /** The flow of the prompt with that number. */
  const flowOf = async (number: number): Promise<FlowName> => {
    await settleUntil(() => person.turns.length === number && person.open === 1);
    return person.turns.at(-1)?.userCode === undefined ? 'authorizationCode' : 'deviceCode';
  };
  return { done, person, asker, asked, clock, oidc, flowOf };
}

describe('acquireTokens: the flow of a sign-in', () => {
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
    [
      'is not one that the host lacks',
      centerWants('authorizationCode'),
      { host: 'webWorkbench' },
      'deviceCode',
    ],
    ['is not one that the server lacks', wants('deviceCode'), { hasDeviceGrant: false }, 'authorizationCode'],
  ])('%s', async (_, connection, where, flow) => {
    const { asker, flowOf } = begin(connection, where);
    expect(await flowOf(1)).toBe(flow);
    asker.abort();
  });
});

describe('acquireTokens: a user who chooses an alternative', () => {
  test.each([
    ['Okta', oktaConnection, ['authorizationCode', 'deviceCode', 'authorizationCode']],
    ['Identity Center', identityCenterConnection, ['deviceCode', 'authorizationCode', 'deviceCode']],
  ] as const)('at %s gets it, and may return', async (_, connection, flows) => {
    const { asker, person, flowOf } = begin(connection);
    for (const [index, flow] of flows.entries()) {
      expect(await flowOf(index + 1)).toBe(flow);
      const next = flows[index + 1];
      if (next !== undefined) person.choose(next);
    }
    asker.abort();
  });

  test('is the only reason to switch: a failure is not', async () => {
    const { person, done, flowOf } = begin(oktaConnection);
    await flowOf(1);
    person.giveUp();
    expect(await rejectionOf(done)).toMatchObject({ kind: 'cancelled' });
    expect(person.turns).toHaveLength(1);
  });

  test('is not offered a flow that the host or the server lacks', async () => {
    const remote = begin(identityCenterConnection, { host: 'webWorkbench' });
    await remote.flowOf(1);
    expect(remote.person.turns[0]?.alternatives).toEqual([]);
    const without = begin(oktaConnection, { hasDeviceGrant: false });
    await without.flowOf(1);
    expect(without.person.turns[0]?.alternatives).not.toContain('deviceCode');
    for (const { asker } of [remote, without]) asker.abort();
  });
});

describe('acquireTokens: the details of a prompt before it starts', () => {
  test.each<readonly [string, Connection, Where, object]>([
    ['the browser comes back', oktaConnection, {}, { loopbackSupport: 'works' }],
    ['it perhaps comes back', oktaConnection, { host: 'loopbackWorkbench' }, { loopbackSupport: 'perhaps' }],
    [
      'it never comes back',
      oktaConnection,
      { host: 'webWorkbench', hasDeviceGrant: false },
      { loopbackSupport: 'never' },
    ],
    [
      'this host lacks the wanted flow',
      { ...identityCenterConnection, flow: 'authorizationCode' },
      { host: 'remoteWorkspace' },
      { loopbackSupport: 'never', fallbackFrom: 'authorizationCode' },
    ],
    [
      'this host lacks the flow of the setting',
      identityCenterConnection,
      { host: 'webWorkbench', setting: 'authorizationCode' },
      { loopbackSupport: 'never', fallbackFrom: 'authorizationCode' },
    ],
    [
      'this server lacks the wanted flow',
      { ...oktaConnection, flow: 'deviceCode' },
      { hasDeviceGrant: false },
      { loopbackSupport: 'works', fallbackFrom: 'deviceCode' },
    ],
  ])('is that %s', async (_, connection, where, details) => {
    const { person, asker, flowOf } = begin(connection, where);
    await flowOf(1);
    const { loopbackSupport, fallbackFrom } = person.turns[0] ?? {};
    expect({ loopbackSupport, fallbackFrom }).toEqual({ fallbackFrom: undefined, ...details });
    asker.abort();
  });
});

describe('acquireTokens: a code or link that expired unused', () => {
  const tenMinutes = 600_000;
  const pending = new OAuthErrorResponse('authorization_pending', {});

  test.each([
    ['Okta', { ...oktaConnection, flow: 'authorizationCode' }],
    ['Identity Center', identityCenterConnection],
  ] as const)('at %s is replaced by a new one as often as requested', async (_, connection) => {
    const { person, done, clock, oidc, flowOf } = begin(connection);
    oidc.willAnswer('createToken', ...Array.from({ length: 400 }, () => pending));
    person.wantAnother(2);
    for (const number of [1, 2, 3]) {
      await flowOf(number);
      await settleUntil(() => clock.sleeping > 0);
      await clock.advance(tenMinutes);
    }
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
    expect(person.turns).toHaveLength(3);
    expect(person.turns.map(({ expiresAt }) => expiresAt)).toEqual(
      [1, 2, 3].map((number) => january + number * tenMinutes),
    );
  });

  test('ends the sign-in if the user is away', async () => {
    const { person, done, clock, flowOf } = begin(oktaConnection);
    await flowOf(1);
    await settleUntil(() => clock.sleeping > 0);
    await clock.advance(tenMinutes);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'codeExpired' });
    expect(person.turns).toHaveLength(1);
  });
});

describe('acquireTokens: a rejected code', () => {
  test.each(['invalid_grant', 'expired_token'])(
    'as %s ends the sign-in with that error, for both',
    async (error) => {
      const connections: readonly Connection[] = [
        oktaConnection,
        { ...identityCenterConnection, flow: 'authorizationCode' },
      ];
      for (const connection of connections) {
        const refuses = () => Response.json({ error }, { status: 400 });
        const { person, done, oidc, flowOf } = begin(connection, { refuses });
        oidc.willAnswer('createToken', new OAuthErrorResponse(error, {}));
        person.wantAnother(1);
        await flowOf(1);
        const [turn] = person.turns;
        const state = new URL(turn?.url ?? '').searchParams.get('state') ?? '';
        takePasted(`${turn?.redirectUri ?? ''}?code=code-1&state=${state}`, turn ?? {});
        expect(await rejectionOf(done)).toMatchObject({
          kind: 'codeExpired',
          details: { reason: 'codeRefused' },
        });
        expect(person.turns).toHaveLength(1);
      }
    },
  );
});

describe('acquireTokens: without an available port', () => {
  test.each([
    ['says that there is another flow', true, 'otherFlow'],
    ['says nothing of one that the server lacks', false, undefined],
  ] as const)('the error %s', async (_, hasDeviceGrant, reason) => {
    const { person, done } = begin(oktaConnection, { hasDeviceGrant, portsTaken: true });
    const error = await rejectionOf(done);
    expect(error).toMatchObject({ kind: 'portsUnavailable', details: { operation: 'listen' } });
    expect(error instanceof SignInError && error.details.reason).toBe(reason);
    expect(person.turns).toEqual([]);
  });
});

test('requests a different user at Okta with prompt=login', async () => {
  const { person, asker, flowOf } = begin(oktaConnection, { request: { prompt: 'login' } });
  await flowOf(1);
  expect(new URL(person.turns[0]?.url ?? '').searchParams.get('prompt')).toBe('login');
  asker.abort();
});

describe('acquireTokens: F5: a device grant that is listed but not granted', () => {
  const refusal = (status: number, body: object) => () => Response.json(body, { status });
  const oauth = (error: string, error_description: string, status = 400) =>
    refusal(status, { error, error_description });
  const refusals: readonly (readonly [string, () => Response])[] = [
    [
      'unauthorized_client',
      oauth('unauthorized_client', 'The client is not authorized to use the provided grant type.'),
    ],
    ['a feature that is not enabled', oauth('invalid_request', 'This feature is not enabled.')],
    ['the same in Japanese', oauth('invalid_request', 'この機能は有効になっていません。')],
    ['unsupported_grant_type', oauth('unsupported_grant_type', 'Words.')],
    [
      'E0000015',
      refusal(403, {
        errorCode: 'E0000015',
        errorSummary: 'You do not have permission to access the feature.',
      }),
    ],
    ['invalid_client', oauth('invalid_client', "Invalid value for 'client_id' parameter.", 401)],
    ['no such endpoint', refusal(404, {})],
  ];

  test.each(['webWorkbench', 'remoteWorkspace'] as const)('in %s continues in the browser', async (host) => {
    for (const [, refuses] of refusals) {
      const { flowOf, person, asker } = begin(oktaConnection, { host, refuses });
      expect(await flowOf(1)).toBe('authorizationCode');
      expect(person.turns[0]).toMatchObject({ loopbackSupport: 'never', missingGrant: 'deviceCode' });
      expect(person.turns[0]?.takeCallback).toBeDefined();
      expect(person.turns[0]?.alternatives).not.toContain('deviceCode');
      asker.abort();
    }
  });

  test.each(refusals)('%s returns to the loopback flow on a desktop', async (_, refuses) => {
    const { flowOf, person, asker } = begin(oktaConnection, { refuses });
    expect(await flowOf(1)).toBe('authorizationCode');
    expect(person.turns[0]?.missingGrant).toBeUndefined();
    person.choose('deviceCode');
    expect(await flowOf(2)).toBe('authorizationCode');
    expect(person.turns[1]).toMatchObject({ missingGrant: 'deviceCode' });
    expect(person.turns[1]?.alternatives).not.toContain('deviceCode');
    asker.abort();
  });

  test('is the reported reason if the organization allows only device codes', async () => {
    const refuses = oauth('unauthorized_client', 'Words.');
    const { done } = begin(oktaConnection, { refuses, policy: { allowedFlows: ['deviceCode'] } });
    expect(await rejectionOf(done)).toMatchObject({ kind: 'noFlow', details: { reason: 'deviceGrant' } });
  });

  test.each([
    ['a server in trouble', oauth('server_error', 'Words.', 503), 'serverError'],
    ['too many requests', refusal(429, { errorCode: 'E0000047' }), 'rateLimited'],
    ['a scope that is refused', oauth('invalid_scope', 'Words.'), 'scopeRefused'],
  ] as const)('%s is not a missing grant', async (_, refuses, kind) => {
    const { done } = begin(oktaConnection, { host: 'webWorkbench', refuses });
    expect(await rejectionOf(done)).toMatchObject({ kind });
  });
});
