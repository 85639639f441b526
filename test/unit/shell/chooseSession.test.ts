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
  test('uses the one with the ID without asking', async () => {
    expect(await chooseSession(both, oktaSession.id, asked)).toBe(oktaSession);
    expect([screen.input, screen.allMessages]).toEqual([undefined, []]);
  });

  test.each([['gone'], [7], [null]])('uses no other one for the ID %j', async (id) => {
    expect(await rejectionOf(chooseSession(both, id, asked))).toMatchObject({ kind: 'signInNeeded' });
  });

  test('uses the only one without asking', async () => {
    expect(await chooseSession([oktaSession], undefined, asked)).toBe(oktaSession);
    expect([screen.input, screen.allMessages]).toEqual([undefined, []]);
  });

  test.each([
    [asked, 'You’re not signed in.'],
    [{ ...asked, none: 'Sign in to AWS first.' }, 'Sign in to AWS first.'],
  ])('says that you are not signed in, without waiting for the message to close', async (question, said) => {
    expect(await chooseSession<Session>([], undefined, question)).toBeUndefined();
    await settle();
    expect(screen.message).toMatchObject({ severity: 'information', isModal: false, message: said });
  });

  test('asks which of several, and returns the selected one', async () => {
    const done = chooseSession(both, undefined, asked);
    await settleUntil(() => screen.input !== undefined);
    expect([screen.pick.title, screen.pick.placeholder]).toEqual(['Refresh Token', 'Select one']);
    expect(screen.pick.labels).toHaveLength(2);
    screen.pick.choose(/^ada@example\.com/);
    expect(await done).toBe(oktaSession);
  });

  test('returns none on Escape', async () => {
    const done = chooseSession(both, undefined, asked);
    await settleUntil(() => screen.input !== undefined);
    screen.pick.escape();
    expect(await done).toBeUndefined();
  });
});
