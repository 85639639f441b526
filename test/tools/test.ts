import { checkFormat, checkTypes, checkUnused, lint } from './lib/checks.ts';
import { prepareHost, runDriven, runInside } from './lib/hostTests.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { exitCodeOnly, runStep, summarize, type StepOutcome, type StepResult } from './lib/step.ts';
import { runVitest } from './lib/vitest.ts';

type Step = readonly [name: string, action: () => Promise<StepResult>];

const CHECKS_AND_TESTS: readonly Step[] = [
  ['Format', () => exitCodeOnly(checkFormat())],
  ['Lint', () => exitCodeOnly(lint())],
  ['Types', () => exitCodeOnly(checkTypes())],
  ['Unused code', () => exitCodeOnly(checkUnused())],
  ['Unit tests', () => runVitest('unit')],
  ['Protocol tests', () => runVitest('protocol')],
  ['Kill test, the short one', () => runVitest('kill')],
];

/** Without these there is nothing to test in a host. */
const TO_THE_HOST: readonly Step[] = [
  ['Package', () => exitCodeOnly(packageExtension())],
  ['VS Code and browser', () => exitCodeOnly(prepareHost())],
];

const IN_THE_HOST: readonly Step[] = [
  ['In-host suite', runInside],
  ['Host tests', () => runDriven()],
];

const outcomes: StepOutcome[] = [];

async function runAll(steps: readonly Step[]): Promise<boolean> {
  for (const [name, action] of steps) outcomes.push(await runStep(name, action));
  return outcomes.slice(-steps.length).every(({ ok }) => ok);
}

// One failure does not hide another: everything runs that can.
await runAll(CHECKS_AND_TESTS);
const canHost = await runAll(TO_THE_HOST);
if (canHost) await runAll(IN_THE_HOST);

process.exitCode = summarize(outcomes, canHost ? [] : IN_THE_HOST.map(([name]) => name));
