import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckId } from '../../../src/setup/checks/index.ts';
import { passes } from '../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import { openSetupWorld } from './setupWorld.ts';
import type { SetupWorld } from './setupWorld.ts';

let world: SetupWorld;
let asItWas: object;

beforeAll(async () => {
  world = await openSetupWorld();
  const { granted, hasRole, requiresDpop, isService, hasKey } = app();
  asItWas = { granted, hasRole, requiresDpop, isService, hasKey };
});
afterEach(() => {
  Object.assign(app(), asItWas);
});
afterAll(() => world.close());

const app = () => world.chain.okta.management.serviceApp;
type Findings = ReadonlyMap<CheckId, CheckResult>;

async function run(key: string, guide: 'kiro' | 'identityCenter' = 'kiro'): Promise<Findings> {
  return world.run(guide, {
    inputs: (inputs) => {
      const { oktaApiToken: _oktaApiToken, ...others } = inputs;
      return { ...others, oktaServiceClientId: app().clientId, oktaServiceKey: key };
    },
    ports: (ports) => {
      const { signIn: _signIn, ...others } = ports;
      return others;
    },
  });
}

const ofApi = (results: Findings): readonly CheckResult[] =>
  [...results].flatMap(([id, result]) => (id.startsWith('oktaApi.') ? [result] : []));
const reasons = (results: Findings): readonly (string | undefined)[] => [
  ...new Set(ofApi(results).map(({ state, reason }) => `${state}: ${reason ?? ''}`)),
];

describe('an OAuth service app replaces an API token for Okta’s API', () => {
  test.each(['kiro', 'identityCenter'] as const)('with its key as JSON or PEM: %s', async (guide) => {
    for (const key of [app().privateKeyJwk, app().privateKeyPem]) {
      const results = await run(key, guide);
      expect(ofApi(results).length).toBeGreaterThan(2);
      expect(ofApi(results).filter((one) => !passes(one))).toEqual([]);
    }
  });

  test.each<[string, () => void, string]>([
    ['its client ID is another’s, or its key', () => (app().hasKey = false), 'serviceRefused'],
    ['no scope is granted to it', () => (app().granted = []), 'serviceScopesMissing'],
    ['it has no admin role', () => (app().hasRole = false), 'serviceRoleMissing'],
    ['it requires DPoP', () => (app().requiresDpop = true), 'serviceDpop'],
    ['it is not of API Services', () => (app().isService = false), 'serviceNotAllowed'],
  ])('reports %s, and no problem with the setup', async (_, make, reason) => {
    make();
    const results = await run(app().privateKeyJwk);
    expect(results.get('oktaApi.application')).toMatchObject({ state: 'inconclusive', reason });
    expect(ofApi(results).filter(({ state }) => state === 'fail')).toEqual([]);
  });

  test('a missing scope affects only the checks that need it', async () => {
    app().granted = app().granted.filter((scope) => scope !== 'okta.authorizationServers.read');
    const results = await run(app().privateKeyJwk);
    expect(results.get('oktaApi.application')?.state).toBe('pass');
    expect(results.get('oktaApi.server')).toMatchObject({
      reason: 'serviceScopesMissing',
      evidence: [{ name: 'missing', value: ['okta.authorizationServers.read'] }],
    });
  });

  test('an invalid key is reported, and nothing is sent', async () => {
    world.chain.requestLog.clear();
    const results = await run('-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----');
    expect(reasons(results)).toEqual(expect.arrayContaining(['inconclusive: keyUnreadable']));
    expect(world.chain.requestLog.list('okta.api')).toEqual([]);
  });
});
