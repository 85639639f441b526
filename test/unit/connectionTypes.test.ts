import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import * as v from 'valibot';
import { typeOf } from '../../src/core/connection/connection.ts';
import type { Connection } from '../../src/core/connection/connection.ts';
import { connectionTypes, openIdTypes } from '../../src/core/connection/connectionFields.ts';
import { connectionSchema } from '../../src/core/connection/connectionSchema.ts';
import { registrationOf } from '../../src/shell/providers/registration.ts';
import { languages, manifestTexts } from '../tools/lib/words.ts';

/**
 * Connection types in places that the compiler does not check: the README, silently forwarded ports, the editor's
 * schema for policy files, the connection link page, and the walkthrough steps that a sign-in completes.
 */
const read = (path: string): string => readFileSync(path, 'utf8');

describe('connectionTypes', () => {
  test.each([undefined, ...languages])('the policy file schema knows each type (%s)', (language) => {
    const schema = JSON.parse(read(manifestTexts(language)['organizationPolicySchema'] ?? '')) as {
      readonly properties: {
        readonly connections: { readonly items: { readonly properties: { readonly type: unknown } } };
      };
    };
    expect(schema.properties.connections.items.properties.type).toEqual({ enum: connectionTypes });
  });

  test('the README has an example of each type allowed in settings, and names its provider', () => {
    const readme = read('README.md');
    const [, block = ''] = /A connection is one of:\s+```jsonc\n([\s\S]*?)```/.exec(readme) ?? [];
    const examples = block
      .trim()
      .split('\n')
      .map((line) => v.parse(connectionSchema, JSON.parse(line)));
    expect(examples.map(({ type }) => type)).toEqual(connectionTypes);
    const [, authors = ''] = readme.split('## For extension authors');
    const ids = connectionTypes.map((type) => `\`${registrationOf(type).id}\``);
    expect(ids.filter((id) => !authors.includes(id))).toEqual([]);
  });

  test('the fixed port of a type is forwarded silently', () => {
    const attributes = Object.keys(manifest.contributes.configurationDefaults['remote.portsAttributes']);
    const fixed = connectionTypes.flatMap((type) => {
      const { redirectPorts } = typeOf({ type });
      return redirectPorts?.({ type } as Connection) ?? [];
    });
    expect(fixed.filter((port) => !attributes.includes(`${port}`))).toEqual([]);
  });

  test('the page in docs/connect/ accepts each type', () => {
    const [, kinds = ''] = /const kinds = \{(.*)\};/.exec(read('docs/connect/index.html')) ?? [];
    expect([...kinds.matchAll(/(\w+): '/g)].map(([, type]) => type)).toEqual(connectionTypes);
  });

  test('a sign-in of each type completes its walkthrough step and the following ones', () => {
    const steps = manifest.contributes.walkthroughs.flatMap((one) => one.steps);
    const events = steps.map(({ completionEvents }): readonly string[] => completionEvents);
    const whole = events.filter((of) => of.includes('onCommand:developerSignIn.signIn'));
    expect(whole).toHaveLength(1);
    const commands = connectionTypes.flatMap((type) => Object.keys(registrationOf(type).commands));
    expect(whole[0]).toEqual(
      expect.arrayContaining(commands.map((command) => `onCommand:developerSignIn.${command}`)),
    );
    const signedIn = 'onContext:developerSignIn.signedIn.';
    const ofAll = events.filter((of) => of.filter((event) => event.startsWith(signedIn)).length > 1);
    expect(ofAll.length).toBeGreaterThan(0);
    for (const of of ofAll)
      expect(of).toEqual(expect.arrayContaining(connectionTypes.map((type) => `${signedIn}${type}`)));
  });
});

describe('typeOf', () => {
  test('mentions Okta’s console only for Okta: every other OpenID Connect provider is generic', () => {
    expect(openIdTypes.filter((type) => typeOf({ type }).isGeneric !== true)).toEqual(['okta']);
  });
});
