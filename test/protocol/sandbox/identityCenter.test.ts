import {
  AccessDeniedException,
  AuthorizationPendingException,
  CreateTokenResponse$,
  ExpiredTokenException,
  InternalServerException,
  InvalidClientException,
  InvalidClientMetadataException,
  InvalidGrantException,
  InvalidRedirectUriException,
  InvalidRequestException,
  InvalidScopeException,
  RegisterClientCommand,
  type RegisterClientCommandInput,
  RegisterClientResponse$,
  SlowDownException,
  type SSOOIDCServiceException,
  StartDeviceAuthorizationCommand,
  StartDeviceAuthorizationResponse$,
  UnauthorizedClientException,
  UnsupportedGrantTypeException,
} from '@aws-sdk/client-sso-oidc';
import { describe, expect, test } from 'vitest';
import { API_ERROR_NAMES, type ApiErrorName, errorAnswer } from '../../sandbox/identityCenter/apiError.ts';
import { problemsWith } from '../../sandbox/identityCenter/model.ts';
import {
  ANA,
  DEVICE_CODE,
  SCOPES,
  type Credentials,
  type StartedDevice,
  useIdentityCenter,
} from './identityCenterWorld.ts';

const world = useIdentityCenter();
const {
  passSeconds,
  restart,
  sdk,
  register,
  startDevice,
  createToken,
  poll,
  refresh,
  signIn,
  callService,
  logOut,
  post,
  endpoint,
} = world;

describe('on the wire', () => {
  test('every response has exactly the members and types of the model', async () => {
    const client = await post('/client/register', { clientName: 'x', clientType: 'public', scopes: SCOPES });
    const registered = (await client.json()) as Credentials;
    expect(problemsWith(RegisterClientResponse$, registered)).toEqual([]);
    expect(Object.keys(registered).toSorted()).toEqual([
      'clientId',
      'clientIdIssuedAt',
      'clientSecret',
      'clientSecretExpiresAt',
    ]);

    const credentials = { clientId: registered.clientId, clientSecret: registered.clientSecret };
    const device = await post('/device_authorization', { ...credentials, startUrl: world.standIn.startUrl });
    const started = (await device.json()) as StartedDevice;
    expect(problemsWith(StartDeviceAuthorizationResponse$, started)).toEqual([]);
    expect(Object.keys(started).toSorted()).toEqual([
      'deviceCode',
      'expiresIn',
      'interval',
      'userCode',
      'verificationUri',
      'verificationUriComplete',
    ]);

    world.standIn.approve(started.userCode, ANA);
    const token = await post('/token', {
      ...credentials,
      grantType: DEVICE_CODE,
      deviceCode: started.deviceCode,
    });
    const issued: unknown = await token.json();
    expect(problemsWith(CreateTokenResponse$, issued)).toEqual([]);
    expect(Object.keys(issued as object).toSorted()).toEqual([
      'accessToken',
      'expiresIn',
      'refreshToken',
      'tokenType',
    ]);

    for (const response of [client, device, token]) {
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(response.headers.get('x-amzn-requestid')).toMatch(/^[\w-]{36}$/);
      expect(response.headers.get('date')).toBe('Tue, 01 Jan 2030 00:00:00 GMT');
    }
  });

  test('an error has its type with the suffix, its status, and its description', async () => {
    const response = await post('/token', { clientId: 'x', clientSecret: 'y', grantType: 'refresh_token' });
    expect(response.status).toBe(401);
    expect(response.headers.get('x-amzn-errortype')).toBe(
      'InvalidClientException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/',
    );
    expect(await response.json()).toEqual({
      error: 'invalid_client',
      error_description: 'Invalid client provided',
    });
  });

  test.each([
    [
      'a member that the model does not know',
      { clientName: 'x', clientType: 'public', scope: 'a' },
      /scope is not a member/,
    ],
    ['a missing member', { clientType: 'public' }, /clientName is missing/],
    ['null for a required member', { clientName: null, clientType: 'public' }, /clientName is missing/],
    ['a number for a string', { clientName: 7, clientType: 'public' }, /clientName is not a string/],
    ['a string for a list', { clientName: 'x', clientType: 'public', scopes: 'a b' }, /scopes is not a list/],
    ['a list of numbers', { clientName: 'x', clientType: 'public', scopes: [1] }, /scopes is not a list/],
    ['no object', ['x'], /not a JSON object/],
  ])('%s is rejected', async (_, body, words) => {
    const response = await post('/client/register', body);
    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toMatch(/^InvalidRequestException:/);
    expect(((await response.json()) as { error_description: string }).error_description).toMatch(words);
    expect(world.standIn.stats().registrations).toBe(0);
  });

  test('a body that is not JSON is rejected, and not quoted', async () => {
    const regional = endpoint();
    const response = await fetch(`${regional}/token`, { method: 'POST', body: 'secret=1' });
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('secret');
  });

  test.each(['/oidc/nowhere/token', '/oidc/eu-central-1/tokens', '/elsewhere'])(
    'without %s',
    async (path) => {
      const response = await fetch(world.standIn.origin + path, { method: 'POST', body: '{}' });
      expect(response.status).toBe(404);
    },
  );

  test('the request log has names and statuses, but no secrets', async () => {
    const { accessToken, refreshToken, credentials } = await signIn();
    await refresh(credentials, refreshToken);
    await logOut(accessToken);
    expect(world.requestLog.list().map(({ operation, status }) => [operation, status])).toEqual([
      ['identityCenter.registerClient', 200],
      ['identityCenter.startDeviceAuthorization', 200],
      ['identityCenter.createToken:device_code', 200],
      ['identityCenter.createToken:refresh_token', 200],
      ['identityCenter.logout', 200],
    ]);
    const log = JSON.stringify(world.requestLog.list());
    for (const secret of [accessToken, refreshToken ?? '?', credentials.clientSecret]) {
      expect(log).not.toContain(secret);
    }
  });
});

/** The client's class for every error, which the SDK selects by the header alone. */
const CLASSES: Record<ApiErrorName, new (...args: never[]) => SSOOIDCServiceException> = {
  AccessDeniedException,
  AuthorizationPendingException,
  ExpiredTokenException,
  InternalServerException,
  InvalidClientException,
  InvalidClientMetadataException,
  InvalidGrantException,
  InvalidRedirectUriException,
  InvalidRequestException,
  InvalidScopeException,
  SlowDownException,
  UnauthorizedClientException,
  UnsupportedGrantTypeException,
};

test.each(API_ERROR_NAMES)('the SDK reads %s as its own class', async (name) => {
  world.faults.add({ at: 'identityCenter.registerClient', ...errorAnswer(name) });
  const error: unknown = await register().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(CLASSES[name]);
  const { $metadata, ...members } = error as SSOOIDCServiceException & {
    error: string;
    error_description: string;
  };
  const expectedStatus = { InvalidClientException: 401, InternalServerException: 500 }[name as string] ?? 400;
  expect($metadata.httpStatusCode).toBe(expectedStatus);
  const body = JSON.parse(errorAnswer(name).body) as { error: string; error_description: string };
  expect([members.error, members.error_description]).toEqual([body.error, body.error_description]);
});

describe('RegisterClient', () => {
  test('a client has the lifetime that was configured, in epoch seconds', async () => {
    const answer = await sdk().send(new RegisterClientCommand({ clientName: 'x', clientType: 'public' }));
    expect(answer.clientIdIssuedAt).toBe(world.time() / 1000);
    expect(answer.clientSecretExpiresAt).toBe(world.time() / 1000 + 90 * 24 * 3600);
  });

  const loopback = {
    redirectUris: ['http://127.0.0.1/oauth/callback'],
    issuerUrl: 'https://view.awsapps.com/start',
  };
  test.each([
    ['a confidential client', { clientType: 'confidential' }, InvalidClientMetadataException],
    ['an unknown scope', { scopes: ['openid'] }, InvalidScopeException],
    ['an unknown grant type', { grantTypes: ['password'] }, UnsupportedGrantTypeException],
    ['a redirect URI elsewhere', { redirectUris: ['https://example.com/cb'] }, InvalidRedirectUriException],
    [
      'a redirect URI with a query',
      { redirectUris: ['http://127.0.0.1/cb?a=1'] },
      InvalidRedirectUriException,
    ],
    [
      'PKCE without a redirect URI',
      { ...loopback, redirectUris: [], grantTypes: ['authorization_code'] },
      InvalidRedirectUriException,
    ],
    [
      'PKCE without an issuer URL',
      { redirectUris: loopback.redirectUris, grantTypes: ['authorization_code'] },
      InvalidRequestException,
    ],
  ] as const)('%s is rejected', async (_, metadata, exception) => {
    await expect(register(metadata as Partial<RegisterClientCommandInput>)).rejects.toBeInstanceOf(exception);
  });

  test('a client without grant types may use device codes and refresh, as the AWS CLI does', async () => {
    const { accessToken, refreshToken, credentials } = await signIn(
      await register({ grantTypes: undefined }),
    );
    expect(world.standIn.sessionOf(accessToken)?.scopes).toEqual(SCOPES);
    await expect(refresh(credentials, refreshToken)).resolves.toBeDefined();
  });
});

describe('a client is rejected', () => {
  test('in another Region', async () => {
    const elsewhere = await register({}, 'us-west-2');
    await expect(startDevice(elsewhere)).rejects.toBeInstanceOf(InvalidClientException);
    const { refreshToken, credentials } = await signIn();
    const inUsWest2 = createToken(credentials, { grantType: 'refresh_token', refreshToken }, 'us-west-2');
    await expect(inUsWest2).rejects.toBeInstanceOf(InvalidClientException);
  });

  test('with a wrong secret or an unknown ID', async () => {
    const credentials = await register();
    await expect(startDevice({ ...credentials, clientSecret: 'x' })).rejects.toBeInstanceOf(
      InvalidClientException,
    );
    await expect(startDevice({ ...credentials, clientId: 'x' })).rejects.toBeInstanceOf(
      InvalidClientException,
    );
  });

  test('after it has expired', async () => {
    await restart({ registrationSeconds: 100 });
    const credentials = await register();
    passSeconds(99);
    await startDevice(credentials);
    passSeconds(1);
    await expect(startDevice(credentials)).rejects.toBeInstanceOf(InvalidClientException);
  });

  test('after a test expires it, also at refresh', async () => {
    const { credentials, refreshToken } = await signIn();
    world.standIn.expireRegistration(credentials.clientId);
    await expect(refresh(credentials, refreshToken)).rejects.toBeInstanceOf(InvalidClientException);
  });

  test('without the requested grant', async () => {
    const noDevice = await register({ grantTypes: ['refresh_token'] });
    await expect(startDevice(noDevice)).rejects.toBeInstanceOf(UnauthorizedClientException);
    const noRefresh = await register({ grantTypes: [DEVICE_CODE] });
    const { refreshToken } = await signIn(noRefresh);
    expect(refreshToken).toBeUndefined();
    await expect(refresh(noRefresh, 'x')).rejects.toBeInstanceOf(UnauthorizedClientException);
  });

  test('with an unknown grant type', async () => {
    const asked = createToken(await register(), { grantType: 'password' });
    await expect(asked).rejects.toBeInstanceOf(UnsupportedGrantTypeException);
  });
});

describe('the device flow', () => {
  test('leads from the start to a token that a service accepts', async () => {
    const credentials = await register();
    const answer = await sdk().send(
      new StartDeviceAuthorizationCommand({ ...credentials, startUrl: world.standIn.startUrl }),
    );
    expect(answer.userCode).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(answer.verificationUri).toBe(`${world.standIn.origin}/device`);
    expect(answer.verificationUriComplete).toBe(
      `${world.standIn.origin}/device?user_code=${answer.userCode}`,
    );
    expect([answer.expiresIn, answer.interval]).toEqual([600, 1]);

    const device = { deviceCode: answer.deviceCode ?? '', userCode: answer.userCode ?? '', interval: 1 };
    await expect(poll(credentials, device)).rejects.toBeInstanceOf(AuthorizationPendingException);
    world.standIn.approve(device.userCode, ANA);
    passSeconds(1);
    const tokens = await poll(credentials, device);
    expect(tokens.accessToken).toMatch(/^aoa/);
    expect(tokens.refreshToken).toMatch(/^aor/);
    expect(tokens.expiresIn).toBe(3600);
    expect(world.standIn.sessionOf(tokens.accessToken)).toMatchObject({
      username: ANA,
      scopes: SCOPES,
      state: 'live',
    });
    expect(await (await callService(tokens.accessToken)).json()).toMatchObject({ scopes: SCOPES });
    expect(world.standIn.stats()).toMatchObject({
      registrations: 1,
      deviceAuthorizations: 1,
      polls: 2,
      liveSessions: 1,
    });
  });

  test.each(['', '/', '#', '/#', '/#/', '#/device'])(
    'a start URL ending in "%s" is equivalent',
    async (ending) => {
      await startDevice(await register(), world.standIn.startUrl + ending);
      expect(world.standIn.stats().deviceAuthorizations).toBe(1);
    },
  );

  test.each([
    'https://d-0000000000.awsapps.com/start',
    'https://view.awsapps.com/start',
    'http://d-9067642ac7.awsapps.com/start',
    'not a url',
    '',
  ])('the start URL "%s" is rejected in eu-central-1', async (startUrl) => {
    await expect(startDevice(await register(), startUrl)).rejects.toBeInstanceOf(InvalidRequestException);
  });

  test('every directory is known in its own Region, and AWS Builder ID in us-east-1', async () => {
    const builderId = { startUrl: world.standIn.builderIdStartUrl, region: 'us-east-1' };
    expect(world.standIn.otherStartUrls.length).toBeGreaterThanOrEqual(2);
    for (const { startUrl, region } of [...world.standIn.otherStartUrls, builderId]) {
      const command = new StartDeviceAuthorizationCommand({ ...(await register({}, region)), startUrl });
      await expect(sdk(region).send(command)).resolves.toMatchObject({ interval: 1 });
    }
  });

  test('a poll before the interval gets slow_down, and the interval grows by five seconds permanently', async () => {
    const credentials = await register();
    const device = await startDevice(credentials);
    const answerAfter = async (seconds: number): Promise<unknown> => {
      passSeconds(seconds);
      return poll(credentials, device).catch((error: unknown) => (error as Error).name);
    };
    const pending = 'AuthorizationPendingException';
    expect(await answerAfter(0)).toBe(pending);
    expect(await answerAfter(1)).toBe(pending);
    expect(await answerAfter(0.9)).toBe('SlowDownException');
    expect(await answerAfter(5.9)).toBe('SlowDownException');
    expect(await answerAfter(11)).toBe(pending);
    expect(await answerAfter(6)).toBe('SlowDownException');
    expect(world.standIn.stats()).toMatchObject({ polls: 6, slowDowns: 3 });
  });

  test('a code expires, whatever the decision', async () => {
    await restart({ deviceCodeSeconds: 60 });
    const credentials = await register();
    const device = await startDevice(credentials);
    passSeconds(59);
    await expect(poll(credentials, device)).rejects.toBeInstanceOf(AuthorizationPendingException);
    world.standIn.approve(device.userCode, ANA);
    passSeconds(1);
    await expect(poll(credentials, device)).rejects.toBeInstanceOf(ExpiredTokenException);
    const late = await startDevice(credentials);
    passSeconds(60);
    expect(() => world.standIn.approve(late.userCode, ANA)).toThrow('expired');
  });

  test('a denial persists for all polls', async () => {
    const credentials = await register();
    const device = await startDevice(credentials);
    world.standIn.deny(device.userCode);
    await expect(poll(credentials, device)).rejects.toBeInstanceOf(AccessDeniedException);
    passSeconds(1);
    await expect(poll(credentials, device)).rejects.toBeInstanceOf(AccessDeniedException);
    expect(() => world.standIn.approve(device.userCode, ANA)).toThrow('decided');
  });

  test('a code works once, and only for its own client', async () => {
    const credentials = await register();
    const device = await startDevice(credentials);
    world.standIn.approve(device.userCode, ANA);
    await expect(poll(await register(), device)).rejects.toBeInstanceOf(InvalidGrantException);
    await poll(credentials, device);
    await expect(poll(credentials, device)).rejects.toBeInstanceOf(InvalidGrantException);
    expect(world.standIn.stats().liveSessions).toBe(1);
  });

  test('a code and an existing user are required', async () => {
    const credentials = await register();
    const withoutCode = createToken(credentials, { grantType: DEVICE_CODE });
    await expect(withoutCode).rejects.toBeInstanceOf(InvalidRequestException);
    const device = await startDevice(credentials);
    expect(() => world.standIn.approve(device.userCode, 'eve@example.com')).toThrow('no user');
    await expect(poll(credentials, device)).rejects.toBeInstanceOf(AuthorizationPendingException);
  });

  test('a scope at CreateToken has no effect', async () => {
    const credentials = await register();
    const device = await startDevice(credentials);
    world.standIn.approve(device.userCode, ANA);
    const { accessToken } = await createToken(credentials, {
      grantType: DEVICE_CODE,
      deviceCode: device.deviceCode,
      scope: ['sso:account:access'],
    });
    expect(world.standIn.sessionOf(accessToken)?.scopes).toEqual(SCOPES);
  });
});
