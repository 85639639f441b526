import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { TerminalAccess } from '../../../../src/shell/terminal/terminalAccess.ts';
import type { TerminalPorts } from '../../../../src/shell/terminal/terminalPorts.ts';
import { workspace } from '../../fakes/workspaceTrust.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { fakeTerminals } from '../../fakes/fakeTerminals.ts';
import { screen } from '../../fakes/screen.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { allowPrograms, forbidPrograms } from '../../../../src/features/sessionMarks.ts';

vi.mock('vscode', async () => ({
  ...(await import('../../fakes/vscodeOnScreen.ts')),
  workspace: (await import('../../fakes/workspaceTrust.ts')).workspace,
}));

beforeEach(() => {
  screen.clear();
  workspace.trust(true);
});

const shared: Session = { ...oktaSession, programPlaces: ['laptop'] };
const never = new AbortController().signal;

async function window(...stored: readonly Session[]) {
  const world = await shellWorld({ stored });
  const context = { ...world.context, terminals: fakeTerminals() };
  const set = new Map<string, string>();
  const variables = {
    persistent: true,
    description: undefined as string | undefined,
    replace: (name: string, value: string) => void set.set(name, value),
    prepend: (name: string, value: string) => void set.set(name, value),
    delete: (name: string) => void set.delete(name),
    clear: () => {
      set.clear();
    },
  };
  const opened: Parameters<TerminalPorts['open']>[0][] = [];
  let listening = 0;
  /** The reason that each socket was closed. */
  const ends: string[] = [];
  const ports = {
    variables: () => variables,
    open: async (answer: Parameters<TerminalPorts['open']>[0]) => {
      const number = opened.push(answer) - 1;
      listening++;
      return {
        path: '/tmp/x/socket',
        secret: `secret-${opened.length}`,
        end: (why: string) => {
          if (ends[number] === undefined) listening--;
          ends[number] = why;
        },
        [Symbol.dispose]: () => {
          if (ends[number] === undefined) listening--;
          ends[number] = 'disposed of';
        },
      };
    },
    program: async () => ({ path: '/bin:', variables: { DEVELOPER_SIGN_IN_NODE: '/node' } }),
    gitHosts: () => ({}),
    workspaceMemento: world.memento,
  } as unknown as TerminalPorts;
  const access = new TerminalAccess(context, ports);
  return {
    ...world,
    access,
    context,
    variables,
    set,
    opened,
    ends,
    listening: () => listening,
    ask: (request: unknown, program?: string) =>
      opened.at(-1)?.({ request, ...(program === undefined ? {} : { program }) }, never),
  };
}

describe('TerminalAccess', () => {
  test('nothing listens and no variable is set while nothing is shared', async () => {
    const { access, set, listening } = await window(oktaSession);
    await access.update();
    expect({ set: set.size, listening: listening() }).toEqual({ set: 0, listening: 0 });
  });

  test('terminals get the socket, the secret and the program, with a description, and nothing is written to disk', async () => {
    const { access, set, variables, listening } = await window(shared);
    await access.update();
    await access.update();
    expect(listening()).toBe(1);
    expect(Object.fromEntries(set)).toEqual({
      DEVELOPER_SIGN_IN_SOCKET: '/tmp/x/socket',
      DEVELOPER_SIGN_IN_SECRET: 'secret-1',
      DEVELOPER_SIGN_IN_NODE: '/node',
      PATH: '/bin:',
    });
    expect(variables.persistent).toBe(false);
    expect(variables.description).toMatch(/sso-token/);
  });

  test('revoking access closes it and removes the variables; granting it again uses a new secret', async () => {
    const { access, sessions, set, listening } = await window(shared);
    await access.update();
    await forbidPrograms(sessions, shared.id, 'laptop');
    await access.update();
    expect({ set: set.size, listening: listening() }).toEqual({ set: 0, listening: 0 });
    await allowPrograms(sessions, shared.id, 'laptop');
    await access.update();
    expect(set.get('DEVELOPER_SIGN_IN_SECRET')).toBe('secret-2');
  });

  test('a sign-out closes it', async () => {
    const { access, sessions, listening } = await window(shared);
    await access.update();
    await sessions.signOut(shared.id, never);
    await access.update();
    expect(listening()).toBe(0);
  });

  test('after a sign-out, a terminal is not told that its window was closed', async () => {
    const { access, sessions, ends } = await window(shared);
    await access.update();
    await sessions.signOut(shared.id, never);
    await access.update();
    expect(ends).toEqual([
      'You signed out of “Example”, so nothing is shared with this terminal. Sign in, run “SSO: Use in Terminal”, and open a new terminal.',
    ]);
  });

  test('a record that cannot be read for a moment closed it, and old terminals were lost', async () => {
    const here = await window(shared);
    await here.access.update();
    const list = vi.spyOn(here.context.sessions, 'list');
    list.mockResolvedValueOnce({ sessions: [], lost: [], unreadable: [{ id: shared.id, code: 'EIO' }] });
    await here.access.update();
    expect(here.listening()).toBe(1);
    await here.access.update();
    expect(await here.ask({ ask: 'token' })).toHaveProperty('token');
    expect(here.opened).toHaveLength(1);
  });

  test('after a stop and another yes, old terminals are told each time what to do', async () => {
    const { access, sessions, ends } = await window(shared);
    await access.update();
    await forbidPrograms(sessions, shared.id, 'laptop');
    await access.update();
    expect(ends[0]).toMatch(/^You turned off “Use in Terminal” for “Example”/);
    await allowPrograms(sessions, shared.id, 'laptop');
    await access.update();
    expect(ends).toEqual([expect.stringMatching(/shared again.*Open a new terminal/)]);
    access[Symbol.dispose]();
    expect(ends).toEqual(['disposed of', 'disposed of']);
  });

  test('a bare sso-token does not switch to another account after the default signs out', async () => {
    const center: Session = { ...identityCenterSession, programPlaces: ['laptop'] };
    const { access, ask, sessions } = await window(shared, center);
    await access.setDefault(shared.id);
    await access.update();
    expect(await ask({ ask: 'token' })).toMatchObject({ token: { accessToken: 'access-1' } });
    await sessions.signOut(shared.id, never);
    await access.update();
    const { failure } = (await ask({ ask: 'token' })) ?? {};
    expect(failure).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/^You signed out of “Example”/) as string,
    });
    await access.setDefault(center.id);
    expect(await ask({ ask: 'token' })).toHaveProperty('token');
  });

  test('the first account stays the default when another one gets access', async () => {
    const { access, ask, sessions } = await window(shared, identityCenterSession);
    await access.update();
    await allowPrograms(sessions, identityCenterSession.id, 'laptop');
    await access.update();
    expect(await ask({ ask: 'token' })).toMatchObject({ token: { account: shared.account.label } });
  });

  test('an organization that forbids it closes it, and a concurrent request gets nothing', async () => {
    const { access, ask, allowOnly, ends, listening } = await window(shared);
    await access.update();
    allowOnly({ allowTerminal: false });
    expect(await ask({ ask: 'token' })).toMatchObject({ failure: { exitCode: 3 } });
    await access.update();
    expect(listening()).toBe(0);
    expect(ends).toEqual([expect.stringMatching(/organization doesn’t allow programs in the terminal/)]);
  });

  test('an untrusted workspace gets nothing until it is trusted', async () => {
    workspace.trust(false);
    const { access, listening } = await window(shared);
    await access.update();
    expect(listening()).toBe(0);
    workspace.trust(true);
    await access.update();
    expect(listening()).toBe(1);
  });

  test('nothing listens in a remote window whose terminals run elsewhere', async () => {
    const { access, context, listening } = await window(shared);
    Object.assign(context.editorEnvironment, { remoteName: 'ssh-remote', runs: 'ui' });
    await access.update();
    expect(listening()).toBe(0);
  });

  test('two programs that need the same sign-in wait for one, whose question mentions a program', async () => {
    const { access, ask, begun } = await window(shared);
    await access.update();
    const request = { ask: 'token', scopes: ['admin'], signIn: true };
    const answers = ['terraform', 'kubectl'].map(async (program) => ask(request, program));
    await settleUntil(() => screen.messages.length > 0);
    expect(screen.message.detail).toMatch(/^A program in the terminal requests this: terraform\n/);
    screen.message.answer(undefined);
    const failure = { exitCode: 4, message: 'The sign-in was canceled.' };
    expect(await Promise.all(answers)).toEqual([{ failure }, { failure }]);
    expect({ asked: screen.allMessages.length, begun: begun.length }).toEqual({ asked: 1, begun: 0 });
  });

  test('a request gets the token, and the session records which program asked, how often and when', async () => {
    const { access, ask, clock } = await window(shared);
    vi.spyOn(Date, 'now').mockImplementation(() => clock.now());
    await access.update();
    expect(await ask({ ask: 'token' }, 'curl')).toMatchObject({ token: { accessToken: 'access-1' } });
    await ask({ ask: 'token' }, 'kubectl');
    await ask({ ask: 'token' }, 'curl');
    await ask({ ask: 'list' }, 'zsh');
    expect(access.usesOf(shared.id)).toEqual([
      { program: 'curl', count: 2, lastAt: clock.now() },
      { program: 'kubectl', count: 1, lastAt: clock.now() },
    ]);
    vi.restoreAllMocks();
  });

  test('an invalid request is rejected', async () => {
    const { access, ask } = await window(shared);
    await access.update();
    expect(await ask({ ask: 'refreshToken' })).toMatchObject({ failure: { exitCode: 2 } });
  });

  test('new terminals use the selected AWS account while its session is available', async () => {
    const center: Session = { ...identityCenterSession, programPlaces: ['laptop'] };
    const { access, sessions, set, variables } = await window(center);
    const account = { accountId: '1', roleName: 'x', accountName: 'Dev', profile: 'dev-x' };
    await access.chooseAwsAccount({ ...account, sessionId: center.id });
    expect(set.get('AWS_PROFILE')).toBe('dev-x');
    expect(variables.persistent).toBe(false);
    await forbidPrograms(sessions, center.id, 'laptop');
    await access.update();
    expect(set.size).toBe(0);
    await allowPrograms(sessions, center.id, 'laptop');
    await access.update();
    expect(set.get('AWS_PROFILE')).toBe('dev-x');
    await access.chooseAwsAccount({ ...account, sessionId: 'of another session' });
    expect(set.has('AWS_PROFILE')).toBe(false);
  });

  test('a window that closes stops listening', async () => {
    const { access, set, listening } = await window(shared);
    await access.update();
    access[Symbol.dispose]();
    expect({ set: set.size, listening: listening() }).toEqual({ set: 0, listening: 0 });
    await access.update();
    expect(listening()).toBe(0);
  });
});
