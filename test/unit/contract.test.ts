import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import policySchema from '../../media/organization-policy.schema.json' with { type: 'json' };
import manifest from '../../package.json' with { type: 'json' };
import { fieldsOf } from '../../src/core/connection/connectionFields.ts';
import { unlistedCommands } from '../../src/extension.ts';
import { providerTypes, registrationOf } from '../../src/shell/providers/registration.ts';
import { COMMANDS, NOT_IN_PALETTE, PROVIDERS, SETTINGS } from '../host/suite/contract.ts';

vi.mock('vscode', async () => import('./fakes/vscode.ts'));

/**
 * `test/host/suite/contract.ts` repeats every name and default that users depend on, so that changes are
 * deliberate. `test/host/suite/` verifies them in a real VS Code.
 */

const { commands, menus, authentication, configuration } = manifest.contributes;
const how = 'If it is meant, change test/host/suite/contract.ts too';

describe('the contract', () => {
  test('lists every command that users and other extensions call', () => {
    const hidden = menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command);
    const inPalette = commands.map(({ command }) => command).filter((name) => !hidden.includes(name));
    expect(COMMANDS.filter((name) => !NOT_IN_PALETTE.includes(name)).toSorted(), how).toEqual(
      inPalette.toSorted(),
    );
    for (const name of NOT_IN_PALETTE) expect(unlistedCommands, how).toContain(name.split('.')[1]);
  });

  test('lists every command and policy rule in docs/ARCHITECTURE.md', () => {
    const [, section = ''] =
      /## Contract\n([\s\S]*?)\n## /.exec(readFileSync('docs/ARCHITECTURE.md', 'utf8')) ?? [];
    const listed = commands.map(({ command }) => command.slice('developerSignIn.'.length));
    const rules = Object.keys(policySchema.properties).filter((name) => name !== '$schema');
    const missing = [...listed, ...unlistedCommands, ...rules].filter(
      (name) => !section.includes(`\`${name}\``),
    );
    expect(missing, 'Rows to add to the section Contract').toEqual([]);
    const told = [...section.matchAll(/`([a-z]\w*(?:\.\w+)?)`(?=[^|\n]*\|[^|\n]*\|$)/gm)].map(
      ([, name]) => name,
    );
    expect(told.length).toBeGreaterThan(20);
    expect(told.filter((name) => ![...listed, ...unlistedCommands].includes(name ?? ''))).toEqual([]);
  });

  test.each(providerTypes.flatMap((type) => Object.entries(registrationOf(type).commands)))(
    'lists the arguments of %s in docs/ARCHITECTURE.md',
    (name, command) => {
      const [, told = ''] =
        new RegExp(`^\\| \`${name}\`.*\\| \`\\{ ([^}]*) \\}\``, 'm').exec(
          readFileSync('docs/ARCHITECTURE.md', 'utf8'),
        ) ?? [];
      const type = command === 'builderId' ? 'identityCenter' : command;
      const taken = fieldsOf(type).filter(({ argument }) =>
        command === 'builderId' ? argument === 'request' : argument !== undefined,
      );
      expect(told.split(', ').toSorted()).toEqual(taken.map((field) => field.name).toSorted());
    },
  );

  test('lists every provider', () => {
    expect(PROVIDERS, how).toEqual(authentication);
  });

  test('lists every setting and its default', () => {
    const defaults = Object.entries<{ readonly default: unknown }>(configuration.properties);
    expect(SETTINGS, how).toEqual(Object.fromEntries(defaults.map(([name, one]) => [name, one.default])));
  });
});
