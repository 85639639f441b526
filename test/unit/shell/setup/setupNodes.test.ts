import { describe, expect, test, vi } from 'vitest';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import type { CheckId } from '../../../../src/setup/checks/index.ts';
import { changeLines, linesOf } from '../../../../src/shell/setup/setupNodes.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeWithViews.ts'));

/** The lines below a check of a run. */
function linesBelow(run: ReturnType<typeof setupRun>, id: CheckId, isVerified = false) {
  return run.checks.filter((check) => check.id === id).flatMap((check) => linesOf(run, check, isVerified));
}

describe('linesOf: a line of the checklist', () => {
  const center = () =>
    setupRun({
      document: 'identityCenter',
      checks: checksOf.identityCenter.filter(({ id }) => id === 'manual.suggestion'),
    });

  test('sent a person who types in the editor to a console', async () => {
    const run = center();
    await run.run(run.checks, { testSignIn: 'no' });
    expect(linesBelow(run, 'manual.suggestion')).toContainEqual(
      expect.objectContaining({
        icon: 'arrow-right',
        label: 'Type code in the editor with Kiro or Amazon Q. A suggestion should appear.',
      }),
    );
  });

  test('that is ticked still said what to do', async () => {
    const run = center();
    await run.run(run.checks, { testSignIn: 'no' });
    const icons = linesBelow(run, 'manual.suggestion', true).map((node) => 'icon' in node && node.icon);
    expect(icons).not.toContain('arrow-right');
  });
});

describe('linesOf: a check', () => {
  test('copied the whole sentence, and not the value that it says to use', async () => {
    const run = setupRun({ inputs: { scimEndpoint: 'https://scim.us-east-1.amazonaws.com/1/scim/v2/' } });
    await run.run(only('scim.endpoint'), { testSignIn: 'no' });
    const address = 'https://scim.us-east-1.amazonaws.com/1/scim/v2';
    const lines = linesBelow(run, 'scim.endpoint');
    expect(lines).toContainEqual(
      expect.objectContaining({ label: `Use this instead: ${address}`, copies: address }),
    );
    // Regression: the same value appeared again as “Suggested”.
    expect(lines).not.toContainEqual(expect.objectContaining({ description: address }));
  });

  test('has lines for what to do, where, and what was seen, the first of them to be copied', async () => {
    const run = setupRun();
    await run.run(only('okta.loopbackPorts', 'scim.endpoint', 'scim.token'), {
      testSignIn: 'no',
      scimToken: 'a-token',
    });
    expect(linesBelow(run, 'scim.token')).toMatchObject([
      { label: expect.stringMatching(/generate a new$/) as string, icon: 'arrow-right' },
      { label: 'token and enter it in Okta.', copies: expect.stringContaining('a new token and') as string },
      {
        label: 'AWS administrator',
        description: expect.stringMatching(/^Kiro console/) as string,
        copies: expect.stringMatching(/^Kiro console/) as string,
      },
      { label: 'HTTP status', description: '401' },
      { label: 'Server message', description: '**Not** `you`' },
    ]);
    const [, free] = linesBelow(run, 'okta.loopbackPorts');
    expect(free).toMatchObject({ label: 'Available', description: '4649' });
  });

  test.each([
    ['okta.redirectUris', 'kiro', /Sign-in redirect URIs$/],
    ['scim.endpoint', 'identityCenter', /SCIM endpoint$/],
  ] as const)('the console path of %s was cut off in a narrow window', async (id, document, end) => {
    const scimEndpoint =
      'https://scim.us-east-1.amazonaws.com/708233b11ec-821f7538-5ecc-4167-9c68-320fb5127c03/scim/v2/';
    const run = setupRun({ document, checks: checksOf[document], inputs: { scimEndpoint } });
    await run.run(
      run.checks.filter((check) => check.id === id),
      { testSignIn: 'no' },
    );
    const lines = linesBelow(run, id).flatMap((node) => (node.kind === 'line' ? [node] : []));
    const first = lines.findIndex(({ label }) => label === 'Okta administrator');
    const path = lines.slice(first).filter(({ label }, index) => index === 0 || label === '');
    expect(path.length).toBeGreaterThan(1);
    const whole = path.map(({ description }) => description).join(' ');
    expect(whole).toMatch(/^Okta Admin Console > /);
    expect(whole).toMatch(end);
    for (const { label, description = '', copies } of path) {
      expect(label.length * 1.15 + description.length).toBeLessThanOrEqual(108);
      expect(copies).toBe(whole);
    }
    for (const { label, description } of lines)
      if (description === undefined) expect(label.length).toBeLessThanOrEqual(96);
  });

  test('shows several values below their name, and copies all of them', async () => {
    const taken = [2128, 4649].map((port) => ({ port, address: '::1', code: 'EADDRINUSE' }));
    const run = setupRun({ ports: setupPorts({ loopbackPorts: async () => taken }) });
    await run.run(only('okta.loopbackPorts'), { testSignIn: 'no' });
    expect(linesBelow(run, 'okta.loopbackPorts')).toContainEqual(
      expect.objectContaining({
        label: 'In use',
        description: '2 values',
        copies: '2128 (::1: EADDRINUSE)\n4649 (::1: EADDRINUSE)',
        lines: ['2128 (::1: EADDRINUSE)', '4649 (::1: EADDRINUSE)'],
      }),
    );
  });

  test('that has not run has none', () => {
    expect(linesBelow(setupRun(), 'scim.token')).toEqual([]);
  });
});

test('changeLines: the first run of a setup has none', () => {
  expect(changeLines(setupRun())).toEqual([]);
});
