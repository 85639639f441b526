import { beforeEach, describe, expect, test, vi } from 'vitest';
import { signInForTerminal } from '../../../../src/shell/terminal/signInForTerminal.ts';
import { oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

vi.mock('vscode', async () => import('../../fakes/vscodeOnScreen.ts'));

beforeEach(() => screen.clear());

const { signal } = new AbortController();

describe('signInForTerminal', () => {
  test("requests the session's scopes, without a question", async () => {
    const { context, begun } = await shellWorld({ stored: [oktaSession] });
    await signInForTerminal(context)(oktaSession, ['codewhisperer:completions'], signal);
    expect(screen.allMessages).toEqual([]);
    expect(begun[0]?.request.scopes).toEqual(oktaSession.tokenSet.scopes);
  });

  test('a program that requests more starts nothing before a yes', async () => {
    const { context, begun } = await shellWorld({ stored: [oktaSession] });
    const asker = 'A program requests this.';
    const done = rejectionOf(
      signInForTerminal(context, { asker })(oktaSession, ['okta.users.manage'], signal),
    );
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.detail).toMatch(/^A program requests this\.\n\nNot requested so far: okta/);
    expect(screen.message.detail).toContain('okta.users.manage');
    screen.message.answer(undefined);
    expect(await done).toMatchObject({ kind: 'cancelled' });
    expect(begun).toEqual([]);
  });

  test('after the yes, requests both', async () => {
    const { context, begun } = await shellWorld({ stored: [oktaSession] });
    const done = signInForTerminal(context)(oktaSession, ['okta.users.manage'], signal);
    await settleUntil(() => screen.messages.length > 0);
    screen.message.press(/sign in/i);
    await done;
    expect(begun[0]?.request.scopes).toEqual([...oktaSession.tokenSet.scopes, 'okta.users.manage']);
  });

  test('does not ask again about scopes that were granted beyond the connection', async () => {
    const scopes = [...oktaSession.tokenSet.scopes, 'okta.users.manage'];
    const wider = { ...oktaSession, tokenSet: { ...oktaSession.tokenSet, scopes } };
    const { context, begun } = await shellWorld({ stored: [wider], signIn: async () => wider });
    await signInForTerminal(context)(wider, ['okta.users.manage'], signal);
    expect([screen.allMessages, begun[0]?.request.scopes]).toEqual([[], scopes]);
  });
});
