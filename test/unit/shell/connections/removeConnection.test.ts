import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/core/connection/connection.ts';
import {
  notifyExistingSession,
  removeConnection,
} from '../../../../src/shell/connections/removeConnection.ts';
import {
  identityCenterConnection,
  identityCenterSession,
  oktaConnection,
  oktaSession,
} from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const shown = () => settleUntil(() => screen.messages.length > 0);

async function world(isSignedIn: boolean, connection: Connection = oktaConnection) {
  const session = connection === oktaConnection ? oktaSession : identityCenterSession;
  const all = await shellWorld({ connections: [connection], stored: isSignedIn ? [session] : [] });
  const removed: unknown[] = [];
  const settings = {
    ...(await all.context.connectionSettings()),
    removeConnection: async (one: unknown) => void removed.push(one),
  };
  return { ...all, removed, context: { ...all.context, connectionSettings: async () => settings } };
}

describe('removeConnection', () => {
  test.each([
    [false, ['Remove']],
    [true, ['Remove and Sign Out', 'Remove and Stay Signed In']],
  ])('offers to sign out if possible: %s', async (isSignedIn, buttons) => {
    const { context, removed } = await world(isSignedIn);
    const done = rejectionOf(removeConnection(context, oktaConnection));
    await shown();
    expect(screen.message).toMatchObject({ isModal: true, buttons });
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
    expect(removed).toEqual([]);
  });

  test.each([
    ['Remove and Sign Out', 0],
    ['Remove and Stay Signed In', 1],
  ])('%s', async (answer, left) => {
    const { context, removed, sessions } = await world(true);
    const done = removeConnection(context, oktaConnection);
    await shown();
    screen.message.answer(answer);
    await done;
    expect(removed).toEqual([oktaConnection]);
    expect((await sessions.list()).sessions).toHaveLength(left);
  });
});

describe('notifyExistingSession', () => {
  test('shows nothing without a signed-in account', async () => {
    const { context } = await world(false);
    await notifyExistingSession(context, oktaConnection, 'moved');
    expect(screen.allMessages).toEqual([]);
  });

  test('offers to sign out of the previous address', async () => {
    const { context, sessions } = await world(true);
    const done = notifyExistingSession(context, oktaConnection, 'moved');
    await shown();
    screen.message.answer('Sign Out');
    await done;
    expect((await sessions.list()).sessions).toEqual([]);
  });

  test('offers to sign in with the new scopes', async () => {
    const { context, begun } = await world(true);
    const done = notifyExistingSession(context, oktaConnection, 'scopes');
    await shown();
    screen.message.answer('Sign In Again');
    await done;
    expect(begun.map(({ connection }) => connection)).toEqual([oktaConnection]);
  });
});

describe.each(['removed', 'moved', 'scopes'] as const)(
  'notifyExistingSession and removeConnection: an account without a name, %s',
  (change) => {
    test('was said to be signed in as its connection', async () => {
      const { context } = await world(true, identityCenterConnection);
      const done =
        change === 'removed'
          ? rejectionOf(removeConnection(context, identityCenterConnection))
          : notifyExistingSession(context, identityCenterConnection, change);
      await shown();
      const { message, detail } = screen.message;
      expect(`${message} ${detail}`).not.toMatch(/signed in as/i);
      screen.message.answer(undefined);
      await done;
    });
  },
);
