import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { projectRoot } from '../../../tools/lib/paths.ts';
import { providerOf } from '../../../../src/shell/providers/index.ts';
import { providerTypes, registrationOf } from '../../../../src/shell/providers/registration.ts';

vi.mock('vscode', async () => import('../../fakes/vscode.ts'));

const { contributes } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  readonly contributes: {
    readonly authentication: readonly { readonly id: string; readonly label: string }[];
    readonly commands: readonly { readonly command: string }[];
  };
};
const manifestTexts = JSON.parse(readFileSync(join(projectRoot, 'package.nls.json'), 'utf8')) as Readonly<
  Record<string, string>
>;

describe('registrationOf', () => {
  test('matches the manifest: the same IDs and labels', () => {
    const registered = providerTypes.map(registrationOf).map(({ id, label }) => ({ id, label }));
    const contributed = contributes.authentication.map(({ id, label }) => ({
      id,
      label: manifestTexts[label.replaceAll('%', '')] ?? label,
    }));
    expect(registered).toEqual(contributed);
  });

  test('lists every sign-in command of the manifest', () => {
    const names = providerTypes.flatMap((type) => Object.keys(registrationOf(type).commands));
    const inManifest = contributes.commands
      .map(({ command }) => command.replace('developerSignIn.', ''))
      .filter((name) => /^signIn./.test(name) && name !== 'signInAgain');
    expect(names.toSorted()).toEqual(inManifest.toSorted());
  });
});

describe('providerOf', () => {
  test.each(providerTypes)('%s is offered with its own title', (type) => {
    const ways = providerOf({ type }).options({});
    expect(ways.map(({ command }) => command)).toEqual(Object.values(registrationOf(type).commands));
    for (const { whose } of ways) expect(whose).toMatch(/^(Work|Personal): /);
    const others = providerTypes.filter((other) => other !== type);
    expect(
      others.flatMap((other) =>
        providerOf({ type: other })
          .options({})
          .map(({ name }) => name),
      ),
    ).not.toContain(ways[0]?.name);
  });
});
