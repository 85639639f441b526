import { describe, expect, test } from 'vitest';
import { deviceCodeGrantType } from '../../../../src/core/oauth/devicePolling.ts';
import { deviceCodeGrant } from '../../../../src/core/identityCenter/deviceAuthorization.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { january, registration } from '../../fakes/examples.ts';
import { identityCenterClient, registered } from '../../fakes/identityCenterClient.ts';
import { doneOf } from '../../fakes/doneOf.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

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
  const client = identityCenterClient();
  const signIn = async () => {
    const done = deviceCodeGrant(client, new AbortController().signal).then(doneOf);
    done.catch(() => undefined);
    await client.clock.advance(1000);
    return done;
  };
  return { ...client, signIn };
}

describe('deviceCodeGrant: a sign-in with a device code', () => {
  test('registers, starts, opens the page and polls', async () => {
    const { oidc, user, signIn } = world();
    oidc.willAnswer('registerClient', registered(1)).willAnswer('startDeviceAuthorization', authorization);
    oidc.willAnswer('createToken', tokens);
    expect(await signIn()).toMatchObject({
      tokenSet: { accessToken: 'access-1', scopes: registration.scopes },
      registration: { clientId: 'client-1', grantTypes: [deviceCodeGrantType, 'refresh_token'] },
    });
    expect(oidc.asked.map(([operation]) => operation)).toEqual([
      'registerClient',
      'startDeviceAuthorization',
      'createToken',
    ]);
    expect(user.turns).toEqual([
      {
        connectionName: 'Example',
        url: authorization.verificationUriComplete,
        userCode: 'ABCD-EFGH',
        expiresAt: january + 600_000,
        alternatives: [],
      },
    ]);
  });

  test('registers again once if the stored registration is rejected', async () => {
    const { oidc, signIn } = world();
    oidc.willAnswer('registerClient', registered(1), registered(2));
    oidc.willAnswer('startDeviceAuthorization', refused, authorization).willAnswer('createToken', tokens);
    expect(await signIn()).toMatchObject({ registration: { clientId: 'client-2' } });
  });

  test('fails if the new registration is rejected too', async () => {
    const { oidc, user, signIn } = world();
    oidc.willAnswer('registerClient', registered(1), registered(2));
    oidc.willAnswer('startDeviceAuthorization', refused, refused);
    expect(await rejectionOf(signIn())).toMatchObject({ kind: 'registrationRefused' });
    expect(user.turns).toEqual([]);
  });

  test.each([
    ['has another code', 'https://d-1234567890.awsapps.com/start/#/device?user_code=ZZZZ-ZZZZ'],
    ['has no code', 'https://d-1234567890.awsapps.com/start/#/device'],
    ["is another tenant's", 'https://evil-tenant.awsapps.com/start/#/device?user_code=ABCD-EFGH'],
  ])('02.06: opens the page without a code if the other one %s', async (_, verificationUriComplete) => {
    const { oidc, user, signIn } = world();
    oidc.willAnswer('registerClient', registered(1)).willAnswer('createToken', tokens);
    oidc.willAnswer('startDeviceAuthorization', { ...authorization, verificationUriComplete });
    await signIn();
    expect(user.turns).toMatchObject([{ url: authorization.verificationUri, userCode: 'ABCD-EFGH' }]);
  });

  test('02.06: opens the page with the code at the start URL, wherever the page without it is', async () => {
    const { oidc, user, signIn } = world();
    const verificationUri = 'https://device.sso.eu-central-1.amazonaws.com/';
    oidc.willAnswer('registerClient', registered(1)).willAnswer('createToken', tokens);
    oidc.willAnswer('startDeviceAuthorization', { ...authorization, verificationUri });
    await signIn();
    expect(user.turns).toMatchObject([{ url: authorization.verificationUriComplete }]);
  });

  test('opens no page outside of AWS', async () => {
    const { oidc, user, signIn } = world();
    const elsewhere = { ...authorization, verificationUriComplete: 'https://awsapps.com.evil.example/' };
    oidc.willAnswer('registerClient', registered(1)).willAnswer('startDeviceAuthorization', elsewhere);
    expect(await rejectionOf(signIn())).toMatchObject({
      kind: 'invalidResponse',
      details: { host: 'awsapps.com.evil.example' },
    });
    expect(user.turns).toEqual([]);
  });
});
