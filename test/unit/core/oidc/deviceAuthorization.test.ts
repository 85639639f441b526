import { describe, expect, test } from 'vitest';
import { isSameOrganization } from '../../../../src/adapters/node/publicSuffixes.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import { deviceCodeGrant } from '../../../../src/core/oidc/deviceAuthorization.ts';
import { oktaClient } from '../../fakes/oktaClient.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { doneOf } from '../../fakes/doneOf.ts';
import { authorizationServer, january, oktaConnection } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const deviceEndpoint = `${oktaConnection.issuer}/v1/device/authorize`;
const server = { ...authorizationServer, deviceAuthorizationEndpoint: deviceEndpoint };
const scopes = ['codewhisperer:completions', 'offline_access'];
const authorization = {
  device_code: 'device-code-1',
  user_code: 'ABCDEFGH',
  verification_uri: 'https://example.okta.com/activate',
  verification_uri_complete: 'https://example.okta.com/activate?user_code=ABCDEFGH',
  expires_in: 600,
  interval: 5,
};
const tokens = {
  access_token: 'access-1',
  token_type: 'Bearer',
  expires_in: 3600,
  refresh_token: 'refresh-1',
};
const refusal = (error: string, description = 'Words.') =>
  Response.json({ error, error_description: description }, { status: 400 });

/** A sign-in at an Okta organization that starts with `start` and answers polls from a list. */
function signIn(start: object | Response, ...polls: readonly unknown[]) {
  const list = [...polls];
  const { http, asked } = answeringHttp((url, { signal }) => {
    if (url.href === deviceEndpoint) return start instanceof Response ? start : Response.json(start);
    const next = list.shift() ?? refusal('authorization_pending');
    if (typeof next === 'function') return (next as (signal?: AbortSignal) => Promise<Response>)(signal);
    return next instanceof Error || next instanceof Response ? next : Response.json(next);
  });
  const ports = { clock: fakeClock(january), http, isSameOrganization, log: fakeLog(), user: fakePerson() };
  const asker = new AbortController();
  const outcome = deviceCodeGrant(oktaClient(ports, server), { scopes }, asker.signal);
  outcome.catch(() => undefined);
  const shown = () => settleUntil(() => ports.user.open === 1);
  /** Lets the next poll be sent and answered. */
  const poll = async () => {
    const before = asked.length;
    await settleUntil(() => ports.clock.sleeping === 1);
    await ports.clock.advance(5000);
    await settleUntil(() => asked.length > before);
  };
  return { ...ports, asked, asker, outcome, shown, poll };
}

describe('deviceCodeGrant: a sign-in with a device code at Okta', () => {
  test('shows the code, its page and the alternatives', async () => {
    const { user, shown, asker } = signIn(authorization);
    await shown();
    expect(user.turns).toEqual([
      {
        connectionName: 'Example',
        url: authorization.verification_uri_complete,
        userCode: 'ABCDEFGH',
        expiresAt: january + 600_000,
        alternatives: ['authorizationCode'],
      },
    ]);
    asker.abort();
  });

  test('polls until approval, as a public client', async () => {
    const { asked, shown, poll, outcome } = signIn(authorization, refusal('authorization_pending'), tokens);
    await shown();
    await poll();
    await poll();
    expect(doneOf(await outcome)).toEqual({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      obtainedAt: january + 10_000,
      expiresAt: january + 3_610_000,
      scopes,
    });
    const forms = asked.map(([url, { body }]) => [url.href, Object.fromEntries(new URLSearchParams(body))]);
    const poll1 = {
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'device-code-1',
      client_id: oktaConnection.clientId,
    };
    expect(forms).toEqual([
      [deviceEndpoint, { client_id: oktaConnection.clientId, scope: scopes.join(' ') }],
      [server.tokenEndpoint, poll1],
      [server.tokenEndpoint, poll1],
    ]);
  });

  test('polls at the interval that a slow_down names', async () => {
    const slower = Response.json({ error: 'slow_down', interval: 20 }, { status: 400 });
    const { asked, clock, shown, poll, outcome } = signIn(authorization, slower, tokens);
    await shown();
    await poll();
    await settleUntil(() => clock.sleeping === 1);
    await clock.advance(19_000);
    expect(asked).toHaveLength(2);
    await clock.advance(1_000);
    expect(doneOf(await outcome).accessToken).toBe('access-1');
  });

  test('opens the plain page without a complete one', async () => {
    const { verification_uri_complete: _, ...plain } = authorization;
    const { user, shown, asker } = signIn(plain);
    await shown();
    expect(user.turns[0]?.url).toBe('https://example.okta.com/activate');
    asker.abort();
  });

  test.each(['', null])('is not stopped by an error that is %j', async (error) => {
    const { user, shown, asker } = signIn({ ...authorization, error });
    await shown();
    expect(user.turns[0]?.userCode).toBe('ABCDEFGH');
    asker.abort();
  });

  test('opens the page of a response that calls it verification_url, as Google does', async () => {
    const { verification_uri: page, verification_uri_complete: _, ...rest } = authorization;
    const { user, shown, asker } = signIn({ ...rest, verification_url: page });
    await shown();
    expect(user.turns[0]?.url).toBe('https://example.okta.com/activate');
    asker.abort();
  });

  test.each([
    ['on another host', 'https://evil.okta.com/activate?user_code=ABCDEFGH'],
    ['of another tenant with our code in its host', 'https://abcdefgh.evil.example/?user_code=ABCDEFGH'],
    ['with another code', 'https://example.okta.com/activate?user_code=ZZZZZZZZ'],
    ['with more than the code', 'https://example.okta.com/activate?user_code=ABCDEFGHZZ'],
    ['without a code', 'https://example.okta.com/activate'],
    ['that is null', null],
    ['that is not an address', 'activate'],
  ])('02.06: opens the plain page if the complete one is %s', async (_, verification_uri_complete) => {
    const { user, shown, asker } = signIn({ ...authorization, verification_uri_complete });
    await shown();
    expect(user.turns[0]?.url).toBe('https://example.okta.com/activate');
    asker.abort();
  });

  test.each([
    ['spelled otherwise', 'https://example.okta.com/activate?user_code=abcd-efgh'],
    ['in its fragment', 'https://example.okta.com/start/#/device?user_code=ABCD-EFGH'],
    ['in its path', 'https://example.okta.com/activate/ABCDEFGH'],
  ])('02.06: opens a complete page with the code %s', async (_, verification_uri_complete) => {
    const { user, shown, asker } = signIn({ ...authorization, verification_uri_complete });
    await shown();
    expect(user.turns[0]?.url).toBe(verification_uri_complete);
    asker.abort();
  });

  test.each([
    ['absent times', { expires_in: undefined, interval: undefined }, 600],
    ['times as text', { expires_in: '900', interval: '5' }, 900],
    ['a huge life', { expires_in: 1e9 }, 3600],
  ])('limits its times to reasonable values with %s', async (_, times, seconds) => {
    const { user, shown, asker } = signIn({ ...authorization, ...times });
    await shown();
    expect(user.turns[0]?.expiresAt).toBe(january + seconds * 1000);
    asker.abort();
  });

  test('keeps polling without network', async () => {
    const { shown, poll, outcome } = signIn(authorization, new SignInError('network'), tokens);
    await shown();
    await poll();
    await poll();
    expect(doneOf(await outcome)).toMatchObject({ accessToken: 'access-1' });
  });
});

describe('deviceCodeGrant: a page outside the organization', () => {
  test.each([
    ['another host', 'https://evil.example/activate', 'evil.example'],
    ["another customer of the vendor's", 'https://evil.okta.com/activate', 'evil.okta.com'],
    ['plain http', 'http://example.okta.com/activate', 'example.okta.com'],
    ['user information', 'https://ada@example.okta.com/activate', 'example.okta.com'],
    ['a script', 'javascript:alert(1)', ''],
    ['no address', 'activate', undefined],
  ])('is not opened: %s', async (_, page, host) => {
    const { user, outcome } = signIn({
      ...authorization,
      verification_uri: page,
      verification_uri_complete: undefined,
    });
    const failure = await rejectionOf(outcome);
    expect(failure).toMatchObject({ kind: 'invalidResponse', details: { reason: 'foreignPage' } });
    expect((failure as SignInError).details.host).toBe(host);
    expect(user.turns).toEqual([]);
  });
});

// Microsoft Entra ID issues at login.microsoftonline.com, and its page is on another domain.
describe('deviceCodeGrant: the page of a vendor', () => {
  const entra = { ...server, issuer: 'https://login.microsoftonline.com/0a1b2c3d/v2.0' };
  const started = (issuer: string, page: string) => {
    const answer = { ...authorization, verification_uri: page, verification_uri_complete: undefined };
    const { http } = answeringHttp(() => Response.json(answer));
    const user = fakePerson();
    const ports = { clock: fakeClock(january), http, isSameOrganization, log: fakeLog(), user };
    const asker = new AbortController();
    const outcome = deviceCodeGrant(oktaClient(ports, { ...entra, issuer }), { scopes }, asker.signal);
    return { user, asker, outcome };
  };

  test.each([
    'https://microsoft.com/devicelogin',
    'https://www.microsoft.com/devicelogin',
    'https://login.microsoft.com/device',
  ])('is opened: %s', async (page) => {
    const { user, asker, outcome } = started(entra.issuer, page);
    outcome.catch(() => undefined);
    await settleUntil(() => user.open === 1);
    expect(user.turns[0]?.url).toBe(page);
    asker.abort();
  });

  test.each([
    ['https://login.microsoftonline.us/t/v2.0', 'https://microsoft.com/deviceloginus'],
    ['https://login.partner.microsoftonline.cn/t/v2.0', 'https://microsoft.com/deviceloginchina'],
  ])('F16: of another cloud, %s, is opened: %s', async (issuer, page) => {
    const { user, asker, outcome } = started(issuer, page);
    outcome.catch(() => undefined);
    await settleUntil(() => user.open === 1);
    expect(user.turns[0]?.url).toBe(page);
    asker.abort();
  });

  test.each([
    ["not at another vendor's issuer", 'https://login.example.com/v2.0', 'https://microsoft.com/devicelogin'],
    ['not without TLS', entra.issuer, 'http://microsoft.com/devicelogin'],
    ['not on another port', entra.issuer, 'https://microsoft.com:8443/devicelogin'],
    ['not with a user', entra.issuer, 'https://a@microsoft.com/devicelogin'],
    ['not on a host that ends alike', entra.issuer, 'https://notmicrosoft.com/devicelogin'],
    ['not below its host', entra.issuer, 'https://evil.microsoft.com/devicelogin'],
  ])('is opened, but %s', async (_what, issuer, page) => {
    const { user, outcome } = started(issuer, page);
    expect(await rejectionOf(outcome)).toMatchObject({ details: { reason: 'foreignPage' } });
    expect(user.turns).toEqual([]);
  });
});

describe("deviceCodeGrant: Okta's error", () => {
  test('reports that an application requires a secret, not an unknown client', async () => {
    const { outcome } = signIn(
      refusal(
        'invalid_client',
        'Client authentication failed. Either the client or the client credentials are invalid.',
      ),
    );
    expect(await rejectionOf(outcome)).toMatchObject({
      kind: 'registrationRefused',
      details: { reason: 'clientSecret' },
    });
  });

  const policy = 'Policy evaluation failed for this request, please check the policy configurations.';
  const rows: readonly (readonly [string, string, SignInErrorKind])[] = [
    ['access_denied', policy, 'policy'],
    ['access_denied', 'User is not assigned to the client application.', 'notAssigned'],
    ['access_denied', 'The resource owner denied the request.', 'policy'],
  ];

  test.each([
    ...rows,
    ['invalid_client', 'Words.', 'registrationRefused'],
    ['unauthorized_client', 'The client lacks the device grant.', 'noFlow'],
    ['invalid_scope', 'Words.', 'scopeRefused'],
  ] as const)('at the start, %s (%s), is %s', async (error, description, kind) => {
    const { user, outcome } = signIn(refusal(error, description));
    expect(await rejectionOf(outcome)).toMatchObject({
      kind,
      details: { host: 'example.okta.com', code: error },
    });
    expect(user.turns).toEqual([]);
  });

  test.each([
    ...rows,
    ['expired_token', 'Words.', 'codeExpired'],
    ['invalid_grant', 'Words.', 'codeExpired'],
  ] as const)('at a poll, %s (%s), is %s', async (error, description, kind) => {
    const { clock, user, shown, poll, outcome } = signIn(authorization, refusal(error, description));
    await shown();
    await poll();
    expect(await rejectionOf(outcome)).toMatchObject({ kind });
    expect([clock.sleeping, user.open]).toEqual([0, 0]);
  });
});

test.each([
  ['is not JSON', new Response('<p>Hello')],
  ['lacks the code', Response.json({ ...authorization, device_code: undefined })],
  ['has a user code with a script in it', Response.json({ ...authorization, user_code: '<script>' })],
  ['is a list', Response.json([])],
])('rejects a start that %s', async (_, start) => {
  expect(await rejectionOf(signIn(start).outcome)).toMatchObject({ kind: 'invalidResponse' });
});

describe('deviceCodeGrant: a user who', () => {
  test('chooses an alternative stops polling', async () => {
    const { clock, user, shown, outcome, asked } = signIn(authorization);
    await shown();
    user.choose('authorizationCode');
    expect(await outcome).toEqual({ choice: 'authorizationCode' });
    await clock.advance(60_000);
    expect(asked).toHaveLength(1);
  });

  test('cancels during a poll does not wait for its response', async () => {
    const hanging = (signal?: AbortSignal) => {
      const { promise, reject } = Promise.withResolvers<Response>();
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      return promise;
    };
    const { clock, user, shown, poll, outcome } = signIn(authorization, hanging);
    await shown();
    await poll();
    user.giveUp();
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'cancelled' });
    await settle();
    expect([clock.sleeping, user.open]).toEqual([0, 0]);
  });
});
