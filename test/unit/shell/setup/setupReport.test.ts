import { describe, expect, test, vi } from 'vitest';

import type { CheckId } from '../../../../src/setup/checks.ts';
import { checksOf } from '../../../../src/setup/checks.ts';
import type { TestSignIn } from '../../../../src/setup/setupPorts.ts';
import { setupReport } from '../../../../src/shell/setup/setupReport.ts';
import { SetupRun } from '../../../../src/shell/setup/setupRun.ts';
import type { SetupRunOptions } from '../../../../src/shell/setup/setupRun.ts';
import { answeringHttp } from '../../fakes/answeringHttp.ts';
import { oktaConnection, tokenSet } from '../../fakes/examples.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { settle } from '../../fakes/settle.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const scimToken = 'a-secret-of-scim';
const inputs = {
  scimEndpoint: 'https://scim.us-east-1.amazonaws.com/1/scim/v2',
  userName: 'ana@example.com',
};
const signedIn: TestSignIn = {
  accountLabel: 'ana@example.com',
  tokenSet,
  fresh: async () => tokenSet,
  renew: async () => tokenSet,
};
const only = (...ids: readonly CheckId[]) => checksOf.kiro.filter(({ id }) => ids.includes(id));

function createRun(more: Partial<SetupRunOptions> = {}): SetupRun {
  return new SetupRun({
    document: 'kiro',
    subject: 'https://example.okta.com/oauth2/aus1 (0oa1)',
    inputs,
    ports: setupPorts({
      http: answeringHttp(() => Response.json({ detail: '**Not** `you`' }, { status: 401 })).http,
      loopbackPorts: async () => [{ port: 2128, address: '::1', code: 'EADDRINUSE' }],
    }),
    signIn: async () => signedIn,
    ...more,
  });
}

describe('the report', () => {
  test('has every step with its findings, the evidence, whose move it is and where', async () => {
    using run = createRun({ inputs: { ...inputs, okta: oktaConnection } });
    await run.run(only('okta.loopbackPorts', 'scim.endpoint', 'scim.token', 'scim.read', 'manual.profile'), {
      testSignIn: 'no',
      scimToken,
    });
    const report = setupReport(run, { has: (id) => id === 'manual.profile' });
    expect(report).toContain('# Check of the set-up: Kiro with Okta (OIDC)');
    expect(report).toContain('## 1. The OIDC application');
    expect(report).toContain(
      '- Callback ports on this machine: **right, but**. Some callback ports are taken',
    );
    expect(report).toContain('  - Taken: `2128 (::1: EADDRINUSE)`');
    expect(report).toContain('- SCIM access token: **wrong**. The endpoint does not accept this token');
    expect(report).toContain('  - AWS administrator: Kiro console > Settings');
    expect(report).toContain('- People can be looked up: **not known**. Not checked: it depends on');
    expect(report).toContain('- [x] Issuer URL and application id');
    expect(report).toContain('  - Client id: `0oa1b2c3d4E5f6G7h8i9`');
    expect(report).toContain('- [ ] The domain has the status Verified');
    expect(report).toContain('- Client id: not checked');
  });

  test('holds no token, and a server has no say in how it looks', async () => {
    using run = createRun();
    await run.run(only('scim.endpoint', 'scim.token'), { testSignIn: 'no', scimToken });
    const report = setupReport(run, { has: () => false });
    expect(report).not.toContain(scimToken);
    expect(report).toContain('- The server’s words: `` **Not** `you` ``');
  });
});

describe('a run', () => {
  test('tells what is under way, what is found, and how many of which kind', async () => {
    using run = createRun();
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

  test('that is cancelled leaves what was found, and what was under way is not checked', async () => {
    using run = createRun({
      ports: setupPorts({ loopbackPorts: async () => new Promise(() => undefined) }),
    });
    const running = run.run(only('okta.loopbackPorts', 'scim.endpoint'), { testSignIn: 'no' });
    await settle();
    run.cancel();
    await running;
    expect(run.isRunning).toBe(false);
    expect(run.stateOf('okta.loopbackPorts').state).toBe('waiting');
    expect(run.findingOf('scim.endpoint')?.state).toBe('pass');
  });

  test('signs in once for all checks, and anew only when the sign-in itself is repeated', async () => {
    const signIn = vi.fn(async () => signedIn);
    using run = createRun({ inputs: { okta: oktaConnection }, signIn });
    const checks = only('okta.signIn', 'okta.assignments', 'okta.refreshToken');
    await run.run(checks, { testSignIn: 'once' });
    expect(signIn).toHaveBeenCalledTimes(1);
    await run.run(only('okta.refreshToken'), { testSignIn: 'no' });
    expect(run.findingOf('okta.refreshToken')?.state).toBe('pass');
    expect(signIn).toHaveBeenCalledTimes(1);
    await run.run(only('okta.signIn'), { testSignIn: 'again' });
    expect(signIn).toHaveBeenCalledTimes(2);
  });

  test('tries a sign-in that failed again', async () => {
    let tries = 0;
    const signIn = async (): Promise<TestSignIn> => {
      tries += 1;
      if (tries === 1) throw new Error('The browser was closed.');
      return signedIn;
    };
    using run = createRun({ inputs: { okta: oktaConnection }, signIn });
    await run.run(only('okta.signIn'), { testSignIn: 'once' });
    expect(run.findingOf('okta.signIn')?.state).toBe('inconclusive');
    await run.run(only('okta.signIn'), { testSignIn: 'once' });
    expect(run.findingOf('okta.signIn')?.state).toBe('pass');
  });
});
