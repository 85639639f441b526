import { describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import type { OrganizationPolicy } from '../../../../src/features/organizationPolicy.ts';
import { Sessions } from '../../../../src/core/session/sessions.ts';
import type { SignInRequest, SignInSettings } from '../../../../src/core/session/acquireTokens.ts';
import { identityCenterConnection, identityCenterSession, oktaConnection } from '../../fakes/examples.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { fakePorts } from '../../fakes/sessionsWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;

/** A sign-in in a window with only these permissions. */
function signIn(
  policy: OrganizationPolicy,
  connection: Connection,
  request: SignInRequest = {},
  settings: Partial<SignInSettings> = {},
) {
  const world = fakePorts();
  world.changeSettings(settings);
  world.allowOnly(policy);
  world.oidc
    .willAnswer('registerClient', { clientId: 'client-1', clientSecret: 'secret-1' })
    .willAnswer('startDeviceAuthorization', {
      deviceCode: 'device-code-1',
      userCode: 'ABCD-EFGH',
      verificationUri: 'https://d-1234567890.awsapps.com/start/#/device',
      interval: 1,
    });
  const person = fakePerson();
  const sessions = new Sessions(world.ports);
  const done = sessions.signIn(connection, request, person, never);
  done.catch(() => undefined);
  return { ...world, person, done, sessions };
}

describe('acquireTokens: 06.08: an organization that lists start URLs', () => {
  const elsewhere = { endpoints: { oidc: 'https://oidc.evil.example', portal: '' } };
  const allowedStartUrls = [identityCenterConnection.startUrl];
  const own = identityCenterSession.endpoints.oidc;
  test.each([
    ["is asked at AWS's own endpoint", { allowedStartUrls }, own],
    [
      'is asked where it allows',
      { allowedStartUrls, allowedEndpoints: ['https://oidc.evil.example/'] },
      'https://oidc.evil.example',
    ],
    ['is not asked where it allows another', { allowedEndpoints: ['https://oidc.good.example'] }, own],
    ['without such a rule, is asked where the settings say', {}, 'https://oidc.evil.example'],
  ])('%s', async (_, policy, endpoint) => {
    const { opened, person } = signIn(policy, identityCenterConnection, {}, elsewhere);
    await vi.waitFor(() => expect(person.turns).not.toEqual([]));
    expect(new Set(opened)).toEqual(new Set([endpoint]));
    person.giveUp();
  });
});

describe('acquireTokens: an organization that does not allow', () => {
  test.each([
    ['the start URL', { allowedStartUrls: [] }, identityCenterConnection, 'startUrl'],
    ['the issuer', { allowedIssuers: [] }, oktaConnection, 'issuer'],
  ] as const)('%s: sends nothing, and asks nothing', async (_, policy, connection, reason) => {
    const { done, opened, askedOkta, person } = signIn(policy, connection);
    expect(await rejectionOf(done)).toMatchObject({ kind: 'blockedByOrganization', details: { reason } });
    expect([opened, askedOkta, person.turns]).toEqual([[], [], []]);
  });

  test('a flow: neither starts with it, even on request, nor offers it', async () => {
    const asked: SignInRequest = { flow: 'authorizationCode' };
    const { oidc, person } = signIn({ allowedFlows: ['deviceCode'] }, identityCenterConnection, asked);
    await vi.waitFor(() => expect(person.turns).not.toEqual([]));
    expect(oidc.asked.map(([operation]) => operation)).toContain('startDeviceAuthorization');
    expect(person.turns.at(-1)?.alternatives).toEqual([]);
    person.giveUp();
  });

  test('any flow: sends nothing', async () => {
    const { done, opened } = signIn({ allowedFlows: [] }, identityCenterConnection);
    expect(await rejectionOf(done)).toMatchObject({
      kind: 'blockedByOrganization',
      details: { reason: 'flow' },
    });
    expect(opened).toEqual([]);
  });
});

test('an existing session is refreshed, whatever the current rules', async () => {
  const world = fakePorts();
  await world.ports.store.put(identityCenterSession);
  world.allowOnly({ allowedStartUrls: [], allowedFlows: [] });
  world.oidc.willAnswer('createToken', { accessToken: 'access-2', tokenType: 'Bearer', expiresIn: 3600 });
  const sessions = new Sessions(world.ports);
  const { tokenSet } = await sessions.refresh(identityCenterSession.id, never);
  expect(tokenSet.accessToken).toBe('access-2');
});
