import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ShellContext } from '../../../src/shell/context.ts';
import { registerCommands } from '../../../src/shell/commands.ts';
import { oktaConnection, oktaSession } from '../fakes/examples.ts';
import { screen } from '../fakes/screen.ts';
import { shellWorld } from '../fakes/shellWorld.ts';

const registered = vi.hoisted(() => new Map<string, (given?: unknown) => Promise<unknown>>());
vi.mock('vscode', async () => {
  const vscode = await import('../fakes/vscodeOnScreen.ts');
  const register = (name: string, handler: (given?: unknown) => Promise<unknown>) => {
    registered.set(name, handler);
    return { dispose: () => registered.delete(name) };
  };
  return {
    ...vscode,
    commands: { ...vscode.commands, registerCommand: register },
    window: { ...vscode.window, registerUriHandler: () => ({ dispose: () => undefined }) },
  };
});

beforeEach(() => {
  screen.clear();
  registered.clear();
});

const run = async (name: string, given?: unknown): Promise<unknown> =>
  registered.get(`developerSignIn.${name}`)?.(given);

describe('registerCommands', () => {
  test('signs in with the command of each provider', async () => {
    const { context, begun } = await shellWorld({ connections: [oktaConnection] });
    registerCommands(context);
    await run('signInOkta');
    await run('signInBuilderId');
    expect(begun.map(({ connection }) => connection.name)).toEqual(['Example', 'AWS Builder ID']);
  });

  test.each([
    [undefined, undefined],
    [{ sessionId: 7 }, undefined],
    ['fedcba9876543210fedcba9876543210', undefined],
    [{ sessionId: oktaSession.id }, 'okta'],
  ])('takes a session ID from an object alone: %o', async (given, type) => {
    const { context } = await shellWorld({ stored: [oktaSession] });
    registerCommands(context);
    expect(await run('describeSession', given)).toEqual(
      type === undefined ? undefined : expect.objectContaining({ type }),
    );
  });

  test('shows the log', () => {
    const show = vi.fn();
    registerCommands({ logChannel: { show } } as unknown as ShellContext);
    void run('showLog');
    expect(show).toHaveBeenCalledOnce();
  });

  test('takes everything back', async () => {
    const { context } = await shellWorld();
    for (const one of registerCommands(context)) one.dispose();
    expect([...registered.keys()]).toEqual([]);
  });
});
