import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../tools/lib/paths.ts';

const read = (name: string): string => readFileSync(join(projectRoot, 'src/ssoToken', name), 'utf8');

/** Messages that the scripts print themselves, before the program runs. */
const saidBy = (script: string): readonly string[] =>
  [...script.matchAll(/echo '?(sso-token: [^'\n]+)/g)].map(([, text = '']) => text);

describe('the scripts of sso-token', () => {
  const [shell, windows] = [read('sso-token'), read('sso-token.cmd')];

  test('print the same on Windows as elsewhere, with the same exit code', () => {
    expect(saidBy(shell)).toHaveLength(2);
    expect(saidBy(windows)).toEqual(saidBy(shell));
    expect(shell.match(/exit 3/g)).toHaveLength(2);
    expect(windows.match(/"%ComSpec%" \/d \/c exit 3/g)).toHaveLength(2);
  });

  test('end with a program on Windows: &&, || and PowerShell lose the exit code of exit /b', () => {
    const [comments, commands] = ['rem ', ''].map((start) =>
      windows.split('\n').filter((line) => line.startsWith('rem ') === (start === 'rem ')),
    );
    expect(commands?.join('\n')).not.toMatch(/exit \/b|goto|call /i);
    expect(commands?.at(-2)).toMatch(/^\) else "%DEVELOPER_SIGN_IN_NODE%" .* %\*$/); // A block would end at `)`.
    expect(comments?.join('\n')).not.toMatch(/[&|<>%]/);
  });

  test("print the program's message if there is neither a socket nor a secret", () => {
    expect(saidBy(shell)[0]).toBeDefined();
    expect(read('askEditor.ts')).toContain(saidBy(shell)[0]?.replace('sso-token: ', ''));
  });

  // Inside a parenthesized block, a parenthesis would end it.
  test('echo no parenthesis on Windows', () => {
    expect(saidBy(windows).join('')).not.toMatch(/[()%&|<>^]/);
  });
});
