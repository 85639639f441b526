import { describe, expect, test, vi } from 'vitest';
import { pass } from '../../../../src/setup/checkResult.ts';
import type { CheckId } from '../../../../src/setup/checks/index.ts';
import { steps } from '../../../../src/setup/setupGuides.ts';
import { setupItem } from '../../../../src/shell/setup/setupItems.ts';
import type { SetupNode } from '../../../../src/shell/setup/setupNodes.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';
import { settle } from '../../fakes/settle.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeWithViews.ts'));

/** A run, and the tree item of a check or step by its title. */
function drawn(run = setupRun(), ...ticked: readonly CheckId[]) {
  const nodes: readonly SetupNode[] = [
    ...steps[run.document].map((step) => ({ kind: 'step' as const, step })),
    ...run.checks.map((check) => ({ kind: 'check' as const, check })),
  ];
  const line = (label: string) => {
    const setup = { run, ticks: { has: (id: CheckId) => ticked.includes(id) } };
    const item = nodes.map((node) => setupItem(setup, node, false)).find((one) => one.label === label);
    if (item === undefined) throw new Error(`No line has the label ${label}`);
    const { description, iconPath, accessibilityInformation, contextValue } = item;
    const icon = (iconPath as { readonly id: string } | undefined)?.id;
    return { description, icon, spoken: accessibilityInformation?.label, contextValue };
  };
  return { run, line };
}

describe('setupItem: a line of the checklist', () => {
  test('that checks have shown is ticked, and says by which', () => {
    const { run, line } = drawn();
    vi.spyOn(run, 'resultOf').mockImplementation((id) =>
      ['kiro.profile', 'manual.profile'].includes(id) ? pass() : undefined,
    );
    expect(line('The profile’s issuer URL and application ID match this check')).toMatchObject({
      description: 'Verified by “Issuer, application, and domain in Kiro”',
    });
    expect(line('8. The Kiro profile').description).toBe('3 passed');
    expect(line('The domain has the status Verified').description).toMatch(/^Verified by/);
    expect(line('People or groups are subscribed').description).toBe('To verify manually');
  });
});

describe('setupItem: a check', () => {
  test('tells whether it is under way, waits or was not run', async () => {
    const run = setupRun({ ports: setupPorts({ loopbackPorts: () => new Promise(() => undefined) }) });
    const { line } = drawn(run);
    expect(line('Refresh token').description).toBe('Not checked');
    const running = run.run(only('okta.loopbackPorts', 'okta.refreshToken'), { testSignIn: 'once' });
    await settle();
    expect(line('Callback ports on this computer')).toMatchObject({
      description: 'checking…',
      icon: 'loading~spin',
    });
    expect(line('Issuer and metadata').description).toBe('waiting');
    run.cancel();
    await running;
  });

  test.each([
    ['Callback ports on this computer', 'warning', /^Warning: Some callback ports are in use/],
    ['SCIM endpoint', 'pass', /^Passed$/],
    ['SCIM access token', 'error', /^Failed: The endpoint rejected the token/],
    ['People can be looked up', 'question', /^Not verified: Depends on/],
  ])('%s is shown by the icon %s and a word', async (label, icon, description) => {
    const { run, line } = drawn();
    await run.run(only('okta.loopbackPorts', 'scim.endpoint', 'scim.token', 'scim.read'), {
      testSignIn: 'no',
      scimToken: 'a-token',
    });
    expect(line(label).icon).toBe(icon);
    expect(line(label).description).toMatch(description);
    expect(line(label).spoken).toMatch(new RegExp(`^${label}: `));
  });

  test('of the checklist is ticked by hand, and cannot be run again', () => {
    const { line } = drawn(setupRun(), 'manual.profile');
    const profile = 'The profile’s issuer URL and application ID match this check';
    expect(line(profile)).toMatchObject({ description: 'Verified by you', contextValue: 'setupManual' });
    expect(line('The domain has the status Verified').description).toMatch(/^To verify manually/);
  });
});
