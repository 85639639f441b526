import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { CheckId } from '../../../../src/setup/checks/index.ts';
import { SetupTree } from '../../../../src/shell/setup/setupTree.ts';
import type { SetupNode } from '../../../../src/shell/setup/setupNodes.ts';
import { only, setupRun } from '../../fakes/setupRun.ts';
import { TreeItemCollapsibleState, views, window } from '../../fakes/vscodeWithViews.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeWithViews.ts'));

beforeEach(() => views.clear());

/** The tree of a run as displayed. */
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
  test("is in the guide's order, and counts the results of its checks", async () => {
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

  test('expands when one of its checks fails, and stays expanded', async () => {
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

  test('that requires a manual check passes when every line is checked', async () => {
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

describe('SetupTree: checks that miss the same input', () => {
  test('are grouped in their step, each with its own evidence', async () => {
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

  test('are separate rows while the checks run, and if only one misses it', async () => {
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

test('SetupTree: a line with several values has them below it', () => {
  const { tree } = drawn();
  const node = { kind: 'line', label: 'In use', icon: 'note', copies: '1, 2', lines: ['1', '2'] } as const;
  expect(tree.getChildren(node).map((one) => tree.getTreeItem(one).label)).toEqual(['1', '2']);
  expect(tree.getTreeItem(node).collapsibleState).toBe(TreeItemCollapsibleState.Expanded);
});
