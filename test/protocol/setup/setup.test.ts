import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckId } from '../../../src/setup/checks/index.ts';
import { checksOf } from '../../../src/setup/checks/index.ts';
import { passes } from '../../../src/setup/checkResult.ts';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import type { SetupPorts } from '../../../src/setup/setupPorts.ts';
import { identityCenterSlips } from './identityCenter.rows.ts';
import { kiroSlips } from './kiro.rows.ts';
import { openIdConnectSlips } from './openIdConnect.rows.ts';
import { openSetupWorld } from './setupWorld.ts';
import type { SetupWorld } from './setupWorld.ts';

let shared: SetupWorld;

beforeAll(async () => {
  shared = await openSetupWorld();
});
afterEach(() => {
  shared.chain.requestLog.clear();
  shared.aws.asked.length = 0;
  shared.kiro.asked.length = 0;
});
afterAll(() => shared.close());

const slips = { kiro: kiroSlips, identityCenter: identityCenterSlips, openIdConnect: openIdConnectSlips };

describe.each(['kiro', 'identityCenter', 'openIdConnect'] as const)('%s', (document) => {
  test('passes everything in a correct setup, and writes nothing', async () => {
    const results = await shared.run(document);
    expect(summary(results, (result) => !passes(result))).toEqual({});
    expect(results.size).toBe(checksOf[document].length);
    // The sandbox is not on an Okta domain, so each port is also probed with the issuer-specific path.
    const own = document === 'kiro' ? shared.ports.length : 0;
    expect(asked(shared) - own).toBeLessThan(60);
    expect(writes(shared)).toEqual([]);
  });

  test.each(slips[document])('$slip: $check', async (row) => {
    const { check, reason, state = 'fail', options, registered } = row;
    const isOwn = options !== undefined || registered !== undefined;
    const world = isOwn ? await openSetupWorld(options, registered) : shared;
    const back = await row.make?.(world);
    try {
      const results = await world.run(document, row.changes);
      expect(results.get(check)).toMatchObject({ state, reason });
      // One slip, one result: checks that depend on it are inconclusive, and no other fails.
      expect(summary(results, (one) => one.state === 'fail')).toEqual(
        state === 'fail' ? { [check]: reason } : {},
      );
      expect(writes(world)).toEqual([]);
    } finally {
      await back?.();
      if (isOwn) await world.close();
    }
  });

  test('every check has a slip that it finds', () => {
    // Both guides share the provisioning checks.
    const provisioning = identityCenterSlips.filter(({ check }) => check.startsWith('scim.'));
    const found = [...slips[document], ...provisioning].map(({ check }) => check);
    const checks = checksOf[document].filter((check) => check.run !== undefined).map(({ id }) => id);
    expect(checks.filter((id) => !found.includes(id))).toEqual([]);
  });
});

test('an application was said to require nothing although no redirect URI showed its requirements', async () => {
  const page = () => new Response('<form>', { status: 200, headers: { 'content-type': 'text/html' } });
  const results = await shared.run('openIdConnect', {
    http: (http) => async (url, request) =>
      new URL(url).searchParams.get('prompt') === 'none' ? page() : http(url, request),
  });
  expect(results.get('oidc.client')).toMatchObject({ state: 'inconclusive', reason: 'demandsNotSeen' });
});

test('for redirect URIs, missing and unexpected ones come before correct ones', async () => {
  const world = await openSetupWorld(undefined, (uris) =>
    uris.with(-1, uris.at(-1)?.replace('localhost', '127.0.0.1') ?? ''),
  );
  try {
    const { evidence } = (await world.run('kiro')).get('okta.redirectUris') ?? {};
    expect(evidence?.map(({ name }) => name)).toEqual(['missing', 'acceptedInstead', 'registered']);
  } finally {
    await world.close();
  }
});

test('without a test sign-in, the checks that need one are inconclusive, and no check fails', async () => {
  const results = await shared.run('kiro', {
    ports: withoutSignIn,
  });
  expect(summary(results, ({ state }) => state === 'fail')).toEqual({});
  expect(summary(results, ({ reason }) => reason === 'notGiven')).toEqual(
    Object.fromEntries(
      checksOf.kiro.flatMap(({ id, needs }) => (needs.includes('testSignIn') ? [[id, 'notGiven']] : [])),
    ),
  );
});

test('without inputs, sends no requests, and no check fails', async () => {
  const results = await shared.run('identityCenter', {
    inputs: () => ({}),
    ports: withoutSignIn,
  });
  expect(summary(results, ({ state }) => state === 'fail')).toEqual({});
  expect([...shared.chain.requestLog.list(), ...shared.aws.asked, ...shared.kiro.asked]).toEqual([]);
});

/** A user who never signs in. */
function withoutSignIn(ports: SetupPorts): SetupPorts {
  const { signIn: _signIn, ...others } = ports;
  return others;
}

function summary(
  results: ReadonlyMap<CheckId, CheckResult>,
  which: (result: CheckResult) => boolean,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...results]
      .filter(([, result]) => result.reason !== 'byEye' && which(result))
      .map(([id, { reason, error }]) => [id, reason ?? error?.message ?? 'pass']),
  );
}

/** Number of requests made by the checks, excluding those of the browser during sign-in. */
function asked({ chain, aws, kiro }: SetupWorld): number {
  const all = chain.requestLog.list().map(({ operation }) => operation);
  const pages = all.filter((operation) => ['okta.signIn', 'okta.resume'].includes(operation)).length;
  const browser = pages === 0 ? 0 : pages + 1;
  return all.length - browser + aws.asked.length + kiro.asked.length;
}

/** Requests to the SCIM endpoint that are not reads. */
function writes({ chain }: SetupWorld): readonly string[] {
  return chain.requestLog
    .list('identityCenter.scim')
    .filter(({ method }) => method !== 'GET')
    .map(({ operation }) => operation);
}
