import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { help } from '../../../src/ssoToken/help.ts';
import { parseArguments } from '../../../src/ssoToken/arguments.ts';
import { projectRoot } from '../../tools/lib/paths.ts';

/** The calls in a text, split as a shell does; they contain the documentation's placeholders. */
function callsIn(text: string): readonly (readonly string[])[] {
  const calls = text.matchAll(
    /\bsso-token(?:\.cmd)?((?: (?:'[^']+'|"[^"]+"|--?\w[\w-]*|[A-Z]\w+|\w+[.:]\w+|\d{12}\b))+)/g,
  );
  return [...calls].map(([, words = '']) =>
    [...words.matchAll(/'([^']+)'|"([^"]+)"|(\S+)/g)].map(([all, one, two]) => one ?? two ?? all),
  );
}

describe('parseArguments', () => {
  test.each([
    [[], { request: { ask: 'token' }, format: 'token' }],
    [['My Okta'], { request: { ask: 'token', connection: 'My Okta' }, format: 'token' }],
    [['--json'], { request: { ask: 'token' }, format: 'json' }],
    [['--header', 'okta'], { request: { ask: 'token', connection: 'okta' }, format: 'header' }],
    [['--exec-credential'], { request: { ask: 'token' }, format: 'execCredential' }],
    [['--list'], { request: { ask: 'list' }, format: 'list' }],
    [['--list', '--json'], { request: { ask: 'list' }, format: 'json' }],
    [['--sign-in'], { request: { ask: 'token', signIn: true }, format: 'token' }],
    [['--scope', 'a', '--scope=b'], { request: { ask: 'token', scopes: ['a', 'b'] }, format: 'token' }],
    [['--scope', 'a b,c'], { request: { ask: 'token', scopes: ['a', 'b', 'c'] }, format: 'token' }],
    [
      ['--aws-credentials', '--account', '111122223333', '--role=ReadOnly', 'Work'],
      {
        request: {
          ask: 'awsCredentials',
          accountId: '111122223333',
          roleName: 'ReadOnly',
          connection: 'Work',
        },
        format: 'awsCredentials',
      },
    ],
    [['--git-credential', 'get'], { request: { ask: 'gitCredential' }, format: 'gitCredential' }],
    [['--json', '--', '--dev'], { request: { ask: 'token', connection: '--dev' }, format: 'json' }],
    [['--scope=-x'], { request: { ask: 'token', scopes: ['-x'] }, format: 'token' }],
  ] as const)('%j requests', (given, call) => {
    expect(parseArguments(given)).toEqual({ does: 'ask', ...call });
  });

  test.each(['store', 'erase', 'capability'])('Git’s %s changes nothing', (word) => {
    expect(parseArguments(['--git-credential', word])).toEqual({ does: 'nothing' });
  });

  test.each([['--help'], ['-h'], ['--json --help']])('%s requests help', (given) => {
    expect(parseArguments(given.split(' '))).toEqual({ does: 'help' });
  });

  test.each([
    [['--jsno'], /--jsno/],
    [['-v'], /-v/],
    [['--scope'], /--scope/],
    [['--scope', '--json'], /--scope/],
    [['--scope', ''], /--scope requires a value/],
    [['--scope='], /--scope requires a value/],
    [['--scope', ' ,'], /--scope requires a value/],
    [['--scope', '--', 'a'], /--scope requires a value/],
    [['--', 'a', 'b'], /quotation marks/],
    [[''], /name of the connection is empty/],
    [['--json='], /--json doesn’t take a value/],
    [['--json=true'], /--json doesn’t take a value/],
    [['--sign-in=false'], /--sign-in doesn’t take a value/],
    [['My', 'Okta'], /quotation marks/],
    [['--json', '--header'], /--json and --header/],
    [['--list', '--header'], /combined/],
    [['--list', 'okta'], /--list/],
    [['--list', '--sign-in'], /--list/],
    [['--constructor'], /--constructor/],
    [['--aws-credentials'], /--account.*--role/],
    [['--aws-credentials', '--account', '1', '--role', 'x'], /12 digits/],
    [['--aws-credentials', '--account'], /--account requires/],
    [['--aws-credentials', '--account', '111122223333', '--role', ''], /--role requires a value/],
    [
      ['--aws-credentials', '--account', '111122223333', '--role', 'a b'],
      /--role requires the name of a role/,
    ],
    [['--role', 'x'], /require --aws-credentials/],
    [['--git-credential'], /get, store or erase/],
  ])('%j is rejected with a reason', (given, why) => {
    expect(parseArguments(given)).toEqual({ does: 'refuse', why: expect.stringMatching(why) as string });
  });

  test.each([
    ['README.md', readFileSync(join(projectRoot, 'README.md'), 'utf8'), 6],
    ['docs/TERMINAL.md', readFileSync(join(projectRoot, 'docs/TERMINAL.md'), 'utf8'), 10],
    ['--help', help.slice(help.indexOf('Examples:')), 2],
  ])('every call in %s is one that it understands', (_, text, least) => {
    const calls = callsIn(text);
    expect(calls.length).toBeGreaterThanOrEqual(least);
    // Git adds what it wants.
    const refused = calls
      .map((call) => (call.includes('--git-credential') ? [...call, 'get'] : call))
      .filter((call) => parseArguments(call).does === 'refuse');
    expect(refused).toEqual([]);
  });
});
