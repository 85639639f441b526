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
 * The types of connection, where no compiler looks: the README, the ports that are forwarded quietly, the schemas that an
 * editor checks a policy file by, the page that hands on a connection link, and the steps of the walkthroughs that a sign-in completes.
 */
const read = (path: string): string => readFileSync(path, 'utf8');

describe('connectionTypes', () => {
  test.each([undefined, ...languages])('the schema of a policy file knows each type (%s)', (language) => {
    const schema = JSON.parse(read(manifestTexts(language)['organizationPolicySchema'] ?? '')) as {
      readonly properties: {
        readonly connections: { readonly items: { readonly properties: { readonly type: unknown } } };
      };
    };
    expect(schema.properties.connections.items.properties.type).toEqual({ enum: connectionTypes });
  });

  test('the README has an example of each type that the settings take, and names its provider', () => {
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

  test('a port that a type fixes is forwarded quietly', () => {
    const attributes = Object.keys(manifest.contributes.configurationDefaults['remote.portsAttributes']);
    const fixed = connectionTypes.flatMap((type) => {
      const { redirectPorts } = typeOf({ type });
      return redirectPorts?.({ type } as Connection) ?? [];
    });
    expect(fixed.filter((port) => !attributes.includes(`${port}`))).toEqual([]);
  });

  test('the page of docs/connect/ takes each type', () => {
    const [, kinds = ''] = /const kinds = \{(.*)\};/.exec(read('docs/connect/index.html')) ?? [];
    expect([...kinds.matchAll(/(\w+): '/g)].map(([, type]) => type)).toEqual(connectionTypes);
  });

  test('a sign-in of each type completes the step of the walkthrough, and those after it', () => {
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
  test('speaks of Okta’s console for Okta alone: every other OpenID Connect provider is generic', () => {
    expect(openIdTypes.filter((type) => typeOf({ type }).isGeneric !== true)).toEqual(['okta']);
  });
});
