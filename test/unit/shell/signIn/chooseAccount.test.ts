import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { chooseAccount } from '../../../../src/shell/signIn/chooseAccount.ts';
import {
  hour,
  identityCenterConnection,
  identityCenterSession,
  january,
  namedSession,
} from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
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

describe('chooseAccount', () => {
  test('rejects a name of another account of the connection, and an empty one', async () => {
    const asked = rejectionOf(chooseAccount(identityCenterConnection, [namedSession]));
    await shown();
    screen.pick.choose('Keep Both');
    await settleUntil(() => screen.input !== undefined && 'validationMessage' in screen.input);
    for (const [text, problem] of [
      [' \u200b ', 'Enter a name.'],
      ['Admin', 'You already have an account with this name.'],
      ['ADMIN', 'You already have an account with this name.'],
      ['\uff21dmin', 'You already have an account with this name.'],
      ['a'.repeat(51), 'Enter at most 50 characters.'],
    ] as const) {
      screen.field.submit(text);
      await settleUntil(() => screen.field.validationMessage === problem);
      expect(screen.field.validationMessage).toBe(problem);
    }
    screen.field.escape();
    expect(await asked).toMatchObject({ kind: 'cancelled' });
  });

  test('rejects the name that the first account has without one', async () => {
    const asked = rejectionOf(chooseAccount(identityCenterConnection, [identityCenterSession]));
    await shown();
    screen.pick.choose('Keep Both');
    await settleUntil(() => screen.input !== undefined && 'validationMessage' in screen.input);
    screen.field.submit(unnamed);
    await settleUntil(() => screen.field.validationMessage !== '');
    expect(screen.field.validationMessage).toBe('You already have an account with this name.');
    screen.field.escape();
    await asked;
  });

  const over = { ended: { at: january - 1, kind: 'grantRevoked' as const } };
  const ended = (session: Session): Session => ({
    ...session,
    ...over,
    tokenSet: { ...session.tokenSet, expiresAt: january - hour },
  });

  test('signs in again to an ended account, next to an active one', async () => {
    const here = [ended(identityCenterSession), namedSession];
    const asked = chooseAccount(identityCenterConnection, here);
    await shown();
    expect(screen.pick.labels).toEqual(['Replace Admin', `Sign in again to ${unnamed}`, 'Keep Both']);
    screen.pick.choose(`Sign in again to ${unnamed}`);
    expect(await asked).toEqual(here[0]);
  });

  test.each([
    [
      'of two that have ended, it asks which one is meant',
      [ended(identityCenterSession), ended(namedSession)],
    ],
    ['of one with a name that has ended, it asks whether that is meant', [ended(namedSession)]],
  ])('%s', async (_, here) => {
    const asked = chooseAccount(identityCenterConnection, here);
    await shown();
    expect(screen.pick.title).toBe('Example');
    expect(screen.pick.placeholder).toBe('Sign in again, or add another account?');
    expect(screen.pick.labels.slice(-2)).toEqual(['Sign in again as Admin', 'Add Another Account']);
    screen.pick.choose('Sign in again as Admin');
    expect(await asked).toEqual(ended(namedSession));
  });
});
