import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { askWhichAccount } from '../../../../src/shell/signIn/signInQuestions.ts';
import { signInTo } from '../../../../src/shell/signIn/signInCommands.ts';
import {
  hour,
  identityCenterConnection,
  identityCenterSession,
  january,
  namedSession,
  oktaConnection,
  oktaSession,
} from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

const unnamed = 'Example';

beforeEach(() => {
  screen.clear();
  vi.useFakeTimers({ toFake: ['Date'], now: january });
});
afterEach(() => {
  vi.useRealTimers();
});

const shown = () => settleUntil(() => screen.input !== undefined);

describe('F15: askWhichAccount', () => {
  test('asks for a second user of one portal, who is kept next to the first by name', async () => {
    const { context } = await shellWorld({ stored: [identityCenterSession] });
    const asked = askWhichAccount(context, identityCenterConnection, {});
    await shown();
    expect(screen.pick.title).toBe('You’re already signed in to Example');
    expect(screen.pick.placeholder).toBe('Replace the account, or keep both?');
    expect(screen.pick.labels).toEqual([`Replace ${unnamed}`, 'Keep Both']);
    screen.pick.choose('Keep Both');
    await settleUntil(() => screen.input !== undefined && 'validationMessage' in screen.input);
    screen.field.submit('  Admin ');
    expect(await asked).toEqual({ accountName: 'Admin' });
  });

  test('replaces the selected account only', async () => {
    const { context } = await shellWorld({ stored: [identityCenterSession, namedSession] });
    const asked = askWhichAccount(context, identityCenterConnection, { scopes: ['sso:account:access'] });
    await shown();
    expect(screen.pick.placeholder).toBe('Replace an account, or add another?');
    expect(screen.pick.labels).toEqual([`Replace ${unnamed}`, 'Replace Admin', 'Add Another Account']);
    screen.pick.choose('Replace Admin');
    expect(await asked).toEqual({
      scopes: ['sso:account:access'],
      account: 'Admin',
      accountName: 'Admin',
      replacesAccount: true,
    });
  });

  test('says that allowed programs lose a replaced account, where there are any', async () => {
    const allowed = { ...namedSession, programPlaces: ['laptop'] };
    const { context } = await shellWorld({ stored: [identityCenterSession, allowed] });
    const asked = rejectionOf(askWhichAccount(context, identityCenterConnection, {}));
    await shown();
    const extensions = 'Extensions that use this account get the new sign-in.';
    expect(screen.pick.items.slice(0, 2).map(({ detail }) => detail)).toEqual([
      extensions,
      `${extensions} Programs that you allowed to use it lose access.`,
    ]);
    screen.pick.escape();
    await asked;
  });

  test('cancels the sign-in on Escape and keeps the first account', async () => {
    const { context, begun } = await shellWorld({ stored: [identityCenterSession] });
    const asked = rejectionOf(signInTo(context, identityCenterConnection));
    await shown();
    screen.pick.escape();
    expect(await asked).toMatchObject({ kind: 'cancelled' });
    expect(begun).toEqual([]);
  });

  test.each<[string, readonly Session[], Session['connection'], object]>([
    ['nothing is signed in', [], identityCenterConnection, {}],
    [
      'another portal is',
      [identityCenterSession],
      { ...identityCenterConnection, startUrl: 'https://d-0987654321.awsapps.com/start' },
      {},
    ],
    [
      'the account is meant by the request',
      [identityCenterSession],
      identityCenterConnection,
      { account: unnamed },
    ],
    [
      'the session has ended',
      [
        {
          ...identityCenterSession,
          ended: { at: january - 1, kind: 'grantRevoked' },
          tokenSet: { ...identityCenterSession.tokenSet, expiresAt: january - hour },
        },
      ],
      identityCenterConnection,
      {},
    ],
    ['the token itself tells who it is', [oktaSession], oktaConnection, {}],
  ])('asks nothing if %s', async (_, stored, connection, request) => {
    const { context } = await shellWorld({ stored });
    expect(await askWhichAccount(context, connection, request)).toEqual(request);
    expect(screen.input).toBeUndefined();
  });
});
