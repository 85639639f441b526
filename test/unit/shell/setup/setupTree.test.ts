import { beforeEach, describe, expect, test, vi } from 'vitest';
import { pass } from '../../../../src/setup/checkResult.ts';
import { checksOf } from '../../../../src/setup/checks/index.ts';
import type { CheckId } from '../../../../src/setup/checks/index.ts';
import { SetupTree } from '../../../../src/shell/setup/setupTree.ts';
import type { SetupNode } from '../../../../src/shell/setup/setupTree.ts';
import { setupPorts } from '../../fakes/setupPorts.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';
import { settle } from '../../fakes/settle.ts';
import { TreeItemCollapsibleState, views, window } from '../../fakes/vscodeWithViews.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeWithViews.ts'));

beforeEach(() => views.clear());

/** The tree of a run as it is drawn. */
function drawn(run = setupRun(), ...ticked: readonly CheckId[]) {
  const tree = new SetupTree(run, { has: (id) => ticked.includes(id) });
  const view = window.createTreeView<SetupNode>('setup', { treeDataProvider: tree });
  const line = (label: string) => {
    const item = tree.getTreeItem(view.node(label));
    const { description, iconPath, accessibilityInformation, contextValue, collapsibleState } = item;
    return {
      description,
      icon: (iconPath as { readonly id: string } | undefined)?.id,
      spoken: accessibilityInformation?.label,
      contextValue,
      isOpen: Number(collapsibleState) === TreeItemCollapsibleState.Expanded,
      id: item.id,
    };
  };
  return { run, tree, view, line };
}

describe('SetupTree: a step', () => {
  test('stands in the order of the guide, and counts what its checks found', async () => {
    const { run, view, line } = drawn();
    await run.run(only('okta.loopbackPorts', 'okta.clientId'), { testSignIn: 'no' });
    expect(view.lines().map(({ label }) => label)).toEqual(
      expect.arrayContaining(['1. The OIDC application', '12. The service responds']),
    );
    expect(line('1. The OIDC application')).toMatchObject({
      description: '1 with a warning · 1 not verified',
      icon: 'warning',
      spoken: 'Step 1, The OIDC application: 1 with a warning · 1 not verified',
      isOpen: false,
    });
  });

  test('opens when a check of it fails, and stays open', async () => {
    const { run, line } = drawn();
    await run.run(only('scim.endpoint', 'scim.token'), { testSignIn: 'no', scimToken: 'a-token' });
    const failed = line('10. Provisioning from Okta to Kiro');
    expect(failed).toMatchObject({
      description: '1 failed · 1 passed · 0 of 1 verified manually',
      icon: 'error',
      isOpen: true,
    });
    await run.run(only('scim.endpoint', 'scim.token'), { testSignIn: 'no' });
    expect(line('10. Provisioning from Okta to Kiro')).toMatchObject({ isOpen: true, id: failed.id });
  });

  test('that only a person can look at passes when every line is ticked', async () => {
    const all = only('manual.profile');
    const open = drawn();
    await open.run.run(all, { testSignIn: 'no' });
    expect(open.line('8. The Kiro profile')).toMatchObject({
      description: '0 of 1 verified manually',
      icon: 'question',
    });
    const done = drawn(setupRun(), 'manual.profile');
    await done.run.run(all, { testSignIn: 'no' });
    expect(done.line('8. The Kiro profile')).toMatchObject({
      description: '1 of 1 verified manually',
      icon: 'pass',
    });
  });
});

describe('SetupTree: checks that lack the same input', () => {
  test('stand together in their step, where each has its own evidence', async () => {
    const { run, tree, view, line } = drawn();
    await run.run(run.checksAt('kiro.provisioning'), { testSignIn: 'no' });
    const step = view.node('10. Provisioning from Okta to Kiro');
    const labels = view.lines(step).map(({ label }) => label);
    expect(labels).toContain('Missing input: SCIM access token');
    expect(labels).toContain('SCIM endpoint');
    expect(labels).not.toContain('SCIM access token');
    expect(new Set(labels).size).toBe(labels.length);
    expect(line('Missing input: SCIM access token')).toMatchObject({
      description: '3 not verified',
      icon: 'question',
      contextValue: 'setupMissing',
      isOpen: false,
    });
    const group = view.node('Missing input: SCIM access token');
    const inside = tree.getChildren(group);
    expect(inside.map((node) => node.kind)).toEqual(['check', 'check', 'check']);
    expect(inside.map((node) => tree.getParent(node))).toEqual(inside.map(() => group));
    expect(tree.getParent(group)).toBe(step);
  });

  test('stay rows of their own while the checks run, and where only one lacks it', async () => {
    const { run, view } = drawn();
    const running = run.run(only('scim.token', 'scim.read'), { testSignIn: 'no' });
    const step = view.node('10. Provisioning from Okta to Kiro');
    const groups = (of = view) => of.lines(step).filter((item) => item.contextValue === 'setupMissing');
    expect(groups()).toEqual([]);
    await running;
    expect(groups()).toHaveLength(1);
    const one = drawn();
    await one.run.run(only('scim.token'), { testSignIn: 'no' });
    expect(groups(one.view)).toEqual([]);
  });
});

describe('SetupTree: a line of the checklist', () => {
  test('that checks have shown is ticked, and says by which', () => {
    const { run, line } = drawn();
    vi.spyOn(run, 'findingOf').mockImplementation((id) =>
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

describe('SetupTree: a line of the checklist that is ticked', () => {
  const suggestion = 'A suggestion appears while you type';
  const center = () =>
    setupRun({
      document: 'identityCenter',
      checks: checksOf.identityCenter.filter(({ id }) => id === 'manual.suggestion'),
    });

  test('sent a person who types in the editor to a console', async () => {
    const { run, tree, view } = drawn(center());
    await run.run(run.checks, { testSignIn: 'no' });
    expect(tree.getChildren(view.node(suggestion))).toContainEqual(
      expect.objectContaining({
        icon: 'arrow-right',
        label: 'Type code in the editor with Kiro or Amazon Q: a suggestion appears.',
      }),
    );
  });

  test('still said what to do', async () => {
    const { run, tree, view } = drawn(center(), 'manual.suggestion');
    await run.run(run.checks, { testSignIn: 'no' });
    const icons = tree.getChildren(view.node(suggestion)).map((node) => 'icon' in node && node.icon);
    expect(icons).not.toContain('arrow-right');
  });
});

describe('SetupTree: a check', () => {
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
    ['People can be looked up', 'question', /^Not verified: Waits for/],
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

  test('copied the whole sentence, and not the value that it says to use', async () => {
    const { run, tree, view } = drawn(
      setupRun({ inputs: { scimEndpoint: 'https://scim.us-east-1.amazonaws.com/1/scim/v2/' } }),
    );
    await run.run(only('scim.endpoint'), { testSignIn: 'no' });
    const address = 'https://scim.us-east-1.amazonaws.com/1/scim/v2';
    expect(tree.getChildren(view.node('SCIM endpoint'))).toContainEqual(
      expect.objectContaining({ label: `Use this instead: ${address}`, copies: address }),
    );
    // The same value stood there a second time, as “Suggested”.
    expect(view.lines(view.node('SCIM endpoint')).map(({ description }) => description)).not.toContain(
      address,
    );
  });

  test('has lines for what to do, where, and what was seen, the first of them to be copied', async () => {
    const { run, tree, view } = drawn();
    await run.run(only('okta.loopbackPorts', 'scim.endpoint', 'scim.token'), {
      testSignIn: 'no',
      scimToken: 'a-token',
    });
    expect(tree.getChildren(view.node('SCIM access token'))).toMatchObject([
      { label: expect.stringContaining('generate a new token') as string, icon: 'arrow-right' },
      {
        label: 'AWS administrator',
        description: expect.stringMatching(/^Kiro console/) as string,
        copies: expect.stringMatching(/^Kiro console/) as string,
      },
      { label: 'HTTP status', description: '401' },
      { label: 'Server message', description: '**Not** `you`' },
    ]);
    const [, free] = tree.getChildren(view.node('Callback ports on this computer'));
    expect(free).toMatchObject({ label: 'Available', description: '4649' });
  });

  test('shows several values below their name, and copies all of them', async () => {
    const taken = [2128, 4649].map((port) => ({ port, address: '::1', code: 'EADDRINUSE' }));
    const { run, tree, view } = drawn(setupRun({ ports: setupPorts({ loopbackPorts: async () => taken }) }));
    await run.run(only('okta.loopbackPorts'), { testSignIn: 'no' });
    const node = view.node('In use');
    expect(node).toMatchObject({
      description: '2 values',
      copies: '2128 (::1: EADDRINUSE)\n4649 (::1: EADDRINUSE)',
    });
    expect(tree.getChildren(node).map((one) => tree.getTreeItem(one).label)).toEqual([
      '2128 (::1: EADDRINUSE)',
      '4649 (::1: EADDRINUSE)',
    ]);
  });
});

test('firstFailed is the first check that failed, below its step', async () => {
  const { run, tree } = drawn();
  expect(tree.firstFailed()).toBeUndefined();
  await run.run(only('okta.loopbackPorts', 'scim.endpoint', 'scim.token', 'scim.read'), {
    testSignIn: 'no',
    scimToken: 'a-token',
  });
  const failed = tree.firstFailed();
  if (failed?.kind !== 'check') throw new Error('A check has failed.');
  expect(failed.check.id).toBe('scim.token');
  expect(tree.getParent(failed)).toEqual({ kind: 'step', step: 'kiro.provisioning' });
});
