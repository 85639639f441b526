import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FaultControl, startFaultControl } from '../../sandbox/control.ts';
import { createFaults, type Faults } from '../../sandbox/faults.ts';
import { type SandboxDescription, startSandbox } from '../../sandbox/sandbox.ts';

describe('a sandbox', () => {
  test('has both identity providers, with shared faults and one log', async () => {
    const sandbox = await startSandbox();
    try {
      const { okta, identityCenter } = sandbox.describe();
      sandbox.faults.add({ at: 'identityCenter.completions', status: 503 });
      sandbox.faults.add({ at: 'okta', times: Infinity, status: 500 });
      expect((await fetch(identityCenter.protectedUrl)).status).toBe(503);
      expect((await fetch(identityCenter.protectedUrl)).status).toBe(401);
      const metadata = (await (await fetch(okta.metadataUri)).json()) as { issuer: string };
      expect(metadata.issuer).toBe(okta.issuer);
      expect(sandbox.requestLog.list().map(({ server }) => server)).toEqual([
        'identityCenter',
        'identityCenter',
        'okta',
      ]);
    } finally {
      await sandbox.close();
    }
  });

  test('accepts settings for one identity provider, and the time', async () => {
    const settings = { registrationSeconds: 60 };
    const sandbox = await startSandbox({ now: () => 5000, identityCenter: settings });
    try {
      const { endpoint, region } = sandbox.describe().identityCenter;
      const register = `${endpoint.replace('{region}', region)}/client/register`;
      const body = JSON.stringify({ clientName: 'x', clientType: 'public' });
      const registered: unknown = await (await fetch(register, { method: 'POST', body })).json();
      expect(registered).toMatchObject({ clientIdIssuedAt: 5, clientSecretExpiresAt: 65 });
      expect(sandbox.requestLog.list()).toMatchObject([{ at: 5000 }]);
    } finally {
      await sandbox.close();
    }
  });

  test('has an additional OpenID Connect provider on request', async () => {
    const without = await startSandbox();
    const withOne = await startSandbox({ openIdConnect: {} });
    try {
      expect(without.describe().openIdConnect).toBeUndefined();
      const { issuer, metadataUri, clientId } = withOne.describe().openIdConnect ?? { metadataUri: '' };
      expect(await (await fetch(metadataUri)).json()).toMatchObject({ issuer });
      expect(clientId).toBe('sandbox-native-app');
    } finally {
      await Promise.all([without.close(), withOne.close()]);
    }
  });

  test('describes itself with only what a user or client needs', async () => {
    const sandbox = await startSandbox();
    try {
      const { okta, identityCenter, people } = sandbox.describe();
      expect(Object.keys(okta)).toEqual(['issuer', 'metadataUri', 'clientId', 'protectedUrl']);
      expect(Object.keys(identityCenter)).toEqual([
        'startUrl',
        'region',
        'endpoint',
        'portalEndpoint',
        'builderIdStartUrl',
        'otherStartUrls',
        'protectedUrl',
      ]);
      expect(identityCenter.endpoint).toContain('{region}');
      expect(people.length).toBeGreaterThanOrEqual(3);
      for (const person of people) {
        expect(Object.keys(person)).toEqual(['username', 'password', 'name', 'note']);
      }
    } finally {
      await sandbox.close();
    }
  });
});

describe('the switches over HTTP', () => {
  let faults: Faults;
  let control: FaultControl;

  beforeEach(async () => {
    faults = createFaults();
    control = await startFaultControl(faults);
  });

  afterEach(() => control.close());

  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(control.faultsUrl, { method: 'POST', body, headers });

  test('one or more rules are added, read back and removed', async () => {
    const rule = { at: 'okta.token', status: 429, headers: { 'retry-after': '3' } };
    expect((await post(JSON.stringify(rule))).status).toBe(200);
    await post('[{"at":"a","hang":true},{"at":"b","drop":"after","times":null}]');
    expect(faults.list()).toEqual([
      { ...rule, times: 1 },
      { at: 'a', hang: true, times: 1 },
      { at: 'b', drop: 'after', times: Infinity },
    ]);
    const listed: unknown = await (await fetch(control.faultsUrl)).json();
    expect(listed).toMatchObject([{}, {}, { at: 'b', times: null }]);
    await fetch(control.faultsUrl, { method: 'DELETE' });
    expect(faults.list()).toEqual([]);
  });

  test.each([
    'no JSON',
    '{}',
    '{"at":"a"}',
    '{"at":"a","status":"500"}',
    '{"at":"a","status":99}',
    '{"at":"a","drop":"later"}',
    '{"at":"a","hang":true,"unknown":1}',
    '{"at":"a","hang":true,"times":0}',
  ])('%s is rejected', async (body) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { error: string }).error).not.toBe('');
    expect(faults.list()).toEqual([]);
  });

  test('a list with one invalid rule adds none of them', async () => {
    expect((await post('[{"at":"a","hang":true},{"at":"b"}]')).status).toBe(400);
    expect(faults.list()).toEqual([]);
  });

  test('web pages, other paths and other methods are rejected', async () => {
    const fromPage = await post('{"at":"a","hang":true}', { origin: 'https://example.com' });
    expect(fromPage.status).toBe(403);
    expect((await fetch(`${control.faultsUrl}/x`)).status).toBe(404);
    expect((await fetch(control.faultsUrl, { method: 'PUT' })).status).toBe(405);
    expect(faults.list()).toEqual([]);
  });
});

// Windows does not have signals, so the process never ends cleanly there.
test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
  'npm run sandbox prints one line of JSON first, and ends cleanly on %s',
  async (signal) => {
    const main = join(import.meta.dirname, '../../sandbox/main.ts');
    const child = spawn(process.execPath, [main], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const lines = createInterface({ input: child.stdout });
      const [first] = (await once(lines, 'line')) as [string];
      const description = JSON.parse(first) as SandboxDescription & { faults: string };
      expect(description.people[0]?.username).toBe('ana@example.com');
      expect((await fetch(description.okta.metadataUri)).status).toBe(200);
      const rule = JSON.stringify({ at: 'identityCenter.completions', hang: true });
      await fetch(description.faults, { method: 'POST', body: rule });
      // A request that hangs does not keep the sandbox from ending.
      const hanging = fetch(description.identityCenter.protectedUrl).catch(() => 'ended');
      const rulesLeft = async (): Promise<unknown> => (await fetch(description.faults)).json();
      await expect.poll(rulesLeft).toEqual([]);
      const exited = once(child, 'exit');
      child.kill(signal);
      expect(await exited).toEqual([0, null]);
      expect(await hanging).toBe('ended');
    } finally {
      child.kill('SIGKILL');
    }
  },
);
