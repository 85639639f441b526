import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { OrganizationRules, PolicyFile } from '../../../src/features/organizationPolicy.ts';
import { followOrganization } from '../../../src/shell/followOrganization.ts';
import { policyWarnings, showPolicyWarning } from '../../../src/shell/policyMessages.ts';
import { offerSignIn } from '../../../src/shell/signIn/offerSignIn.ts';
import { oktaConnection } from '../fakes/examples.ts';
import { screen } from '../fakes/screen.ts';
import { settle, settleUntil } from '../fakes/settle.ts';
import { shellWorld } from '../fakes/shellWorld.ts';

interface Focus {
  changes: (state: { readonly focused: boolean }) => void;
}
const focus = vi.hoisted((): Focus => ({ changes: () => undefined }));
vi.mock('vscode', async () => {
  const vscode = await import('../fakes/vscodeOnScreen.ts');
  const onDidChangeWindowState = (listener: Focus['changes']) => {
    focus.changes = listener;
    return new vscode.Disposable(() => (focus.changes = () => undefined));
  };
  return { ...vscode, window: { ...vscode.window, onDidChangeWindowState } };
});

beforeEach(() => {
  screen.clear();
  screen.state.focused = true;
});

const file = '/etc/developer-sign-in/policy.json';
const none: OrganizationRules = { file, state: 'none', policy: {}, files: [] };
const broken = (name: string): OrganizationRules => {
  const one: PolicyFile = { file: name, policy: {}, problem: { kind: 'tooLarge' }, unknownRules: [] };
  return { file, state: 'broken', policy: {}, files: [one] };
};

/** A window with organization policies that the test changes. */
async function following(first: OrganizationRules) {
  const world = await shellWorld({ connections: [oktaConnection] });
  let rules = first;
  let isHeard = (): void => undefined;
  let changes = 0;
  let looks = 0;
  let loads = 0;
  const underRules = async () => {
    loads += 1;
    return { policyWarnings, showPolicyWarning, offerSignIn };
  };
  const organization = async () => {
    looks += 1;
    return rules;
  };
  const context = { ...world.context, organization };
  const follower = followOrganization(
    context,
    (listener) => {
      isHeard = listener;
      const stop = (): void => {
        isHeard = () => undefined;
      };
      return { check: async () => isHeard(), [Symbol.dispose]: stop };
    },
    () => (changes += 1),
    underRules,
  );
  onTestFinished(() => void follower.dispose());
  await settleUntil(() => looks > 0);
  await settle();
  return {
    changes: (): number => changes,
    dispose: () => void follower.dispose(),
    looks: (): number => looks,
    loads: (): number => loads,
    become: async (next: OrganizationRules, how: () => void = () => isHeard()) => {
      rules = next;
      how();
      await settle();
      await settle();
    },
  };
}

test('followOrganization: each window loaded the whole sign-in, even without rules', async () => {
  const { become, loads } = await following(none);
  focus.changes({ focused: true });
  await settle();
  expect(loads()).toBe(0);
  await become({ ...none, state: 'inForce', policy: { allowCliCache: false } });
  expect(loads()).toBeGreaterThan(0);
});

describe('followOrganization: organization policies', () => {
  test('that change are reported, and unchanged ones are not', async () => {
    const { become, changes } = await following(none);
    expect(changes()).toBe(0);
    await become({ ...none, state: 'inForce', policy: { allowCliCache: false } });
    expect(changes()).toBe(1);
    await become({ ...none, state: 'inForce', policy: { allowCliCache: false } });
    expect(changes()).toBe(1);
    await become(none);
    expect(changes()).toBe(2);
  });

  test('report their problems at startup, each once', async () => {
    const { become } = await following(broken(file));
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message).toMatchObject({
      severity: 'error',
      message: expect.stringContaining(file) as unknown,
    });
    screen.message.answer(undefined);
    await become(none);
    await become(broken(file));
    expect(screen.allMessages).toHaveLength(1);
    const team = '/etc/developer-sign-in/policy.d/team.json';
    await become(broken(team));
    expect(screen.allMessages).toHaveLength(2);
    expect(screen.message.message).toContain(team);
  });

  test('that arrive later offer the sign-in that they request', async () => {
    const { become } = await following(none);
    await become({
      ...none,
      state: 'inForce',
      policy: { connections: [oktaConnection], offerSignIn: true },
    });
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.buttons).toEqual(['Sign In', 'Not Now']);
  });

  test('are read when the window gets focus, not when it loses it', async () => {
    const { become, changes } = await following(none);
    await become(broken(file), () => focus.changes({ focused: false }));
    expect(changes()).toBe(0);
    await become(broken(file), () => focus.changes({ focused: true }));
    expect(changes()).toBe(1);
  });

  test('are no longer followed once the window is closed', async () => {
    const { become, changes, dispose, looks } = await following(none);
    dispose();
    const before = looks();
    await become(broken(file));
    expect(changes()).toBe(0);
    expect(looks()).toBe(before);
  });
});
