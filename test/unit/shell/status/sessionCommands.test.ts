import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { refreshNow, showRefreshError } from '../../../../src/shell/status/sessionCommands.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());
afterEach(() => void vi.restoreAllMocks());

const shown = () => settleUntil(() => screen.messages.length > 0 || screen.input !== undefined);

describe('refreshNow', () => {
  test('reports that no account is signed in', async () => {
    const { context } = await shellWorld();
    await refreshNow(context, undefined);
    expect(screen.message.message).toBe('You’re not signed in.');
  });

  test('uses the only session, and lets the user choose among several', async () => {
    const one = await shellWorld({ stored: [oktaSession] });
    const refreshed = vi.spyOn(one.sessions, 'refresh').mockResolvedValue(oktaSession);
    await refreshNow(one.context, undefined);
    expect(refreshed).toHaveBeenCalledWith(oktaSession.id, expect.anything());
    const two = await shellWorld({ stored: [oktaSession, identityCenterSession] });
    const chosen = vi.spyOn(two.sessions, 'refresh').mockResolvedValue(identityCenterSession);
    const done = refreshNow(two.context, undefined);
    await shown();
    screen.pick.choose('Example');
    await done;
    expect(chosen).toHaveBeenCalledWith(identityCenterSession.id, expect.anything());
  });

  test('rejects for a program that names the session', async () => {
    const { context, sessions } = await shellWorld({ stored: [oktaSession] });
    vi.spyOn(sessions, 'refresh').mockRejectedValue(new SignInError('network'));
    expect(await rejectionOf(refreshNow(context, oktaSession.id))).toMatchObject({ kind: 'network' });
    expect(await rejectionOf(refreshNow(context, 'gone'))).toMatchObject({ kind: 'signInNeeded' });
    expect(screen.allMessages).toEqual([]);
  });
});

describe('showRefreshError', () => {
  test.each([
    ['grantRevoked', 'Sign In Again'],
    ['signInNeeded', 'Sign In Again'],
    ['network', 'Try Again'],
  ] as const)('%s suggests: %s', async (kind, way) => {
    const { context } = await shellWorld();
    const done = showRefreshError(context, oktaSession, new SignInError(kind));
    await shown();
    expect(screen.message.buttons[0]).toBe(way);
    screen.message.answer(undefined);
    await done;
  });

  test('signs in again to the same account, with the same scopes', async () => {
    const { context, begun } = await shellWorld();
    const done = showRefreshError(context, oktaSession, new SignInError('grantRevoked'));
    await shown();
    screen.message.answer('Sign In Again');
    await done;
    expect(begun).toMatchObject([
      {
        connection: oktaSession.connection,
        request: { scopes: oktaSession.tokenSet.scopes, account: 'ada@example.com' },
      },
    ]);
  });
});
