import { describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import { hour, identityCenterConnection, oktaConnection, oktaSession } from '../../fakes/examples.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { StatusItem } from '../../../../src/shell/status/statusItem.ts';
import type { StatusBarAppearance } from '../../../../src/shell/ui/statusBarItem.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const fresh: Session = {
  ...oktaSession,
  tokenSet: { ...oktaSession.tokenSet, expiresAt: Date.now() + hour },
};
const work: Connection = { ...oktaConnection, name: 'Work' };

async function lookOf(
  sessions: readonly Session[],
  underWay: readonly Connection[],
  lost: readonly string[] = [],
  failure?: SignInError,
) {
  const { context } = await shellWorld();
  if (failure !== undefined)
    vi.spyOn(context.sessions, 'lastFailure').mockReturnValue({
      at: Date.now(),
      error: failure,
      failures: 1,
    });
  const looks: StatusBarAppearance[] = [];
  const entry = {
    show: (look: StatusBarAppearance) => looks.push(look),
    hide: () => undefined,
    dispose: () => undefined,
  };
  const signIns = {
    all: underWay.map((connection, index) => ({
      key: String(index),
      connection,
      code: () => (connection.type === 'identityCenter' ? 'ABCD-EFGH' : undefined),
      show: () => undefined,
      cancel: () => undefined,
    })),
  };
  using item = new StatusItem(entry, { ...context, signIns } as never);
  item.show({
    sessions,
    lost: lost.map((id) => ({ id, accountLabel: 'example.okta.com', connection: oktaConnection })),
  });
  return looks[0];
}

describe('StatusItem: 6: the status bar', () => {
  test('spins before a first sign-in', async () => {
    expect(await lookOf([], [work])).toMatchObject({
      icon: 'loading~spin',
      text: 'Signing in…',
      isBusy: false,
    });
  });

  test('3: spells out the code of a sign-in for screen readers only', async () => {
    const look = await lookOf([], [identityCenterConnection]);
    expect(look?.spoken).toContain('Code: A B C D dash E F G H.');
    expect(`${look?.text} ${JSON.stringify(look?.hover)}`).not.toContain('ABCD');
  });

  test('shows the account and a spinner if both apply', async () => {
    const look = await lookOf([fresh], [work]);
    expect(look).toMatchObject({ icon: 'account', text: 'ada@example.com', isBusy: true, isWarning: false });
    expect(look?.spoken).toMatch(/Click to manage accounts\..*Signing in to Work\..*ada@example\.com/);
  });

  test('shows only the account if nothing is in progress', async () => {
    expect(await lookOf([fresh], [])).toMatchObject({ text: 'ada@example.com', isBusy: false });
  });

  test('keeps its warning next to the spinner', async () => {
    expect(await lookOf([], [work], ['1'])).toMatchObject({
      text: 'Sign In Again',
      isBusy: true,
      isWarning: true,
    });
  });
});

test('StatusItem: announces a lost session by its connection, not by its portal', async () => {
  const look = await lookOf([], [], ['1']);
  expect(look?.hover.at(-1)).toEqual({
    heading: 'Example',
    lines: ['Okta · example.okta.com', 'Your saved sign-in is no longer in the system keychain.'],
  });
});

describe('StatusItem: F10: a session that is kept although it cannot be refreshed', () => {
  const key = new SignInError('policy', { operation: 'refresh', reason: 'KMS_DisabledException' });
  const expired: Session = {
    ...oktaSession,
    tokenSet: { ...oktaSession.tokenSet, expiresAt: Date.now() - hour },
  };

  test('is not shown as ended', async () => {
    const look = await lookOf([expired], [], [], key);
    expect(look).toMatchObject({ text: 'Sign-in needs attention', isWarning: true });
    expect(look?.spoken).not.toContain('ended');
  });

  test('does not count as ended', async () => {
    const look = await lookOf([expired], [], ['1'], key);
    expect(look).toMatchObject({ text: 'Sign In Again', isWarning: true });
    expect(look?.spoken).toContain('A session has ended.');
  });
});
