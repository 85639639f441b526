import { readFileSync } from 'node:fs';

import type { StepResult } from '../tools/lib/step.ts';

interface TestRecord {
  readonly title: string;
  readonly durationMs: number;
  readonly error: string | null;
}

/**
 * Reads and prints the result of the suite.
 * @param file the file in `SUITE_RESULT`
 * @param exitCode VS Code's exit code; 0 counts only together with the suite's result
 * @param print for each line, to this terminal by default
 */
export function reportSuite(
  file: string,
  exitCode: number,
  print: (line: string) => void = console.log,
): StepResult {
  const records = readRecords(file);
  if (!records || records.length === 0) {
    print('The suite did not complete: its extension host wrote no result.');
    return { exitCode: exitCode === 0 ? 1 : exitCode };
  }
  for (const { title, durationMs, error } of records) {
    print(` ${error === null ? '✓' : '✗'} ${title} (${durationMs} ms)`);
    if (error !== null) print(error.replaceAll(/^/gm, '     '));
  }
  const failed = records.filter(({ error }) => error !== null).length;
  return { exitCode: failed > 0 ? 1 : exitCode, tally: { passed: records.length - failed, failed } };
}

function readRecords(file: string): readonly TestRecord[] | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TestRecord[];
  } catch {
    return undefined;
  }
}
