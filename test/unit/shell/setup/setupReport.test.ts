import { describe, expect, test, vi } from 'vitest';
import { setupReport } from '../../../../src/shell/setup/setupReport.ts';
import { oktaConnection } from '../../fakes/examples.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const scimToken = 'a-secret-of-scim';
const scimEndpoint = 'https://scim.us-east-1.amazonaws.com/1/scim/v2';

describe('setupReport: content', () => {
  test('has every step with its results, evidence, owner and console path', async () => {
    using run = setupRun({ inputs: { scimEndpoint, oktaClient: oktaConnection } });
    await run.run(only('okta.loopbackPorts', 'scim.endpoint', 'scim.token', 'scim.read', 'manual.profile'), {
      testSignIn: 'no',
      scimToken,
    });
    const report = setupReport(run, { has: (id) => id === 'manual.profile' });
    expect(report).toContain('# SSO setup: Kiro with Okta (OIDC)');
    const headings = [...report.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'To fix: AWS administrator',
      'To fix: you',
      'Not verified',
      'Verify manually',
      'Passed',
    ]);
    const manual = run.checks.filter((check) => check.run === undefined).length;
    const open = run.checks.length - manual - 3;
    expect(report).toContain(
      `1 failed · 1 with a warning · ${open} not verified · ${manual - 1} to verify manually · 1 verified manually · 1 passed`,
    );
    expect(report).toContain(
      '- Callback ports on this computer (The OIDC application): **Warning**. Some callback ports are in use',
    );
    expect(report).toContain('  - In use: `2128 (::1: EADDRINUSE)`');
    expect(report).toContain('**Failed**. The endpoint rejected the token');
    expect(report).toContain('  - AWS administrator: Kiro console > Settings');
    expect(report).toContain('**Not verified**. Depends on');
    expect(report).toContain('- [x] The profile’s issuer URL');
    expect(report).toContain('  - Client ID: `0oa1b2c3d4E5f6G7h8i9`');
    expect(report).toContain('- [ ] The domain has the status Verified');
    expect(report).toContain('**Not checked**');
  });

  test('repeated for each check that its input is missing, and that it is to be run again', async () => {
    using run = setupRun({ inputs: {} });
    await run.run(run.checks, { testSignIn: 'no' });
    const report = setupReport(run, { has: () => false });
    expect(report).not.toContain('Missing input');
    expect(report).not.toContain('enter the missing values');
    const notes = report.match(/^- With “.*$/gm) ?? [];
    expect(notes.length).toBeLessThan(8);
    expect(notes[0]).toMatch(/^- With “Issuer and client ID”, \d+ more checks run: Client ID, /);
    expect(report).toContain(' (also needs “Read-only Okta API token, or a service app”)');
  });

  test('said nowhere that nothing failed', async () => {
    using run = setupRun();
    await run.run(only('scim.endpoint'), { testSignIn: 'no' });
    expect(setupReport(run, { has: () => false })).toMatch(
      /^No problems found in what was checked \(1 of \d+\) · /m,
    );
  });

  test('names the console page if its address is known', async () => {
    using run = setupRun({ inputs: { oktaClient: { ...oktaConnection, clientId: 'no client id' } } });
    await run.run(only('okta.redirectUris', 'okta.rule'), { testSignIn: 'no' });
    expect(setupReport(run, { has: () => false })).toContain(
      '> Scopes requested <https://example-admin.okta.com/admin/oauth2/as/aus1a2b3c4d5>',
    );
  });

  test('contains no token, and servers cannot change its appearance', async () => {
    using run = setupRun();
    await run.run(only('scim.endpoint', 'scim.token'), { testSignIn: 'no', scimToken });
    const report = setupReport(run, { has: () => false });
    expect(report).not.toContain(scimToken);
    expect(report).toContain('- Server message: `` **Not** `you` ``');
  });

  test('made a link of the login of the person in a heading', async () => {
    const http = async (): Promise<Response> => Response.json({ Resources: [] });
    const userName = '[ana](https://evil.example)';
    using run = setupRun({
      inputs: { scimEndpoint: 'https://scim.us-east-1.amazonaws.com/1/scim/v2', userName },
      ports: setupPorts({ http }),
    });
    await run.run(only('scim.endpoint', 'scim.token', 'scim.read', 'scim.person'), {
      testSignIn: 'no',
      scimToken,
    });
    expect(setupReport(run, { has: () => false })).toContain(
      '## Does `[ana](https://evil.example)` have access?',
    );
  });
});
