import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { passes } from '../../../src/setup/checkResult.ts';
import type { TokenSet } from '../../../src/core/oauth/tokenSet.ts';
import type { SetupPorts } from '../../../src/setup/setupPorts.ts';
import { openSetupWorld } from './setupWorld.ts';
import type { SetupWorld } from './setupWorld.ts';

let world: SetupWorld;

beforeAll(async () => {
  world = await openSetupWorld();
});
afterEach(() => world.chain.requestLog.clear());
afterAll(() => world.close());

/** The provider's response for the tokens, without the product: to a refresh at Okta, or a request to the service. */
async function statusWith(
  guide: keyof typeof endAt,
  { accessToken = '', refreshToken = '' }: Partial<TokenSet> = {},
  how: 'asks' | 'refreshes' = 'refreshes',
): Promise<number> {
  const { okta, identityCenter } = world.chain.describe();
  const url =
    guide === 'identityCenter'
      ? identityCenter.protectedUrl
      : how === 'asks'
        ? okta.protectedUrl
        : `${okta.issuer}/v1/token`;
  const headers = {
    authorization: `Bearer ${accessToken}`,
    ...(guide === 'kiro' ? { tokentype: 'EXTERNAL_IDP' } : {}),
  };
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: okta.clientId,
    refresh_token: refreshToken,
  });
  const isRefresh = url.endsWith('/token');
  const { status } = await fetch(url, isRefresh ? { method: 'POST', body } : { headers });
  return status;
}

const endAt = { kiro: 'okta.revoke', identityCenter: 'identityCenter.logout' } as const;

describe.each(['kiro', 'identityCenter'] as const)('a test sign-in of %s', (guide) => {
  test('is signed out at the provider, once, after all checks have used it', async () => {
    let latest: TokenSet | undefined;
    let before = 0;
    const results = await world.run(guide, {
      ports: (ports: SetupPorts): SetupPorts => ({
        ...ports,
        signIn: async (signal) => {
          if (ports.signIn === undefined) throw new Error('The world signs in.');
          const signedIn = await ports.signIn(signal);
          latest = signedIn.tokenSet;
          before = await statusWith(guide, latest, 'asks');
          return { ...signedIn, renew: async (over) => (latest = await signedIn.renew(over)) };
        },
      }),
    });
    expect(before).toBe(200);
    expect([...results].filter(([id, one]) => id.endsWith('.signIn') && passes(one))).toHaveLength(1);
    const operations = world.chain.requestLog.list().map(({ operation }) => operation);
    expect(operations.filter((one) => one === endAt[guide])).toHaveLength(1);
    expect(operations.slice(operations.indexOf(endAt[guide]) + 1)).toEqual([]);
    expect(await statusWith(guide, latest)).toBe({ kiro: 400, identityCenter: 401 }[guide]);
  });

  test('does not change results if the provider does not confirm its end', async () => {
    world.chain.faults.add({ at: endAt[guide], status: 503 });
    const results = await world.run(guide);
    expect([...results.values()].filter(({ state }) => state === 'fail')).toEqual([]);
    world.chain.faults.clear();
  });
});
