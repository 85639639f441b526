import {
  CreateTokenCommand,
  InternalServerException,
  InvalidGrantException,
  SlowDownException,
} from '@aws-sdk/client-sso-oidc';
import { describe, expect, test } from 'vitest';
import { errorAnswer } from '../../sandbox/identityCenter/apiError.ts';
import { DEVICE_CODE, SCOPES, useIdentityCenter } from './identityCenterWorld.ts';

const world = useIdentityCenter();
const { passSeconds, restart, sdk, register, refresh, signIn, callService, logOut, post, endpoint } = world;

describe('a session', () => {
  test('an access token expires, and a refresh returns another one with the same scopes', async () => {
    await restart({ accessTokenSeconds: 2 });
    const { accessToken, refreshToken, expiresIn, credentials, sessionId } = await signIn();
    expect(expiresIn).toBe(2);
    passSeconds(1.999);
    expect((await callService(accessToken)).status).toBe(200);
    passSeconds(0.001);
    expect((await callService(accessToken)).status).toBe(401);
    const renewed = await refresh(credentials, refreshToken);
    expect(await (await callService(renewed.accessToken)).json()).toMatchObject({ scopes: SCOPES });
    expect(world.standIn.sessionOf(renewed.accessToken)).toMatchObject({
      id: sessionId,
      acceptedRefreshes: 1,
    });
  });

  test('with rotation and without grace period, reuse of a refresh token ends the session', async () => {
    const { accessToken, refreshToken, credentials } = await signIn();
    const second = await refresh(credentials, refreshToken);
    expect(second.refreshToken).not.toBe(refreshToken);
    await expect(refresh(credentials, refreshToken)).rejects.toBeInstanceOf(InvalidGrantException);
    await expect(refresh(credentials, second.refreshToken)).rejects.toBeInstanceOf(InvalidGrantException);
    expect((await callService(second.accessToken)).status).toBe(401);
    expect(world.standIn.sessionOf(accessToken)).toMatchObject({ state: 'revoked', reusesAfterGrace: 1 });
    expect(world.standIn.stats()).toMatchObject({
      acceptedRefreshes: 1,
      reusesInsideGrace: 0,
      reusesAfterGrace: 1,
      liveSessions: 0,
      revokedSessions: 1,
    });
  });

  test('within the grace period a replaced refresh token and its family work; afterwards nothing does', async () => {
    await restart({ refreshGraceSeconds: 30 });
    const { refreshToken, credentials } = await signIn();
    const lost = await refresh(credentials, refreshToken);
    passSeconds(29.999);
    const again = await refresh(credentials, refreshToken);
    expect(again.refreshToken).not.toBe(lost.refreshToken);
    await refresh(credentials, again.refreshToken);
    expect(world.standIn.stats()).toMatchObject({
      acceptedRefreshes: 2,
      reusesInsideGrace: 1,
      reusesAfterGrace: 0,
    });
    passSeconds(0.001);
    await expect(refresh(credentials, refreshToken)).rejects.toBeInstanceOf(InvalidGrantException);
    await expect(refresh(credentials, lost.refreshToken)).rejects.toBeInstanceOf(InvalidGrantException);
    expect(world.standIn.stats()).toMatchObject({ reusesAfterGrace: 1, revokedSessions: 1 });
  });

  test('without rotation, a refresh returns no refresh token, and the old one stays valid', async () => {
    await restart({ rotateRefreshToken: false });
    const { refreshToken, credentials } = await signIn();
    expect((await refresh(credentials, refreshToken)).refreshToken).toBeUndefined();
    await refresh(credentials, refreshToken);
    expect(world.standIn.stats()).toMatchObject({ acceptedRefreshes: 2, liveSessions: 1 });
  });

  test('a refresh token belongs to the client that it was issued to', async () => {
    const { refreshToken, credentials } = await signIn();
    await expect(refresh(await register(), refreshToken)).rejects.toBeInstanceOf(InvalidGrantException);
    await expect(refresh(credentials, refreshToken)).resolves.toBeDefined();
  });

  test('expires, and no access token outlives it', async () => {
    await restart({ sessionSeconds: 5400 });
    const { refreshToken, credentials, sessionId } = await signIn();
    passSeconds(3600);
    const last = await refresh(credentials, refreshToken);
    expect(last.expiresIn).toBe(1800);
    passSeconds(1800);
    expect((await callService(last.accessToken)).status).toBe(401);
    await expect(refresh(credentials, last.refreshToken)).rejects.toBeInstanceOf(InvalidGrantException);
    expect(world.standIn.stats().sessions).toMatchObject([{ id: sessionId, state: 'ended' }]);
    expect(world.standIn.stats().liveSessions).toBe(0);
  });

  test('can be ended by an administrator, without affecting others', async () => {
    const [first, second] = [await signIn(), await signIn()];
    world.standIn.endSession(first.sessionId);
    await expect(refresh(first.credentials, first.refreshToken)).rejects.toBeInstanceOf(
      InvalidGrantException,
    );
    expect((await callService(first.accessToken)).status).toBe(401);
    await expect(refresh(second.credentials, second.refreshToken)).resolves.toBeDefined();
    expect(() => world.standIn.endSession('x')).toThrow('does not have a session');
  });

  test("is ended once by the portal's logout", async () => {
    const { accessToken, refreshToken, credentials } = await signIn();
    const response = await logOut(accessToken);
    expect([response.status, await response.text()]).toEqual([200, '']);
    await expect(refresh(credentials, refreshToken)).rejects.toBeInstanceOf(InvalidGrantException);
    expect((await logOut(accessToken)).status).toBe(401);
  });

  test('is not ended by a logout in another Region, or with a token that is not an access token', async () => {
    const { accessToken, refreshToken } = await signIn();
    for (const response of [await logOut(accessToken, 'us-east-1'), await logOut(refreshToken ?? '')]) {
      expect(response.status).toBe(401);
      expect(response.headers.get('x-amzn-errortype')).toMatch(/^UnauthorizedException:/);
      expect(await response.json()).toEqual({ message: 'Session token not found or invalid' });
    }
    expect(world.standIn.stats().liveSessions).toBe(1);
  });
});

test('the protected endpoint requires a token with the scope', async () => {
  const { accessToken } = await signIn(await register({ scopes: ['sso:account:access'] }));
  expect((await callService(accessToken)).status).toBe(403);
  expect((await callService('x')).status).toBe(401);
  expect((await fetch(world.standIn.protectedUrl)).status).toBe(401);
});

describe('faults', () => {
  const REFRESH = 'identityCenter.createToken:refresh_token';

  test('a refresh with a lost response was processed; with grace, the same token works again at once', async () => {
    await restart({ refreshGraceSeconds: 30 });
    const { refreshToken, credentials } = await signIn();
    world.faults.add({ at: REFRESH, reset: 'after' });
    await expect(refresh(credentials, refreshToken)).rejects.toThrow();
    await refresh(credentials, refreshToken);
    expect(world.standIn.stats()).toMatchObject({ acceptedRefreshes: 1, reusesInsideGrace: 1 });
  });

  test("without grace, the SDK's own retry of such a refresh looks like the end of the session", async () => {
    const { refreshToken, credentials } = await signIn();
    world.faults.add({ at: REFRESH, reset: 'after' });
    const command = new CreateTokenCommand({ ...credentials, grantType: 'refresh_token', refreshToken });
    await expect(sdk(world.standIn.region, 3).send(command)).rejects.toBeInstanceOf(InvalidGrantException);
    expect(world.requestLog.list(REFRESH).map(({ status }) => status)).toEqual([undefined, 400]);
  });

  test('a refresh dropped before processing did not happen', async () => {
    const { refreshToken, credentials } = await signIn();
    world.faults.add({ at: REFRESH, drop: 'before' });
    await expect(refresh(credentials, refreshToken)).rejects.toThrow();
    expect(world.standIn.stats().acceptedRefreshes).toBe(0);
    await expect(refresh(credentials, refreshToken)).resolves.toBeDefined();
  });

  test('a fault for one grant type leaves the others alone; one for CreateToken affects all', async () => {
    world.faults.add({ at: REFRESH, ...errorAnswer('InternalServerException') });
    const { refreshToken, credentials } = await signIn();
    await expect(refresh(credentials, refreshToken)).rejects.toBeInstanceOf(InternalServerException);
    world.faults.add({ at: 'identityCenter.createToken', ...errorAnswer('SlowDownException') });
    await expect(refresh(credentials, refreshToken)).rejects.toBeInstanceOf(SlowDownException);
    expect(world.standIn.stats().acceptedRefreshes).toBe(0);
  });

  test('every operation can be faulted', async () => {
    const { accessToken, credentials } = await signIn();
    const teapot = { status: 418, body: '{}' };
    const { clientId } = credentials;
    const regional = endpoint();
    const calls: Record<string, () => Promise<Response>> = {
      'identityCenter.registerClient': () => post('/client/register', {}),
      'identityCenter.startDeviceAuthorization': () => post('/device_authorization', {}),
      'identityCenter.createToken': () => post('/token', {}),
      'identityCenter.createToken:device_code': () => post('/token', { grantType: DEVICE_CODE }),
      'identityCenter.createToken:authorization_code': () =>
        post('/token', { grantType: 'authorization_code' }),
      'identityCenter.createToken:refresh_token': () => post('/token', { grantType: 'refresh_token' }),
      'identityCenter.logout': () => logOut(accessToken),
      'identityCenter.authorize': () => fetch(`${regional}/authorize?client_id=${clientId}`),
      'identityCenter.completions': () => callService(accessToken),
      'identityCenter.page:device': () => fetch(`${world.standIn.origin}/device`),
    };
    for (const [at, call] of Object.entries(calls)) {
      world.faults.add({ at, ...teapot });
      expect([at, (await call()).status]).toEqual([at, 418]);
      expect([at, (await call()).status]).not.toEqual([at, 418]);
    }
  });
});
