import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { distFolder } from './paths.ts';
import { runBinary } from './projectBinary.ts';
import type { CommandOptions } from './runCommand.ts';
import type { StepResult, Tally } from './step.ts';

/** The part of vitest's JSON report that is counted. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

interface VitestRun extends CommandOptions {
  /** Handed on: a part of a path, `-t name` and the like. */
  readonly arguments?: readonly string[];
}

type Project = 'unit' | 'protocol' | 'kill' | 'host' | 'theia';

/** Where the report of a project's last run is. */
export function reportOf(project: Project): string {
  return join(distFolder, 'test-results', `${project}.json`);
}

/** Runs the tests of one project of `.config/vitest.config.ts`. */
export async function runVitest(
  project: Project,
  { arguments: vitestArguments = [], ...options }: VitestRun = {},
): Promise<StepResult> {
  const report = reportOf(project);
  // A run that dies early must not be counted by the report of an earlier one.
  rmSync(report, { force: true });
  const exitCode = await runBinary(
    'vitest',
    'vitest',
    [
      'run',
      '--config',
      '.config/vitest.config.ts',
      '--project',
      project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...vitestArguments,
    ],
    options,
  );
  return { exitCode, tally: readTally(report) };
}

function readTally(report: string): Tally {
  let content: string;
  try {
    content = readFileSync(report, 'utf8');
  } catch {
    return { passed: 0, failed: 0 };
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(content) as VitestReport;
  // A file that could not even be loaded has no tests to fail.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}
