import { describe, expect, test, vi } from 'vitest';
import { describeSession } from '../../../../src/shell/status/describeSession.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { sessionsWorld } from '../../fakes/sessionsWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

describe('describeSession', () => {
  test('has exactly the members of the contract', async () => {
    const world = await sessionsWorld(oktaSession, identityCenterSession);
    const { scopes: grantedScopes, expiresAt } = oktaSession.tokenSet;
    const { issuer, clientId } = oktaSession.connection;
    expect(await describeSession(world, oktaSession.id)).toEqual({
      type: 'okta',
      issuer,
      clientId,
      grantedScopes,
      expiresAt,
    });
    const { startUrl, region } = identityCenterSession.connection;
    expect(await describeSession(world, identityCenterSession.id)).toEqual({
      type: 'identityCenter',
      startUrl,
      region,
      grantedScopes,
      expiresAt,
    });
  });

  test('is undefined for an unknown or missing ID', async () => {
    const world = await sessionsWorld(oktaSession);
    expect(await describeSession(world, 'gone')).toBeUndefined();
    expect(await describeSession(world, undefined)).toBeUndefined();
  });
});
