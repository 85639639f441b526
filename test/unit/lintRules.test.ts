import { spawnSync } from 'node:child_process';
import tseslint from 'typescript-eslint';
import { expect, test } from 'vitest';
import { projectRoot } from '../tools/lib/paths.ts';
import { binaryScript } from '../tools/lib/projectBinary.ts';

/** Rules of typescript-eslint's strict and stylistic sets that `.config/oxlint.jsonc` leaves out, with the reason. */
const leftOut: Readonly<Record<string, string>> = {
  'no-empty-function': 'a function may do nothing',
  'no-invalid-void-type': 'does not know `Promise.withResolvers<void>()`',
  'no-unsafe-class-instance-assignment': 'oxlint does not have it',
  'require-await': 'ports are async so that implementations may wait',
};

interface Config {
  readonly options: { readonly typeAware: boolean };
  readonly rules: Readonly<Record<string, unknown>>;
}

function oxlintConfig(): Config {
  const file = ['--config', '.config/oxlint.jsonc', '--print-config'];
  const { stdout } = spawnSync(process.execPath, [binaryScript('oxlint', 'oxlint'), ...file], {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  return JSON.parse(stdout) as Config;
}

const { rules, options } = oxlintConfig();
const shortName = (rule: string): string => rule.replace(/^.*\//, '');
const isOn = (entry: unknown): boolean => entry === 'deny' || (Array.isArray(entry) && entry[0] === 'deny');
const on = new Set(
  Object.entries(rules)
    .filter(([, entry]) => isOn(entry))
    .map(([rule]) => shortName(rule)),
);

test('oxlint has every rule of the strict and stylistic sets with types, except those left out', () => {
  const wanted = [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked]
    .flatMap((config) => Object.entries(config.rules ?? {}))
    .filter(([, entry]) => entry !== 'off')
    .map(([rule]) => shortName(rule));
  expect(wanted.length).toBeGreaterThan(90);
  expect([...new Set(wanted)].filter((rule) => !on.has(rule)).toSorted()).toEqual(Object.keys(leftOut));
});

test('the rules that need types run', () => {
  expect(options.typeAware).toBe(true);
});
