import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { TerminalAccess } from '../../../../src/shell/terminal/terminalAccess.ts';
import type { TerminalPorts } from '../../../../src/shell/terminal/terminalPorts.ts';
import { workspace } from '../../fakes/workspaceTrust.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { fakeTerminals } from '../../fakes/fakeTerminals.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';

vi.mock('vscode', async () => ({
  ...(await import('../../fakes/vscode.ts')),
  workspace: (await import('../../fakes/workspaceTrust.ts')).workspace,
}));

beforeEach(() => workspace.trust(true));

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
  const ports = {
    variables: () => variables,
    open: async (answer: Parameters<TerminalPorts['open']>[0]) => {
      opened.push(answer);
      listening++;
      return {
        path: '/tmp/x/socket',
        secret: `secret-${opened.length}`,
        [Symbol.dispose]: () => {
          listening--;
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

  test('terminals get the socket, the secret and the program, described, and written to no disk', async () => {
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

  test('taken back, it is closed and the variables are gone; again, the secret is another one', async () => {
    const { access, sessions, set, listening } = await window(shared);
    await access.update();
    await sessions.allowPrograms(shared.id, 'laptop', false);
    await access.update();
    expect({ set: set.size, listening: listening() }).toEqual({ set: 0, listening: 0 });
    await sessions.allowPrograms(shared.id, 'laptop', true);
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

  test('an organization that forbids it closes it, and a request that is quicker gets nothing', async () => {
    const { access, ask, allowOnly, listening } = await window(shared);
    await access.update();
    allowOnly({ allowTerminal: false });
    expect(await ask({ ask: 'token' })).toMatchObject({ failure: { exitCode: 3 } });
    await access.update();
    expect(listening()).toBe(0);
  });

  test('an untrusted workspace gets nothing, until it is trusted', async () => {
    workspace.trust(false);
    const { access, listening } = await window(shared);
    await access.update();
    expect(listening()).toBe(0);
    workspace.trust(true);
    await access.update();
    expect(listening()).toBe(1);
  });

  test('in a remote window whose terminals run elsewhere, nothing listens', async () => {
    const { access, context, listening } = await window(shared);
    Object.assign(context.editorEnvironment, { remoteName: 'ssh-remote', runs: 'ui' });
    await access.update();
    expect(listening()).toBe(0);
  });

  test('a request gets the token, and the session tells which program asked, how often and when', async () => {
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

  test('what is not a request is refused', async () => {
    const { access, ask } = await window(shared);
    await access.update();
    expect(await ask({ ask: 'refreshToken' })).toMatchObject({ failure: { exitCode: 2 } });
  });

  test('new terminals use the AWS account that was chosen, as long as its session serves it', async () => {
    const center: Session = { ...identityCenterSession, programPlaces: ['laptop'] };
    const { access, sessions, set, variables } = await window(center);
    const account = { accountId: '1', roleName: 'x', accountName: 'Dev', profile: 'dev-x' };
    await access.chooseAwsAccount({ ...account, sessionId: center.id });
    expect(set.get('AWS_PROFILE')).toBe('dev-x');
    expect(variables.persistent).toBe(false);
    await sessions.allowPrograms(center.id, 'laptop', false);
    await access.update();
    expect(set.size).toBe(0);
    await sessions.allowPrograms(center.id, 'laptop', true);
    await access.update();
    expect(set.get('AWS_PROFILE')).toBe('dev-x');
    await access.chooseAwsAccount({ ...account, sessionId: 'of another session' });
    expect(set.has('AWS_PROFILE')).toBe(false);
  });

  test('a window that closes listens no more', async () => {
    const { access, set, listening } = await window(shared);
    await access.update();
    access[Symbol.dispose]();
    expect({ set: set.size, listening: listening() }).toEqual({ set: 0, listening: 0 });
    await access.update();
    expect(listening()).toBe(0);
  });
});
