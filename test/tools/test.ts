import { checkFormat, checkTypes, checkUnused, lint } from './lib/checks.ts';
import { lookForHost, prepareHost, runDriven, runInside } from './lib/hostTests.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { exitCodeOnly, runSideBySide, runStep, summarize, type Step, type StepOutcome } from './lib/step.ts';
import { runVitest } from './lib/vitest.ts';

/** `npm test` runs everything. All steps that can run do so, even after a failure. */

try {
  lookForHost();
} catch (error) {
  // Report missing prerequisites early; the other steps run, and those that need them fail.
  console.error(`${error instanceof Error ? error.message : String(error)}\n`);
}

/** Each of these uses one core: run two at a time. */
const CHECKS: readonly (readonly Step[])[] = [
  [['Lint', (options) => exitCodeOnly(lint([], options))]],
  [
    ['Format', (options) => exitCodeOnly(checkFormat(['.'], options))],
    ['Types', (options) => exitCodeOnly(checkTypes(options))],
    ['Unused code', (options) => exitCodeOnly(checkUnused(options))],
  ],
];

/** Host tests need all of these to succeed. */
const TO_THE_HOST: readonly Step[] = [
  ['Package', () => exitCodeOnly(packageExtension())],
  ['VS Code and browser', () => exitCodeOnly(prepareHost())],
];

/**
 * These mostly wait: the protocol tests for the network, the kill test for processes, the host tests for
 * downloads.
 */
const WAITING: readonly (readonly Step[])[] = [
  [['Protocol tests', (options) => runVitest('protocol', options)]],
  [['Kill test, the short one', (options) => runVitest('kill', options)]],
  TO_THE_HOST,
];

const IN_THE_HOST: readonly Step[] = [
  ['In-host suite', runInside],
  ['Host tests', () => runDriven()],
];

const outcomes: StepOutcome[] = [...(await runSideBySide(CHECKS))];

outcomes.push(await runStep('Unit tests', () => runVitest('unit')));
outcomes.push(...(await runSideBySide(WAITING)));
const canHost = TO_THE_HOST.every(([name]) => outcomes.some((one) => one.name === name && one.ok));
if (canHost) for (const [name, action] of IN_THE_HOST) outcomes.push(await runStep(name, () => action({})));

process.exitCode = summarize(outcomes, canHost ? [] : IN_THE_HOST.map(([name]) => name));
