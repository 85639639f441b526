import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../src/core/session/session.ts';
import { chooseSession } from '../../../src/shell/chooseSession.ts';
import { identityCenterSession, oktaSession } from '../fakes/examples.ts';
import { screen } from '../fakes/screen.ts';
import { settle, settleUntil } from '../fakes/settle.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const both = [identityCenterSession, oktaSession];
const asked = { title: 'Refresh Token', placeHolder: 'Select one' };

describe('chooseSession', () => {
  test('takes the one with the id, and asks nothing', async () => {
    expect(await chooseSession(both, oktaSession.id, asked)).toBe(oktaSession);
    expect([screen.input, screen.allMessages]).toEqual([undefined, []]);
  });

  test.each([['gone'], [7], [null]])('takes no other one for the id %j', async (id) => {
    expect(await rejectionOf(chooseSession(both, id, asked))).toMatchObject({ kind: 'signInNeeded' });
  });

  test('takes the only one without a question', async () => {
    expect(await chooseSession([oktaSession], undefined, asked)).toBe(oktaSession);
    expect([screen.input, screen.allMessages]).toEqual([undefined, []]);
  });

  test.each([
    [asked, 'You’re not signed in.'],
    [{ ...asked, none: 'Sign in to AWS first.' }, 'Sign in to AWS first.'],
  ])(
    'says that you are not signed in, and does not wait for the message to be closed',
    async (question, said) => {
      expect(await chooseSession<Session>([], undefined, question)).toBeUndefined();
      await settle();
      expect(screen.message).toMatchObject({ severity: 'information', isModal: false, message: said });
    },
  );

  test('asks which of several, and gives the one that is chosen', async () => {
    const done = chooseSession(both, undefined, asked);
    await settleUntil(() => screen.input !== undefined);
    expect([screen.pick.title, screen.pick.placeholder]).toEqual(['Refresh Token', 'Select one']);
    expect(screen.pick.labels).toHaveLength(2);
    screen.pick.choose(/^ada@example\.com/);
    expect(await done).toBe(oktaSession);
  });

  test('Escape chooses none', async () => {
    const done = chooseSession(both, undefined, asked);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.escape();
    expect(await done).toBeUndefined();
  });
});
