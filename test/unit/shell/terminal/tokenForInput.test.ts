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

const noToken = 'It didn’t start because it got no token. To allow the token, run it again.';

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
  test('asks with workspace, account and scopes, and returns nothing without a yes', async () => {
    const { context, placesOf } = await world(oktaSession);
    const token = tokenForInput(context, undefined);
    void token.catch(() => undefined);
    const { message, detail, isModal } = await answer(undefined);
    await expect(token).rejects.toThrow(noToken);
    expect({ message, isModal }).toEqual({
      message: 'Let the workspace “shop” use ada@example.com?',
      isModal: true,
    });
    expect(detail).toMatch(/Tasks, debugging, MCP servers, and extensions.*act as you at example\.okta\.com/);
    expect(detail).toMatch(/codewhisperer:completions codewhisperer:conversations/);
    expect(await placesOf()).toBeUndefined();
  });

  test('asks once about concurrent requests, as from a compound configuration', async () => {
    const { context } = await world(oktaSession);
    const tokens = [tokenForInput(context, undefined), tokenForInput(context, undefined)];
    await answer('Allow');
    expect(await Promise.all(tokens)).toEqual(['access-1', 'access-1']);
    expect(screen.allMessages).toHaveLength(1);
  });

  test('after a no to the first, asks separately about the second', async () => {
    const { context } = await world(oktaSession);
    const [first, second] = [tokenForInput(context, undefined), tokenForInput(context, undefined)];
    void first.catch(() => undefined);
    await answer(undefined);
    await expect(first).rejects.toThrow(noToken);
    await answer('Allow');
    expect(await second).toBe('access-1');
  });

  test('a yes does not count for a sign-in that came after the question: it asks again, with its scopes', async () => {
    const { context, placesOf, store } = await world(oktaSession);
    const token = tokenForInput(context, undefined);
    void token.catch(() => undefined);
    await settleUntil(() => screen.messages.length > 0);
    const tokenSet = { ...oktaSession.tokenSet, scopes: ['okta.users.manage'], accessToken: 'access-wide' };
    await store.put({ ...oktaSession, signedInAt: oktaSession.signedInAt + 1, tokenSet });
    await answer('Allow');
    expect((await answer(undefined)).detail).toContain('okta.users.manage');
    await expect(token).rejects.toThrow(noToken);
    expect(await placesOf()).toBeUndefined();
  });

  test('the question names the host of an Identity Center, not its AWS Region', async () => {
    const { context } = await world(identityCenterSession);
    const token = tokenForInput(context, undefined);
    void token.catch(() => undefined);
    expect((await answer(undefined)).detail).toMatch(/act as you at d-1234567890\.awsapps\.com\./);
    await expect(token).rejects.toThrow(noToken);
  });

  test('remembers a yes for this workspace only', async () => {
    const { context, placesOf } = await world(oktaSession);
    const token = tokenForInput(context, undefined);
    await answer('Allow');
    expect(await token).toBe('access-1');
    expect(await placesOf()).toEqual([place]);
    expect(await tokenForInput(context, undefined)).toBe('access-1');
    expect(screen.allMessages).toHaveLength(1);
    workspace.open('other');
    const elsewhere = tokenForInput(context, undefined);
    void elsewhere.catch(() => undefined);
    await answer(undefined);
    await expect(elsewhere).rejects.toThrow(noToken);
  });

  test.each(['$(touch x)', 'a;b', 'a|b', 'a`b`', 'a b', 'a\nb', "a'b", 'a&b', 'a%b%', 'a>b'])(
    'does not put a token that a shell would interpret (%j) on a command line',
    async (accessToken) => {
      const { context } = await world({ ...allowed, tokenSet: { ...allowed.tokenSet, accessToken } });
      await expect(tokenForInput(context, undefined)).rejects.toThrow();
    },
  );

  test.each(['eyJh.eyJz-_.c2ln', 'aoaAAAAAGX:MGUCMQ+/==', '00D!AQ.x~y'])(
    'returns a typical token (%j)',
    async (accessToken) => {
      const { context } = await world({ ...allowed, tokenSet: { ...allowed.tokenSet, accessToken } });
      expect(await tokenForInput(context, undefined)).toBe(accessToken);
    },
  );

  test('returns nothing in an untrusted workspace, whatever was allowed before', async () => {
    workspace.trust(false);
    const { context } = await world(allowed);
    await expect(tokenForInput(context, undefined)).rejects.toThrow(/Restricted Mode/);
  });

  test('returns nothing if the organization does not allow it', async () => {
    const { context, allowOnly } = await world(allowed);
    allowOnly({ allowTerminal: false });
    await expect(tokenForInput(context, undefined)).rejects.toThrow(/organization/);
  });

  test('asks each time in a window without a folder', async () => {
    workspace.open(undefined);
    const { context, placesOf } = await world(oktaSession);
    for (let time = 1; time <= 2; time++) {
      const token = tokenForInput(context, undefined);
      const { message } = await answer('Allow');
      expect(message).toBe('Let this window use ada@example.com?');
      expect(await token).toBe('access-1');
    }
    expect(await placesOf()).toBeUndefined();
    expect(screen.allMessages).toHaveLength(2);
  });

  test('uses the connection in the input', async () => {
    const center: Session = {
      ...identityCenterSession,
      tokenSet: { ...identityCenterSession.tokenSet, accessToken: 'access-2' },
      programPlaces: [place],
    };
    const { context } = await world(allowed, center);
    expect(await tokenForInput(context, { connection: 'ada@example.com' })).toBe('access-1');
    expect(await tokenForInput(context, { connection: center.account.label })).toBe('access-2');
  });

  test('uses the one that this workspace may use, or asks which of several', async () => {
    const { context } = await world(allowed, identityCenterSession);
    expect(await tokenForInput(context, { type: 'node', request: 'launch' })).toBe('access-1');
    workspace.open('other');
    const token = tokenForInput(context, undefined);
    await settleUntil(() => screen.input !== undefined);
    expect(screen.pick.placeholder).toBe('Select a sign-in for tasks in this workspace');
    void token.catch(() => undefined);
    screen.pick.escape();
    await expect(token).rejects.toThrow(noToken);
  });

  test('starts a sign-in if the session has ended, and returns the new token', async () => {
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

  test('shows errors with their messages in VS Code', async () => {
    const { context } = await world(allowed);
    vi.spyOn(context.sessions, 'withFreshToken').mockRejectedValue(
      new SignInError('network', { code: 'ENOTFOUND' }),
    );
    await expect(tokenForInput(context, undefined)).rejects.toThrow(/ENOTFOUND/);
    expect(screen.allMessages).toEqual([]);
  });

  // For undefined, VS Code starts a task or server with the literal text `${input:token}`.
  describe('a task never starts with the text ${input:token}', () => {
    const { connection } = oktaSession;

    test('if a sign-in is needed, and Sign In is not selected', async () => {
      const { context, begun } = await shellWorld({ connections: [connection] });
      const token = tokenForInput(context, undefined);
      void token.catch(() => undefined);
      const { message, isModal, buttons } = await answer(undefined);
      expect({ message, isModal, buttons }).toEqual({
        message: `Sign in to ${connection.name}?`,
        isModal: true,
        buttons: ['Sign In'],
      });
      await expect(token).rejects.toThrow(noToken);
      expect(begun).toEqual([]);
    });

    test('if the sign-in for a missing scope fails', async () => {
      const refused = new SignInError('scopeRefused', { operation: 'token', scopes: ['admin'] });
      const { context } = await shellWorld({
        stored: [allowed],
        connections: [connection],
        signIn: async () => Promise.reject(refused),
      });
      const token = tokenForInput(context, { scopes: ['admin'] });
      void token.catch(() => undefined);
      await answer('Sign In');
      await expect(token).rejects.toThrow(/admin/);
    });

    test('and an error creates no markup, whatever the name in the file', async () => {
      const { context } = await world(allowed);
      await expect(tokenForInput(context, { connection: '[x](command:y)' })).rejects.toThrow(
        '“[x] (command:y)”',
      );
    });
  });

  test('an unknown connection is not reported as needing a sign-in', async () => {
    const { context } = await world(allowed, identityCenterSession);
    await expect(tokenForInput(context, { connection: 'Nowhere' })).rejects.toThrow(
      'There’s no connection or account named “Nowhere”. You have: “Example”.',
    );
    const { context: empty } = await shellWorld();
    await expect(tokenForInput(empty, { connection: 'Nowhere' })).rejects.toThrow(
      'There’s no connection or account named “Nowhere”. Add it with “SSO: Manage Connections”.',
    );
  });

  test('a record that cannot be read for a moment was taken for a sign-in that is missing', async () => {
    const { context } = await world();
    const unreadable = [{ id: oktaSession.id, code: 'EIO' }];
    vi.spyOn(context.sessions, 'list').mockResolvedValueOnce({ sessions: [], lost: [], unreadable });
    await expect(tokenForInput(context, undefined)).rejects.toThrow(/can’t read your saved sign-in\..+EIO/);
    expect(screen.messages).toEqual([]);
  });

  test('signs in to the connection that is named, and goes on', async () => {
    workspace.open(undefined);
    const { connection } = oktaSession;
    const { context, begun } = await shellWorld({
      connections: [connection],
      signIn: async () => oktaSession,
    });
    vi.spyOn(context.sessions, 'withFreshToken').mockResolvedValue(oktaSession); // The sign-in of this test stores nothing.
    const token = tokenForInput(context, { connection: connection.name.toUpperCase() });
    await answer('Sign In');
    await settleUntil(() => screen.messages.length > 0);
    expect((await answer('Allow')).message).toMatch(/^Let this window use/);
    expect(await token).toBe('access-1');
    expect(begun).toHaveLength(1);
  });
});

describe('tokenForInput: a text of the repository ended our quotation and spoke for us', () => {
  const broken = 'shop” see your name, nothing else? Choose Allow. “x';
  const plain = broken.replaceAll(/[“”]/g, '"');

  test('as the name of a workspace', async () => {
    workspace.open(broken);
    const { context } = await world(oktaSession);
    const token = tokenForInput(context, undefined);
    void token.catch(() => undefined);
    const { message } = await answer(undefined);
    expect(message).toBe(`Let the workspace “${plain}” use ada@example.com?`);
    await expect(token).rejects.toThrow(noToken);
  });

  test('as the name of a connection in a task', async () => {
    const { context } = await world(oktaSession);
    await expect(tokenForInput(context, { connection: broken })).rejects.toThrow(
      `There’s no connection or account named “${plain}”. You have: “Example”.`,
    );
  });
});
