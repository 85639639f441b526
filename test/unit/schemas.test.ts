import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { connectionSchemas } from '../../src/core/connection/connectionSchema.ts';
import { knownRegions } from '../../src/input/regions.ts';
import { ruleNames } from '../../src/features/parsePolicy.ts';
import { manifestFiles } from '../tools/lib/manifest.ts';
import { languages, manifestTexts, type Language } from '../tools/lib/words.ts';

/** The editor's validation of JSON files matches the product's parsing. */
interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly items: Schema;
  readonly then: Schema;
  readonly else: Schema;
}

const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
const { contributes } = read('package.json') as {
  contributes: {
    configuration: { properties: Readonly<Record<string, Schema>> };
    configurationDefaults: {
      'remote.portsAttributes': Readonly<Record<string, { readonly onAutoForward: string }>>;
    };
  };
};
const connection = contributes.configuration.properties['developerSignIn.connections']?.items;

const policySchema = (language?: Language): unknown =>
  read(manifestTexts(language)['organizationPolicySchema'] ?? '');

test('the policy file schema has exactly the rules that the product knows', () => {
  const { properties } = policySchema() as Schema;
  expect(Object.keys(properties)).toEqual(['$schema', ...ruleNames]);
});

test.each(languages)('the policy file schema in %s differs only in its texts', (language) => {
  const words: [string, unknown][] = [];
  const withoutText = (name: string, value: unknown): unknown => {
    if (name !== 'title' && name !== 'description') return value;
    words.push([name, value]);
    return undefined;
  };
  const [english, translated] = [policySchema(), policySchema(language)].map((schema) => {
    words.length = 0;
    return { shape: JSON.stringify(schema, withoutText), words: [...words] };
  });
  expect(translated?.shape).toBe(english?.shape);
  expect(translated?.words.map(([name]) => name)).toEqual(english?.words.map(([name]) => name));
  const same = translated?.words.filter(([, text], index) => text === english?.words[index]?.[1]);
  expect(same).toEqual([]);
});

test('settings.json offers every known Region', () => {
  const offered = connection?.then.properties['region']?.examples ?? [];
  expect([...offered].sort()).toEqual(Object.values(knownRegions).flat().sort());
});

test('the generated parts of the manifest are up to date: npm run format', () => {
  for (const [path, text] of manifestFiles()) expect(readFileSync(path, 'utf8'), path).toBe(text);
});

test('settings.json accepts exactly the members of a connection', () => {
  const members = (schema: Schema | undefined) => Object.keys(schema?.properties ?? {}).sort();
  const { identityCenter: ofIdentityCenter, okta: ofOkta } = connectionSchemas;
  expect(members(connection?.then)).toEqual(Object.keys(ofIdentityCenter.entries).sort());
  expect(members(connection?.else.then)).toEqual(Object.keys(ofOkta.entries).sort());
});

test('an editor on a server does not announce the callback port as an application', () => {
  const attributes = contributes.configurationDefaults['remote.portsAttributes'];
  const ports = contributes.configuration.properties['developerSignIn.okta.redirectPorts']?.default;
  expect(Object.keys(attributes).map(Number)).toEqual(ports);
  expect(Object.values(attributes).filter(({ onAutoForward }) => onAutoForward !== 'silent')).toEqual([]);
});
