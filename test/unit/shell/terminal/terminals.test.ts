import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Session } from '../../../../src/core/session/session.ts';
import { createTerminals } from '../../../../src/shell/terminal/terminals.ts';
import type { TerminalPorts } from '../../../../src/shell/terminal/terminalPorts.ts';
import { fakeMemento } from '../../fakes/fakeMemento.ts';
import { identityCenterSession, oktaSession } from '../../fakes/examples.ts';
import { settle, settleUntil } from '../../fakes/settle.ts';
import { shellWorld } from '../../fakes/shellWorld.ts';
import { workspace } from '../../fakes/workspaceTrust.ts';
import { allowPrograms } from '../../../../src/features/sessionMarks.ts';

vi.mock('vscode', async () => ({
  ...(await import('../../fakes/vscode.ts')),
  workspace: (await import('../../fakes/workspaceTrust.ts')).workspace,
}));

beforeEach(() => workspace.trust(true));

const shared: Session = { ...oktaSession, programPlaces: ['laptop'] };
const never = new AbortController().signal;
const account = { accountId: '1', roleName: 'x', accountName: 'Dev', profile: 'dev-x' };

let secrets = 0;

/** A starting window; `memento` has its workspace's data. */
async function start(stored: readonly Session[], memento = fakeMemento()) {
  const world = await shellWorld({ stored });
  const set = new Map<string, string>();
  let listening = 0;
  const opened: string[] = [];
  const ports = {
    variables: () => ({
      replace: (name: string, value: string) => void set.set(name, value),
      prepend: (name: string, value: string) => void set.set(name, value),
      delete: (name: string) => void set.delete(name),
      clear: () => {
        set.clear();
      },
    }),
    open: async () => {
      listening++;
      opened.push(`secret-${++secrets}`);
      return {
        path: '/tmp/x/socket',
        secret: opened.at(-1),
        end: () => {
          listening--;
        },
        [Symbol.dispose]: () => {
          listening--;
        },
      };
    },
    program: async () => ({ path: '/bin:', variables: {} }),
    gitHosts: () => ({}),
    awsConfig: async () => ({ path: '/c' }),
    workspaceMemento: memento,
  } as unknown as TerminalPorts;
  const list = vi.spyOn(world.sessions, 'list');
  const terminals = createTerminals('laptop', () => world.context, ports);
  return { ...world, terminals, set, opened, list, listening: () => listening };
}

/** Waits as long as a window needs to read its sessions. */
async function looked(list: { readonly mock: { readonly calls: readonly unknown[] } }): Promise<void> {
  await settleUntil(() => list.mock.calls.length > 0);
  await settle();
}

describe('createTerminals', () => {
  test('reads the sessions after the activation, not during it', async () => {
    const { terminals, list } = await start([shared]);
    expect(list).not.toHaveBeenCalled();
    await looked(list);
    expect(list).toHaveBeenCalled();
    terminals.dispose();
  });

  test('does not listen if nothing is shared', async () => {
    const { terminals, list, set, listening } = await start([oktaSession, identityCenterSession]);
    await looked(list);
    expect([set.size, listening()]).toEqual([0, 0]);
    terminals.dispose();
  });

  test('reopens access for allowed programs after a restart, with a new secret', async () => {
    const memento = fakeMemento();
    const before = await start([shared], memento);
    await settleUntil(() => before.listening() === 1);
    before.terminals.dispose();
    await settleUntil(() => before.listening() === 0);
    expect(before.set.size).toBe(0);
    const again = await start([shared], memento);
    await settleUntil(() => again.listening() === 1);
    expect(again.set.get('DEVELOPER_SIGN_IN_SECRET')).toBe(again.opened[0]);
    expect(again.opened[0]).not.toBe(before.opened[0]);
    again.terminals.dispose();
  });

  test('restores the AWS account of the workspace after a restart', async () => {
    const center: Session = { ...identityCenterSession, programPlaces: ['laptop'] };
    const memento = fakeMemento();
    const before = await start([center], memento);
    await (await before.terminals.access()).chooseAwsAccount({ ...account, sessionId: center.id });
    before.terminals.dispose();
    const again = await start([center], memento);
    await settleUntil(() => again.set.has('AWS_PROFILE'));
    expect(again.set.get('AWS_PROFILE')).toBe('dev-x');
    again.terminals.dispose();
  });

  test('follows the sessions: opens with the first allowed one, and closes with the last', async () => {
    const { terminals, list, sessions, listening } = await start([oktaSession]);
    await looked(list);
    await allowPrograms(sessions, oktaSession.id, 'laptop');
    await settleUntil(() => listening() === 1);
    await sessions.signOut(oktaSession.id, never);
    await settleUntil(() => listening() === 0);
    terminals.dispose();
  });

  test('does not open if records are unreadable, and the next read finds them', async () => {
    const { terminals, list, sessions, listening } = await start([shared]);
    list.mockRejectedValueOnce(new Error('EACCES'));
    await looked(list);
    expect(listening()).toBe(0);
    await allowPrograms(sessions, shared.id, 'desktop');
    await settleUntil(() => listening() === 1);
    terminals.dispose();
  });

  test('a window that closes before its first read does not read', async () => {
    const { terminals, list } = await start([shared]);
    terminals.dispose();
    await settle();
    expect(list).not.toHaveBeenCalled();
  });
});
