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

/** Host tests need all of these to succeed. */
const TO_THE_HOST: readonly Step[] = [
  ['Package', () => exitCodeOnly(packageExtension())],
  ['VS Code and browser', () => exitCodeOnly(prepareHost())],
];

/** Each row uses one core, except the kill test: it mostly waits for processes, longer than the others take. */
const BEFORE_THE_TESTS: readonly (readonly Step[])[] = [
  [['Kill test, the short one', (options) => runVitest('kill', options)]],
  [
    ['Lint', (options) => exitCodeOnly(lint([], options))],
    ['Format', (options) => exitCodeOnly(checkFormat(['.'], options))],
    ['Types', (options) => exitCodeOnly(checkTypes(options))],
    ['Unused code', (options) => exitCodeOnly(checkUnused(options))],
  ],
  TO_THE_HOST,
];

/** Each of these uses all cores. */
const TESTS: readonly Step[] = [
  ['Unit tests', () => runVitest('unit')],
  ['Protocol tests', () => runVitest('protocol')],
];

const IN_THE_HOST: readonly Step[] = [
  ['In-host suite', runInside],
  ['Host tests', () => runDriven()],
];

const outcomes: StepOutcome[] = [...(await runSideBySide(BEFORE_THE_TESTS))];

for (const [name, action] of TESTS) outcomes.push(await runStep(name, () => action({})));
const canHost = TO_THE_HOST.every(([name]) => outcomes.some((one) => one.name === name && one.ok));
if (canHost) for (const [name, action] of IN_THE_HOST) outcomes.push(await runStep(name, () => action({})));

process.exitCode = summarize(outcomes, canHost ? [] : IN_THE_HOST.map(([name]) => name));
