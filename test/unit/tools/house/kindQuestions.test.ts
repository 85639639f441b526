import ts from 'typescript';
import { expect, test } from 'vitest';

import { kindQuestions } from '../../../tools/lib/house/kindQuestions.ts';
import { toSource } from '../../../tools/lib/house/source.ts';

const types = `
  interface Portal { readonly type: 'identityCenter'; readonly startUrl: string }
  interface Okta { readonly type: 'okta'; readonly issuer: string }
  type Connection = Portal | Okta;
  declare const connection: Connection;
  declare const other: Connection;
  declare const providers: Record<Connection['type'], () => void>;
  declare const guide: 'identityCenter' | 'kiro';
  declare const guides: Record<'identityCenter' | 'kiro', string>;
  declare const input: 'okta' | 'identityCenter' | 'scimToken';
  declare const inputs: Record<typeof input, string>;
  declare function isOkta(one: Connection): one is Okta;
  declare const dialect: string;
  declare const providerId: string;
  declare const operation: string;
  declare const names: readonly string[] & { includes(one: string): boolean };
  declare const fields: { some(f: (one: { readonly name: string }) => boolean): boolean };
  declare const place: { readonly member: string };
  declare const v: any;
`;

/** Number of places found in a text after the types above, not counting their predicate. */
function questionsIn(text: string): number {
  return countIn(`${types}\n${text}`) - countIn(types);
}

function countIn(text: string): number {
  const host = ts.createCompilerHost({});
  const file = ts.createSourceFile('/x.ts', text, ts.ScriptTarget.Latest, true);
  const program = ts.createProgram(
    ['/x.ts'],
    { strict: true, noLib: true },
    {
      ...host,
      getSourceFile: (name) => (name === '/x.ts' ? file : undefined),
      fileExists: (name) => name === '/x.ts',
      readFile: () => '',
    },
  );
  return kindQuestions(toSource(program, '/', ['x.ts'])).length;
}

test.each([
  "const a = connection.type === 'okta';",
  "const a = 'identityCenter' !== connection.type;",
  'switch (connection.type) { default: }',
  'const a = providers[connection.type];',
  'const a = { okta: 1, identityCenter: 2 };',
  "const a = ['okta'].includes(connection.type);",
  "const a = 'issuer' in connection;",
  'const a = isOkta(connection);',
  "const { type } = connection; const a = type === 'okta' && type === 'okta';",
  "const a = dialect === 'openId';",
  "const a = providerId === 'iam-identity-center';",
  'function f<T extends Connection["type"]>(type: T) { return providers[type]; }',
  "const a = [['okta', 1], ['oidc', 2]];",
  "const a = names.includes('issuer');",
  "const a = fields.some(({ name }) => name === 'issuer');",
  "const a = place.member === 'startUrl';",
  "const a = v.literal('okta');",
  "const a = v.picklist('okta', 'oidc');",
  'const a = connection as Okta;',
  'const f = (one: Connection): one is Okta => true;',
])('finds %s', (text) => {
  expect(questionsIn(text)).toBe(1);
});

test.each([
  'const a = connection.type === other.type;',
  'const a = guides[guide];',
  "const a = guide === 'identityCenter';",
  'const a = inputs[input];',
  'switch (input) { default: }',
  'const a = { okta: 1 };',
  "const a = { type: 'okta' };",
  "const a = 'name' in connection;",
  "const a = operation === 'region';",
  "const a = names.includes('name');",
  "const a = [['okta', 1]];",
  "const a = v.literal('kiro');",
  'const a = connection as Connection;',
  "const a = { type: 'okta', issuer: '' } as const;",
])('ignores %s', (text) => {
  expect(questionsIn(text)).toBe(0);
});
