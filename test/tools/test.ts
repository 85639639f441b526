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

const PACKAGE: Step = ['Package', () => exitCodeOnly(packageExtension())];
const HOST: Step = ['VS Code and browser', () => exitCodeOnly(prepareHost())];

/**
 * The kill test mostly waits for processes, and the host for downloads; the third row uses the cores meanwhile. It
 * begins with the package, because unit tests list its files.
 */
const SIDE_BY_SIDE: readonly (readonly Step[])[] = [
  [['Kill test, the short one', (options) => runVitest('kill', options)]],
  [HOST],
  [
    PACKAGE,
    ['Lint', (options) => exitCodeOnly(lint([], options))],
    ['Format', (options) => exitCodeOnly(checkFormat(['.'], options))],
    ['Types', (options) => exitCodeOnly(checkTypes(options))],
    ['Unused code', (options) => exitCodeOnly(checkUnused(options))],
    ['Unit tests', (options) => runVitest('unit', options)],
  ],
];

/** One page of one window, which leaves a core to the protocol tests. */
const IN_HOST_SUITE: Step = ['In-host suite', runInside];
const PROTOCOL_TESTS: Step = ['Protocol tests', (options) => runVitest('protocol', options)];
/** These use all cores. */
const HOST_TESTS: Step = ['Host tests', () => runDriven()];

const outcomes: StepOutcome[] = [...(await runSideBySide(SIDE_BY_SIDE))];
const canHost = [PACKAGE, HOST].every(([name]) => outcomes.some((one) => one.name === name && one.ok));
outcomes.push(...(await runSideBySide(canHost ? [[PROTOCOL_TESTS], [IN_HOST_SUITE]] : [[PROTOCOL_TESTS]])));
if (canHost) outcomes.push(await runStep(HOST_TESTS[0], () => HOST_TESTS[1]({})));

process.exitCode = summarize(outcomes, canHost ? [] : [IN_HOST_SUITE[0], HOST_TESTS[0]]);
