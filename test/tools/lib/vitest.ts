import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

import { distFolder } from './paths.ts';
import { runBinary } from './projectBinary.ts';
import type { CommandOptions } from './runCommand.ts';
import type { StepResult, Tally } from './step.ts';

/** The part of vitest's JSON report used for counting. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    /** The file's path. */
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

interface VitestRun extends CommandOptions {
  /** Passed on to vitest: part of a path, `-t name` and so on. */
  readonly arguments?: readonly string[];
}

type Project = 'unit' | 'protocol' | 'kill' | 'host' | 'theia';

/** Path of the report of a project's last run. */
export function reportOf(project: Project): string {
  return join(distFolder, 'test-results', `${project}.json`);
}

/** Runs the tests of one project of `.config/vitest.config.ts`. */
export async function runVitest(
  project: Project,
  { arguments: vitestArguments = [], ...options }: VitestRun = {},
): Promise<StepResult> {
  const report = reportOf(project);
  // Delete the previous report: an aborted run must not be counted by it.
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

/**
 * Runs the tests of a project. If only a few files fail, runs those again: on a busy machine, a test in a real
 * editor can fail by its timing. Tests that pass only on the second attempt count as passed and are named in the
 * summary.
 */
export async function runVitestTwice(project: Project, mostFiles: number): Promise<StepResult> {
  const first = await runVitest(project);
  const failed = readReport(reportOf(project))?.testResults.filter(({ status }) => status === 'failed') ?? [];
  if (first.exitCode === 0 || failed.length === 0 || failed.length > mostFiles) return first;

  const names = failed.map(({ name, assertionResults }) => {
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    return `${basename(name)}: ${tests.map(({ fullName }) => fullName).join(', ') || 'not loaded'}`;
  });
  console.log(`\nRetrying, because it failed:\n${names.map((one) => `  ${one}`).join('\n')}`);
  const second = await runVitest(project, { arguments: failed.map(({ name }) => name) });
  const passedBefore = failed
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed').length;
  return {
    exitCode: second.exitCode,
    tally: {
      passed: (first.tally?.passed ?? 0) - passedBefore + (second.tally?.passed ?? 0),
      failed: second.tally?.failed ?? 0,
    },
    remarks: names.map(
      (one) => `${second.exitCode === 0 ? 'passed only on the second attempt' : 'run twice'}: ${one}`,
    ),
  };
}

function readReport(report: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
  } catch {
    return undefined;
  }
}

function readTally(report: string): Tally {
  const read = readReport(report);
  if (read === undefined) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, testResults } = read;
  // A file that fails to load reports no failed tests.
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}
