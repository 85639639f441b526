import { describe, expect, test, vi } from 'vitest';
import type { TestSignIn } from '../../../../src/setup/setupPorts.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { only, setupRun, signedIn } from '../../fakes/setupRun.ts';
import { settle } from '../../fakes/settle.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

describe('SetupRun: a run', () => {
  test('reports progress, results, and their counts', async () => {
    using run = setupRun();
    const told: (string | undefined)[] = [];
    run.onDidChange((id) => told.push(id === undefined ? undefined : `${id} ${run.stateOf(id).state}`));
    const running = run.run(only('okta.loopbackPorts', 'scim.endpoint'), { testSignIn: 'no' });
    expect(run.isRunning).toBe(true);
    await running;
    expect(run.isRunning).toBe(false);
    expect(told).toContain('okta.loopbackPorts running');
    expect(told).toContain('okta.loopbackPorts done');
    expect(told.at(-1)).toBeUndefined();
    expect(run.counts()).toEqual({ pass: 1, warning: 1, fail: 0, inconclusive: 0 });
  });

  test('shows a typed connection by its address, not by the name of its guide again', () => {
    using typed = setupRun({ inputs: { oktaClient: { ...oktaConnection, name: 'Kiro with Okta (OIDC)' } } });
    expect(typed.connectionName).toBe('https://example.okta.com/oauth2/aus1 (0oa1)');
    using configured = setupRun({ inputs: { oktaClient: { ...oktaConnection, name: 'Work' } } });
    expect(configured.connectionName).toBe('Work');
  });

  test('opened the usual console page for a result that is fixed on another', async () => {
    using run = setupRun({
      inputs: { oktaClient: { ...oktaConnection, issuer: 'https://example.okta.com/oauth2/aus1' } },
    });
    const [check] = only('scim.endpoint').map((one) => ({
      ...one,
      pages: { notGiven: 'oktaPeople' as const },
    }));
    if (check === undefined) throw new Error('The check exists.');
    expect(run.consoleUrlOf(check)).toMatch(/\/apps\/active$/);
    await run.run([check], { testSignIn: 'no' });
    expect([run.resultOf(check.id)?.reason, run.consoleUrlOf(check)]).toEqual([
      'notGiven',
      expect.stringMatching(/\/admin\/users$/),
    ]);
  });

  test('that is cancelled leaves what was found, and what was under way is not checked', async () => {
    using run = setupRun({
      ports: setupPorts({ loopbackPorts: async () => new Promise(() => undefined) }),
    });
    const running = run.run(only('okta.loopbackPorts', 'scim.endpoint'), { testSignIn: 'no' });
    await settle();
    run.cancel();
    await running;
    expect(run.isRunning).toBe(false);
    expect(run.stateOf('okta.loopbackPorts').state).toBe('waiting');
    expect(run.resultOf('scim.endpoint')?.state).toBe('pass');
  });

  test('signs in once for all checks of a run, and is signed out afterwards', async () => {
    const end = vi.fn(async () => undefined);
    const signIn = vi.fn(async () => ({ ...signedIn, end }));
    using run = setupRun({ inputs: { oktaClient: oktaConnection }, signIn });
    const checks = only('okta.signIn', 'okta.assignments', 'okta.refreshToken');
    await run.run(checks, { testSignIn: 'once' });
    expect([signIn.mock.calls.length, end.mock.calls.length]).toEqual([1, 1]);
    await run.run(only('okta.refreshToken'), { testSignIn: 'once' });
    expect(run.resultOf('okta.refreshToken')?.state).toBe('pass');
    expect([signIn.mock.calls.length, end.mock.calls.length]).toEqual([2, 2]);
  });

  test('repeats a failed sign-in', async () => {
    let tries = 0;
    const signIn = async (): Promise<TestSignIn> => {
      tries += 1;
      if (tries === 1) throw new Error('The browser was closed.');
      return signedIn;
    };
    using run = setupRun({ inputs: { oktaClient: oktaConnection }, signIn });
    await run.run(only('okta.signIn'), { testSignIn: 'once' });
    expect(run.resultOf('okta.signIn')?.state).toBe('inconclusive');
    await run.run(only('okta.signIn'), { testSignIn: 'once' });
    expect(run.resultOf('okta.signIn')?.state).toBe('pass');
  });
});

describe('SetupRun: checkPerson', () => {
  const scimEndpoint = 'https://scim.us-east-1.amazonaws.com/1/scim/v2';

  test('said nothing of the person in Okta where they are not provisioned', async () => {
    const inputs = { scimEndpoint, oktaClient: oktaConnection, userName: 'ana@example.com' };
    const { http, asked } = answeringHttp(() => Response.json({ Resources: [] }));
    using run = setupRun({ inputs, ports: setupPorts({ http }) });
    await run.checkPerson('eli@example.com', { scimToken: 'a-token', oktaApiToken: '00a-token' });
    const { ofPerson } = run;
    expect(ofPerson.person).toBe('eli@example.com');
    expect(run.person).toBe('ana@example.com');
    expect(ofPerson.resultOf('scim.person')?.state).toBe('fail');
    expect(ofPerson.resultOf('oktaApi.person')?.reason).not.toBe('blocked');
    expect(asked.map(([url]) => url.pathname)).toContain('/api/v1/users/eli%40example.com');
    expect(run.resultOf('scim.person')).toBeUndefined();
  });
});
