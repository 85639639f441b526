import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ShellContext } from '../../../src/shell/context.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { listedCommands, unlistedCommands } from '../../../src/extension.ts';
import { createCommands } from '../../../src/shell/commands.ts';
import { oktaConnection, oktaSession } from '../fakes/examples.ts';
import { screen } from '../fakes/screen.ts';
import { shellWorld } from '../fakes/shellWorld.ts';

vi.mock('vscode', async () => import('../fakes/vscodeOnScreen.ts'));

beforeEach(() => {
  screen.clear();
});

const run = async (context: ShellContext, name: string, given?: unknown): Promise<unknown> =>
  createCommands(context).handlers[name]?.(given);

describe('createCommands', () => {
  test("signs in with each provider's command", async () => {
    const { context, begun } = await shellWorld({ connections: [oktaConnection] });
    await run(context, 'signInOkta');
    await run(context, 'signInBuilderId');
    expect(begun.map(({ connection }) => connection.name)).toEqual(['Example', 'AWS Builder ID']);
  });

  test.each([
    [undefined, undefined],
    [{ sessionId: 7 }, undefined],
    ['fedcba9876543210fedcba9876543210', undefined],
    [{ sessionId: oktaSession.id }, 'okta'],
  ])('reads a session ID only from an object: %o', async (given, type) => {
    const { context } = await shellWorld({ stored: [oktaSession] });
    expect(await run(context, 'describeSession', given)).toEqual(
      type === undefined ? undefined : expect.objectContaining({ type }),
    );
  });

  test('shows the log', () => {
    const show = vi.fn();
    void run({ logChannel: { show } } as unknown as ShellContext, 'showLog');
    expect(show).toHaveBeenCalledOnce();
  });

  test('includes exactly the registered ones', async () => {
    const { context } = await shellWorld();
    const registered = [...listedCommands(manifest), ...unlistedCommands].toSorted();
    expect(Object.keys(createCommands(context).handlers).toSorted()).toEqual(registered);
  });
});
