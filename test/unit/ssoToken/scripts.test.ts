import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../tools/lib/paths.ts';

const read = (name: string): string => readFileSync(join(projectRoot, 'src/ssoToken', name), 'utf8');

/** What a script prints by itself, before there is a program. */
const saidBy = (script: string): readonly string[] =>
  [...script.matchAll(/echo '?(sso-token: [^'\n]+)/g)].map(([, text = '']) => text);

describe('the scripts of sso-token', () => {
  const [shell, windows] = [read('sso-token'), read('sso-token.cmd')];

  test('on Windows, say the same as elsewhere, with the same exit code', () => {
    expect(saidBy(shell)).toHaveLength(2);
    expect(saidBy(windows)).toEqual(saidBy(shell));
    expect(shell.match(/exit 3/g)).toHaveLength(2);
    expect(windows.match(/"%ComSpec%" \/d \/c exit 3/g)).toHaveLength(2);
  });

  test('on Windows, end with a program: the exit code of exit /b is lost to && and ||, and to PowerShell', () => {
    const [comments, commands] = ['rem ', ''].map((start) =>
      windows.split('\n').filter((line) => line.startsWith('rem ') === (start === 'rem ')),
    );
    expect(commands?.join('\n')).not.toMatch(/exit \/b|goto|call /i);
    expect(commands?.at(-2)).toMatch(/^\) else "%DEVELOPER_SIGN_IN_NODE%" .* %\*$/); // No block, in which `)` would end it.
    expect(comments?.join('\n')).not.toMatch(/[&|<>%]/);
  });

  test('say what the program says where it finds neither socket nor secret', () => {
    expect(saidBy(shell)[0]).toBeDefined();
    expect(read('askEditor.ts')).toContain(saidBy(shell)[0]?.replace('sso-token: ', ''));
  });

  // Within the parentheses of a block, one would end it.
  test('on Windows, echo no parenthesis', () => {
    expect(saidBy(windows).join('')).not.toMatch(/[()%&|<>^]/);
  });
});
