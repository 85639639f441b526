import { constants } from 'node:os';

import type { CommandOptions } from './runCommand.ts';

/** Number of passed and failed tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

export interface StepOutcome {
  readonly name: string;
  readonly ok: boolean;
  readonly tally: Tally;
  readonly remarks: readonly string[];
  readonly durationMs: number;
}

/** Result of a step: its exit code, and its test counts if it has tests. */
export interface StepResult {
  readonly exitCode: number;
  readonly tally?: Tally;
  /** Printed below the step in the summary. */
  readonly remarks?: readonly string[];
}

const noTests: Tally = { passed: 0, failed: 0 };

/** A step: a name and a function. Its output goes to `onOutput`, or to this terminal by default. */
export type Step = readonly [name: string, action: (options: CommandOptions) => Promise<StepResult>];

/**
 * Runs several rows of steps in parallel, and the steps of a row in sequence. A step's output is printed when it
 * ends.
 */
export async function runSideBySide(rows: readonly (readonly Step[])[]): Promise<StepOutcome[]> {
  const outcomes = await Promise.all(
    rows.map(async (steps) => {
      const ended: StepOutcome[] = [];
      for (const [name, action] of steps) {
        const output: string[] = [];
        const said = (): void => {
          process.stdout.write(`${heading(name)}\n${output.join('')}`);
        };
        ended.push(await toItsEnd(name, () => action({ onOutput: (text) => output.push(text) }), said));
      }
      return ended;
    }),
  );
  return outcomes.flat();
}

/** Runs one step under a heading, and prints its result and duration. A step that throws has failed. */
export async function runStep(name: string, action: () => Promise<StepResult>): Promise<StepOutcome> {
  console.log(heading(name));
  return toItsEnd(name, action, () => undefined);
}

function heading(name: string): string {
  return `\n── ${name} ${'─'.repeat(Math.max(0, 76 - name.length))}`;
}

async function toItsEnd(
  name: string,
  action: () => Promise<StepResult>,
  said: () => void,
): Promise<StepOutcome> {
  const started = performance.now();
  const result = await untilInterrupted(action).catch((error: unknown): StepResult => {
    console.error(error instanceof Error ? error.message : error);
    return { exitCode: 1 };
  });
  const { exitCode, tally = noTests, remarks = [] } = result;
  const durationMs = performance.now() - started;
  said();
  const ok = exitCode === 0 && tally.failed === 0;
  // A failed run must not read "0 failed": count a failed step without failed tests as one.
  const counted = ok ? tally : { ...tally, failed: Math.max(1, tally.failed) };
  console.log(`${ok ? '✓' : '✗'} ${name}, ${seconds(durationMs)}`);
  return { name, ok, tally: counted, remarks, durationMs };
}

const GRACE_MS = 10_000;

/**
 * Ends the run on a signal: when the current step ends, or soon after if that takes too long. Servers and
 * browsers of a step end with this process.
 */
async function untilInterrupted(action: () => Promise<StepResult>): Promise<StepResult> {
  let interruptedBy: NodeJS.Signals | undefined;
  const leave = () => process.exit(128 + (interruptedBy ? constants.signals[interruptedBy] : 0));
  const interrupt = (signal: NodeJS.Signals) => {
    interruptedBy = signal;
    setTimeout(leave, GRACE_MS);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await action();
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
    if (interruptedBy) leave();
  }
}

/** A step whose only result is its exit code. */
export async function exitCodeOnly(code: Promise<number>): Promise<StepResult> {
  return { exitCode: await code };
}

/**
 * Prints the result of every step, then `N passed, N failed` on the last line.
 * @returns the exit code of the run: 0 if every step passed and none was skipped
 */
export function summarize(steps: readonly StepOutcome[], skipped: readonly string[]): number {
  console.log(`\n── Summary ${'─'.repeat(69)}`);
  for (const { name, ok, tally, remarks, durationMs } of steps) {
    const tests = tally.passed + tally.failed > 0 ? `  ${tallyText(tally)}` : '';
    console.log(`${ok ? '✓' : '✗'} ${name.padEnd(24)} ${seconds(durationMs).padStart(8)}${tests}`);
    for (const remark of remarks) console.log(`    ${remark}`);
  }
  for (const name of skipped) console.log(`- ${name.padEnd(24)}  skipped, because an earlier step failed`);
  console.log(`\n${tallyText(steps.map((step) => step.tally).reduce(sum, noTests))}`);
  return steps.every((step) => step.ok) && skipped.length === 0 ? 0 : 1;
}

function sum(a: Tally, b: Tally): Tally {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed };
}

function tallyText({ passed, failed }: Tally): string {
  return `${passed} passed, ${failed} failed`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
