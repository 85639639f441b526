import { describe, expect, test } from 'vitest';
import type { FlowName } from '../../../../src/core/oauth/flows.ts';
import { authorizationCodeGrant } from '../../../../src/core/identityCenter/authorizationCode.ts';
import { deviceCodeGrant } from '../../../../src/core/identityCenter/deviceAuthorization.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { doneOf } from '../../fakes/doneOf.ts';
import { identityCenterConnection } from '../../fakes/examples.ts';
import { identityCenterClient, registered } from '../../fakes/identityCenterClient.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const authorization = {
  deviceCode: 'device-code-1',
  userCode: 'ABCD-EFGH',
  verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
  interval: 1,
};
const tokens = { accessToken: 'access-1', tokenType: 'Bearer', expiresIn: 3600 };
const refused = new OAuthErrorResponse('invalid_client', { status: 401 });
const flows = {
  deviceCode: deviceCodeGrant,
  authorizationCode: authorizationCodeGrant,
};

/** An Identity Center that numbers its registrations, and sign-ins with either flow. */
function world() {
  const client = identityCenterClient();
  const { oidc, user } = client;
  oidc.willAnswer('registerClient', registered(1), registered(2), registered(3));
  /** Up to the moment when the sign-in waits for the browser. */
  const begin = async (flow: FlowName, ...alternatives: readonly FlowName[]) => {
    const turns = user.turns.length;
    const done = flows[flow]({ ...client, alternatives }, new AbortController().signal);
    done.catch(() => undefined);
    await settleUntil(() => user.turns.length > turns && user.open === 1);
    const url = new URL(user.turns.at(-1)?.url ?? '');
    return { done, state: url.searchParams.get('state') ?? '', url };
  };
  const registrations = () => oidc.asked.filter(([operation]) => operation === 'registerClient').length;
  return { ...client, begin, registrations };
}

describe('deviceCodeGrant: the alternative flow', () => {
  test.each<readonly [FlowName, FlowName]>([
    ['deviceCode', 'authorizationCode'],
    ['authorizationCode', 'deviceCode'],
  ])('next to %s is %s, offered, and returned if chosen', async (flow, otherFlow) => {
    const { begin, user, oidc, loopback, clock } = world();
    oidc.willAnswer('startDeviceAuthorization', authorization);
    const { done } = await begin(flow, otherFlow);
    expect(user.turns[0]?.alternatives).toEqual([otherFlow]);
    user.choose(otherFlow);
    expect(await done).toEqual({ choice: otherFlow });
    expect([clock.sleeping, user.open, loopback.listening]).toEqual([0, 0, 0]);
  });

  test.each<FlowName>(['deviceCode', 'authorizationCode'])('next to %s may be missing', async (flow) => {
    const { begin, user, oidc } = world();
    oidc.willAnswer('startDeviceAuthorization', authorization);
    await begin(flow);
    expect(user.turns[0]?.alternatives).toEqual([]);
    user.giveUp();
  });
});

describe('authorizationCodeGrant: its registration', () => {
  test('is created for it, with the redirect URI and the start URL, and returned with the tokens', async () => {
    const { begin, oidc, loopback } = world();
    oidc.willAnswer('createToken', tokens);
    const { done, state, url } = await begin('authorizationCode');
    expect(url.searchParams.get('client_id')).toBe('client-1');
    expect(oidc.asked[0]).toMatchObject([
      'registerClient',
      {
        grantTypes: ['authorization_code', 'refresh_token'],
        redirectUris: ['http://127.0.0.1/oauth/callback'],
        issuerUrl: identityCenterConnection.startUrl,
      },
    ]);
    loopback.arrive({ code: 'code-1', state });
    expect(doneOf(await done)).toMatchObject({
      tokenSet: { accessToken: 'access-1' },
      registration: { clientId: 'client-1', grantTypes: ['authorization_code', 'refresh_token'] },
    });
  });

  test('is separate from that of the device code, and both are stored', async () => {
    const { begin, oidc, user, registrations } = world();
    oidc.willAnswer('startDeviceAuthorization', authorization, authorization);
    for (const flow of ['deviceCode', 'authorizationCode', 'deviceCode', 'authorizationCode'] as const) {
      const { done } = await begin(flow);
      user.giveUp();
      await rejectionOf(done);
    }
    expect(registrations()).toBe(2);
  });

  test.each([
    ['in the redirect', { error: 'unauthorized_client' }],
    ['at the token request', { code: 'code-1' }],
  ])('that is rejected %s is deleted: the next sign-in gets a new one', async (_, answer) => {
    const { begin, oidc, loopback, registrations } = world();
    oidc.willAnswer('createToken', refused);
    const { done, state } = await begin('authorizationCode');
    loopback.arrive({ ...answer, state });
    expect(await rejectionOf(done)).toMatchObject({ kind: 'registrationRefused' });
    expect(registrations()).toBe(1);
    const again = await begin('authorizationCode');
    expect(again.url.searchParams.get('client_id')).toBe('client-2');
  });
});

test('a registration rejected at a poll is deleted, and the user is not asked twice', async () => {
  const { begin, oidc, clock, user, secrets } = world();
  oidc.willAnswer('startDeviceAuthorization', authorization).willAnswer('createToken', refused);
  const { done } = await begin('deviceCode');
  await clock.advance(1000);
  expect(await rejectionOf(done)).toMatchObject({ kind: 'registrationRefused' });
  expect(user.turns).toHaveLength(1);
  expect(secrets.map.size).toBe(0);
});
