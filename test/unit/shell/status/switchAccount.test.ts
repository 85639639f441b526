import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { switchAccount } from '../../../../src/shell/status/switchAccount.ts';
import { hour, identityCenterSession, january, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const bob = {
  ...oktaSession,
  id: 'e'.repeat(32),
  account: { id: 'bob', label: 'bob@example.com (example.okta.com)', name: 'bob@example.com' },
};

async function list(...stored: readonly Session[]) {
  const world = await shellWorld({ stored });
  const done = switchAccount(world.context);
  await settleUntil(() => screen.input?.title === 'Switch Account');
  return { ...world, done };
}

async function choose(label: string): Promise<void> {
  vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000);
  screen.pick.choose(label);
  vi.restoreAllMocks();
  await settle();
}

describe('switchAccount', () => {
  test('sets the selected account as default', async () => {
    const { done, sessions } = await list(oktaSession, bob);
    expect(screen.pick.labels).toEqual([
      'ada@example.com',
      'bob@example.com (default)', // The first one that VS Code gets if none was chosen.
      'Use a Different Account at Example',
      'Sign In…',
    ]);
    await choose('ada@example.com');
    await done;
    expect(screen.statusMessages.map(({ text }) => text)).toEqual([
      'ada@example.com is now the default account',
    ]);
    const { sessions: stored } = await sessions.list();
    expect(stored.find(({ id }) => id === oktaSession.id)?.preferredAt).toBeGreaterThan(0);
  });

  test('signs in with another account of a connection, which its provider then asks for', async () => {
    const { done, begun } = await list(oktaSession);
    await choose('Use a Different Account at Example');
    await done;
    expect(begun).toEqual([{ connection: oktaSession.connection, request: { prompt: 'login' } }]);
  });

  test('sets the account that signs in this way as default', async () => {
    const { context, done, sessions } = await list(oktaSession, bob);
    context.signIns.run = async () => bob;
    await choose('Use a Different Account at Example');
    await done;
    await settle();
    const { sessions: stored } = await sessions.list();
    expect(stored.find(({ id }) => id === bob.id)?.preferredAt).toBeGreaterThan(0);
  });

  test('does not call the only account of its provider the default', async () => {
    const { done, sessions } = await list(oktaSession, identityCenterSession);
    await choose('ada@example.com');
    await done;
    expect(screen.statusMessages.map(({ text }) => text)).toEqual(['Extensions already use ada@example.com']);
    const { sessions: stored } = await sessions.list();
    expect(stored.every(({ preferredAt }) => preferredAt === undefined)).toBe(true);
  });

  test('does not promise that if the provider cannot ask again', async () => {
    const { done } = await list(identityCenterSession);
    expect(screen.pick.labels).toEqual(['Example', 'Sign In…']);
    screen.pick.escape();
    await done;
  });

  test('signs in again to an ended account', async () => {
    const ended = {
      ...bob,
      ended: { at: january, kind: 'grantRevoked' as const },
      tokenSet: { ...bob.tokenSet, expiresAt: january - hour },
    };
    const { done, begun } = await list(oktaSession, ended);
    await choose('bob@example.com');
    await done;
    expect(begun[0]).toMatchObject({ request: { account: 'bob@example.com', prompt: 'login' } });
  });

  test('opens the list of all connections and providers', async () => {
    const { done } = await list(oktaSession);
    await choose('Sign In…');
    await settleUntil(() => screen.input?.title === 'Sign In');
    screen.pick.escape();
    await done;
  });
});
