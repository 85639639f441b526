import { describe, expect, test } from 'vitest';
import { outputJson, outputLine } from '../../../src/checkSetup/outputText.ts';
import { reportLines, reportOf } from '../../../src/checkSetup/report.ts';
import { runProgram } from '../../../src/checkSetup/program.ts';
import type { CheckOutcome } from '../../../src/setup/checks/outcomes.ts';

const hostile = 'x\u001b]0;owned\u0007\u009b2J\r\n::set-output name=a::b\u202e';

describe('outputLine', () => {
  test.each([
    ['    Failed: x', '    Failed: x'],
    ['\u001b[2Jx\u0007\u009b31m', '[2Jx 31m'],
    ['a\r\n::error::b', 'a ::error::b'],
    ['::error::b', ': :error::b'],
    ['    ::add-mask::b', '    : :add-mask::b'],
    ['    \t ##vso[task.setvariable]b', '    # #vso[task.setvariable]b'],
    ['    \u200b::stop-commands::x', '    : :stop-commands::x'],
    ['# heading: fine', '# heading: fine'],
    ['', ''],
  ])('%j', (line, shown) => {
    expect(outputLine(line)).toBe(shown);
  });
});

describe('outputJson', () => {
  test('escapes control characters without changing the content', () => {
    const json = outputJson({ name: hostile, list: ['\u{e0041}', 'é 日'] });
    expect(json).not.toMatch(/[^\P{C}\n]/u);
    expect(JSON.parse(json)).toEqual({ name: hostile, list: ['\u{e0041}', 'é 日'] });
    expect(json).toContain('é 日');
  });
});

describe('reportLines: foreign text', () => {
  test('cannot start a line or a CI command', () => {
    const check = {
      ...({
        id: 'scim.endpoint',
        step: 'scim',
        stepTitle: 'SCIM',
        owner: 'oktaAdministrator',
        evidence: [],
      } as const),
      ...{ title: 'A check', state: 'failed', found: `::error::${hostile}`, next: hostile },
    } as unknown as CheckOutcome;
    const text = reportLines(reportOf('identityCenter', [check], 0, `::add-path::${hostile}`));
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text).not.toMatch(/^\s*(?:::|##)/m);
    expect(text.split('\n').filter((line) => line.includes('owned'))).toHaveLength(3);
  });
});

describe('runProgram: an error', () => {
  test('is printed on one line without control characters', async () => {
    let said = '';
    const print = (text: string): void => void (said += text);
    const around = { env: {}, print, printError: print, signal: new AbortController().signal };
    expect(await runProgram([`--inputs=${hostile}`], around)).toBe(2);
    expect(said).toMatch(/^x .* cannot be read\.\n$/);
    expect(said.trimEnd()).not.toMatch(/\p{C}/u);
  });
});
