import { describe, expect, test } from 'vitest';
import { deviceCodeGrantType } from '../../../../src/core/oauth/devicePolling.ts';
import { endpointsOf } from '../../../../src/core/identityCenter/endpoints.ts';
import { deviceCodeGrant } from '../../../../src/core/identityCenter/signIn.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { identityCenterConnection, january } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { doneOf } from '../../fakes/doneOf.ts';
import { fakeLoopback } from '../../fakes/fakeLoopback.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { fakeSecrets } from '../../fakes/fakeSecrets.ts';
import { fakeSsoOidc } from '../../fakes/fakeSsoOidc.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const registered = (number: number) => ({
  clientId: `client-${number}`,
  clientSecret: `secret-${number}`,
  clientSecretExpiresAt: january / 1000 + 7_776_000,
});
const authorization = {
  deviceCode: 'device-code-1',
  userCode: 'ABCD-EFGH',
  verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
  verificationUriComplete: 'https://d-1234567890.awsapps.com/start/#/device?user_code=ABCD-EFGH',
  expiresIn: 600,
  interval: 1,
};
const tokens = { accessToken: 'access-1', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-1' };
const refused = new OAuthErrorResponse('invalid_client', {
  operation: 'startDeviceAuthorization',
  status: 401,
});

function world() {
  const oidc = fakeSsoOidc();
  const opened: { readonly region: string; readonly url: string }[] = [];
  const ports = {
    clock: fakeClock(january),
    log: fakeLog(),
    person: fakePerson(),
    secrets: fakeSecrets(),
    loopback: fakeLoopback(),
    ssoOidcAt: (endpoint: { readonly region: string; readonly url: string }) => {
      opened.push(endpoint);
      return oidc;
    },
  };
  const signIn = async () => {
    const endpoints = endpointsOf('eu-central-1', { oidc: '', portal: '' });
    const request = { scopes: ['codewhisperer:completions'], endpoints };
    const { signal } = new AbortController();
    const done = deviceCodeGrant(ports, identityCenterConnection, request, signal).then(doneOf);
    done.catch(() => undefined);
    await ports.clock.advance(1000);
    return done;
  };
  return { ...ports, oidc, opened, signIn };
}

describe('deviceCodeGrant: a sign-in with a device code', () => {
  test('registers, starts, shows the page and polls, in the region of the connection', async () => {
    const { oidc, opened, person, signIn } = world();
    oidc.willAnswer('registerClient', registered(1)).willAnswer('startDeviceAuthorization', authorization);
    oidc.willAnswer('createToken', tokens);
    expect(await signIn()).toMatchObject({
      tokenSet: { accessToken: 'access-1', scopes: ['codewhisperer:completions'] },
      registration: { clientId: 'client-1', grantTypes: [deviceCodeGrantType, 'refresh_token'] },
    });
    expect(oidc.asked.map(([operation]) => operation)).toEqual([
      'registerClient',
      'startDeviceAuthorization',
      'createToken',
    ]);
    expect(opened).toEqual([{ region: 'eu-central-1', url: 'https://oidc.eu-central-1.amazonaws.com' }]);
    expect(person.turns).toEqual([
      {
        connectionName: 'Example',
        url: authorization.verificationUriComplete,
        userCode: 'ABCD-EFGH',
        expiresAt: january + 600_000,
        alternatives: [],
      },
    ]);
  });

  test('registers again once when the kept registration is refused', async () => {
    const { oidc, signIn } = world();
    oidc.willAnswer('registerClient', registered(1), registered(2));
    oidc.willAnswer('startDeviceAuthorization', refused, authorization).willAnswer('createToken', tokens);
    expect(await signIn()).toMatchObject({ registration: { clientId: 'client-2' } });
  });

  test('gives up when the new registration is refused too', async () => {
    const { oidc, person, signIn } = world();
    oidc.willAnswer('registerClient', registered(1), registered(2));
    oidc.willAnswer('startDeviceAuthorization', refused, refused);
    expect(await rejectionOf(signIn())).toMatchObject({ kind: 'registrationRefused' });
    expect(person.turns).toEqual([]);
  });

  test.each([
    ['has another code', 'https://d-1234567890.awsapps.com/start/#/device?user_code=ZZZZ-ZZZZ'],
    ['has no code', 'https://d-1234567890.awsapps.com/start/#/device'],
    ["is another tenant's", 'https://evil-tenant.awsapps.com/start/#/device?user_code=ABCD-EFGH'],
  ])('02.06: opens the page without a code when the other one %s', async (_, verificationUriComplete) => {
    const { oidc, person, signIn } = world();
    oidc.willAnswer('registerClient', registered(1)).willAnswer('createToken', tokens);
    oidc.willAnswer('startDeviceAuthorization', { ...authorization, verificationUriComplete });
    await signIn();
    expect(person.turns).toMatchObject([{ url: authorization.verificationUri, userCode: 'ABCD-EFGH' }]);
  });

  test('02.06: opens the page with the code at the start URL, wherever the page without it is', async () => {
    const { oidc, person, signIn } = world();
    const verificationUri = 'https://device.sso.eu-central-1.amazonaws.com/';
    oidc.willAnswer('registerClient', registered(1)).willAnswer('createToken', tokens);
    oidc.willAnswer('startDeviceAuthorization', { ...authorization, verificationUri });
    await signIn();
    expect(person.turns).toMatchObject([{ url: authorization.verificationUriComplete }]);
  });

  test("opens no page that is not AWS's", async () => {
    const { oidc, person, signIn } = world();
    const elsewhere = { ...authorization, verificationUriComplete: 'https://awsapps.com.evil.example/' };
    oidc.willAnswer('registerClient', registered(1)).willAnswer('startDeviceAuthorization', elsewhere);
    expect(await rejectionOf(signIn())).toMatchObject({
      kind: 'invalidResponse',
      details: { host: 'awsapps.com.evil.example' },
    });
    expect(person.turns).toEqual([]);
  });
});
