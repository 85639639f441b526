import { beforeEach, describe, expect, test, vi } from 'vitest';
import { trustsIssuer } from '../../../../src/shell/signIn/trustIssuer.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const question = {
  issuer: 'https://id.example.com',
  ownRedirectUri: 'http://localhost:8008/oauth/callback/0123456789abcdef',
  mayAsk: true,
};
const never = new AbortController().signal;
const shown = () => settleUntil(() => screen.messages.length > 0);

describe('trustsIssuer', () => {
  test('asks with the host and the issuer, and remembers a yes', async () => {
    const { context } = await shellWorld();
    const first = trustsIssuer(context.memento, question, never);
    await shown();
    expect(screen.message).toMatchObject({
      severity: 'warning',
      isModal: true,
      message: 'Do you trust id.example.com?',
    });
    expect(screen.message.detail).toContain(question.issuer);
    expect(screen.message.detail).toContain(question.ownRedirectUri);
    screen.message.answer('Trust and Continue');
    expect(await first).toBe(true);
    expect(await trustsIssuer(context.memento, { ...question, mayAsk: false }, never)).toBe(true);
    expect(screen.allMessages).toHaveLength(1);
  });

  test('does not name Okta for any other OpenID Connect provider', async () => {
    const { context } = await shellWorld();
    const asking = trustsIssuer(context.memento, { ...question, isGeneric: true }, never);
    await shown();
    expect(screen.message.detail).toMatch(/doesn’t identify itself/);
    expect(screen.message.detail).not.toContain('Okta');
    screen.message.answer('Trust and Continue');
    expect(await asking).toBe(true);
  });

  test('asks again after a no', async () => {
    const { context } = await shellWorld();
    for (let time = 0; time < 2; time++) {
      const asked = trustsIssuer(context.memento, question, never);
      await shown();
      screen.message.answer(undefined);
      expect(await asked).toBe(false);
    }
  });

  test('does not ask if that is not allowed', async () => {
    const { context } = await shellWorld();
    expect(await trustsIssuer(context.memento, { ...question, mayAsk: false }, never)).toBe(false);
    expect(screen.allMessages).toEqual([]);
  });

  test('closes with its sign-in', async () => {
    const { context } = await shellWorld();
    const over = new AbortController();
    const asked = rejectionOf(trustsIssuer(context.memento, question, over.signal));
    await shown();
    over.abort(new Error('over'));
    expect(await asked).toMatchObject({ kind: 'cancelled' });
  });
});
