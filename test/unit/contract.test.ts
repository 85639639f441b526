import { describe, expect, test, vi } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { unlistedCommands } from '../../src/extension.ts';
import { COMMANDS, NOT_IN_PALETTE, PROVIDERS, SETTINGS } from '../host/suite/contract.ts';

vi.mock('vscode', async () => import('./fakes/vscode.ts'));

/**
 * What other people's machines depend on stands a second time in `test/host/suite/contract.ts`: a name or a default that is added,
 * changed or removed is so on purpose. `test/host/suite/` looks at all of it in a real VS Code.
 */

const { commands, menus, authentication, configuration } = manifest.contributes;
const how = 'If it is meant, change test/host/suite/contract.ts too';

describe('the contract', () => {
  test('has every command that people and other extensions call', () => {
    const hidden = menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    const inPalette = commands.map(({ command }) => command).filter((name) => !hidden.includes(name));
    expect(COMMANDS.filter((name) => !NOT_IN_PALETTE.includes(name)).toSorted(), how).toEqual(
      inPalette.toSorted(),
    );
    for (const name of NOT_IN_PALETTE) expect(unlistedCommands, how).toContain(name.split('.')[1]);
  });

  test('has every provider', () => {
    expect(PROVIDERS, how).toEqual(authentication);
  });

  test('has every setting and its default', () => {
    const defaults = Object.entries<{ readonly default: unknown }>(configuration.properties);
    expect(SETTINGS, how).toEqual(Object.fromEntries(defaults.map(([name, one]) => [name, one.default])));
  });
});
