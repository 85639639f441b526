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
`;

/** The number of questions in a text that stands behind the types above. */
function questionsIn(text: string): number {
  const host = ts.createCompilerHost({});
  const file = ts.createSourceFile('/x.ts', `${types}\n${text}`, ts.ScriptTarget.Latest, true);
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
])('a question: %s', (text) => {
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
])('no question: %s', (text) => {
  expect(questionsIn(text)).toBe(0);
});
