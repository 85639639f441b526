import { beforeEach, describe, expect, test, vi } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { Session } from '../../../../src/core/session/session.ts';
import { tokenForInput } from '../../../../src/shell/terminal/tokenForInput.ts';
import { hour, identityCenterSession, january, oktaSession } from '../../fakes/examples.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { workspace } from '../../fakes/workspaceTrust.ts';

vi.mock('vscode', async () => ({
  ...(await import('../../fakes/vscodeOnScreen.ts')),
  workspace: (await import('../../fakes/workspaceTrust.ts')).workspace,
}));

const place = 'laptop file:///home/ana/shop';
const allowed: Session = { ...oktaSession, programPlaces: [place] };

beforeEach(() => {
  screen.clear();
  workspace.trust(true);
  workspace.open('shop');
});

async function world(...stored: readonly Session[]) {
  const all = await shellWorld({ stored });
  const placesOf = async () => (await all.sessions.list()).sessions[0]?.programPlaces;
  return { ...all, placesOf };
}

async function answer(button: string | undefined) {
  await settleUntil(() => screen.messages.length > 0);
  const { message } = screen;
  message.answer(button);
  return message;
}

describe('tokenForInput', () => {
  test('asks with workspace, account and scopes, and gives nothing without a yes', async () => {
    const { context, placesOf } = await world(oktaSession);
    const token = tokenForInput(context, undefined);
    const { message, detail, isModal } = await answer(undefined);
    expect(await token).toBeUndefined();
    expect({ message, isModal }).toEqual({ message: 'Let shop use ada@example.com?', isModal: true });
    expect(detail).toMatch(/Tasks, debugging, MCP servers, and extensions.*act as you at example\.okta\.com/);
    expect(detail).toMatch(/codewhisperer:completions,conversations/);
    expect(await placesOf()).toBeUndefined();
  });

  test('a yes is remembered for this workspace, and for no other', async () => {
    const { context, placesOf } = await world(oktaSession);
    const token = tokenForInput(context, undefined);
    await answer('Allow');
    expect(await token).toBe('access-1');
    expect(await placesOf()).toEqual([place]);
    expect(await tokenForInput(context, undefined)).toBe('access-1');
    expect(screen.allMessages).toHaveLength(1);
    workspace.open('other');
    const elsewhere = tokenForInput(context, undefined);
    await answer(undefined);
    expect(await elsewhere).toBeUndefined();
  });

  test('an untrusted workspace gets nothing, whatever was said before', async () => {
    workspace.trust(false);
    const { context } = await world(allowed);
    expect(await tokenForInput(context, undefined)).toBeUndefined();
    expect(screen.message.message).toMatch(/Restricted Mode/);
  });

  test('nor does one where the organization does not allow it', async () => {
    const { context, allowOnly } = await world(allowed);
    allowOnly({ allowTerminal: false });
    const token = tokenForInput(context, undefined);
    expect((await answer(undefined)).message).toMatch(/organization/);
    expect(await token).toBeUndefined();
  });

  test('a window without a folder is asked each time', async () => {
    workspace.open(undefined);
    const { context, placesOf } = await world(oktaSession);
    for (let time = 1; time <= 2; time++) {
      const token = tokenForInput(context, undefined);
      await answer('Allow');
      expect(await token).toBe('access-1');
    }
    expect(await placesOf()).toBeUndefined();
    expect(screen.allMessages).toHaveLength(2);
  });

  test('takes the connection that the input names', async () => {
    const center: Session = {
      ...identityCenterSession,
      tokenSet: { ...identityCenterSession.tokenSet, accessToken: 'access-2' },
      programPlaces: [place],
    };
    const { context } = await world(allowed, center);
    expect(await tokenForInput(context, { connection: 'ada@example.com' })).toBe('access-1');
    expect(await tokenForInput(context, { connection: center.account.label })).toBe('access-2');
    expect(await tokenForInput(context, { connection: 'Nowhere' })).toBeUndefined();
    expect(screen.message.message).toMatch(/not signed in to Nowhere/);
  });

  test('of several it takes the one that this workspace may use, and otherwise asks which', async () => {
    const { context } = await world(allowed, identityCenterSession);
    expect(await tokenForInput(context, { type: 'node', request: 'launch' })).toBe('access-1');
    workspace.open('other');
    const token = tokenForInput(context, undefined);
    await settleUntil(() => screen.input !== undefined);
    expect(screen.pick.placeholder).toBe('Select a sign-in for tasks in this workspace');
    screen.pick.escape();
    expect(await token).toBeUndefined();
  });

  test('brings up the sign-in where the session has ended, and gives the new token', async () => {
    const ended: Session = {
      ...allowed,
      ended: { at: january, kind: 'grantRevoked' },
      tokenSet: { ...allowed.tokenSet, accessToken: '', expiresAt: january - hour },
    };
    const all = await shellWorld({
      stored: [ended],
      signIn: async () => ({ ...allowed, tokenSet: { ...allowed.tokenSet, accessToken: 'access-2' } }),
    });
    expect(await tokenForInput(all.context, undefined)).toBe('access-2');
    expect(all.begun).toHaveLength(1);
  });

  test('what goes wrong is on the screen, and the task ends', async () => {
    const { context } = await world(allowed);
    vi.spyOn(context.sessions, 'fresh').mockRejectedValue(new SignInError('network', { code: 'ENOTFOUND' }));
    const token = tokenForInput(context, undefined);
    expect((await answer(undefined)).message).toMatch(/ENOTFOUND/);
    expect(await token).toBeUndefined();
  });
});
