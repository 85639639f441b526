import { constants } from 'node:os';

import type { CommandOptions } from './runCommand.ts';

/** How many tests passed and failed. */
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

/** What a step says about itself: its exit code, and its tests where it has any. */
export interface StepResult {
  readonly exitCode: number;
  readonly tally?: Tally;
  /** Said under the step in the summary. */
  readonly remarks?: readonly string[];
}

const noTests: Tally = { passed: 0, failed: 0 };

/** A step: its name, and what it does; what it prints goes where `onOutput` says, and to this terminal without that. */
export type Step = readonly [name: string, action: (options: CommandOptions) => Promise<StepResult>];

/**
 * Runs several rows of steps side by side, the steps of a row one after the other. What a step prints comes when it has ended.
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

/** Runs one step under a heading, and says how it ended and how long it took. A step that throws has failed. */
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
  // A run that is not green never reads "0 failed": a step that failed without a failed test counts as one.
  const counted = ok ? tally : { ...tally, failed: Math.max(1, tally.failed) };
  console.log(`${ok ? '✓' : '✗'} ${name}, ${seconds(durationMs)}`);
  return { name, ok, tally: counted, remarks, durationMs };
}

const GRACE_MS = 10_000;

/**
 * A signal ends the run: with the step that it interrupts, or, where that takes its time, soon after. The servers and browsers
 * of a step end with this process.
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

/** A step whose result is its exit code alone. */
export async function exitCodeOnly(code: Promise<number>): Promise<StepResult> {
  return { exitCode: await code };
}

/**
 * Prints every step's end, then, as the last line alone, `N passed, N failed`.
 * @returns the exit code of the whole: 0 when every step is green and none was skipped
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
