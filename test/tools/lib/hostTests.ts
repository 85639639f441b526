import { ensureChromium, lookForChromium } from '../../host/chromium.ts';
import { ensureClientPrograms, lookForClientPrograms } from '../../host/clientPrograms.ts';
import { installHeadlessShell } from '../../host/headlessShell.ts';
import { ensureHost } from '../../host/installHost.ts';
import { packProbe } from '../../host/probe.ts';
import { runSuiteInCodeServer } from '../../host/suiteInCodeServer.ts';
import { vsixPath } from './paths.ts';
import type { CommandOptions } from './runCommand.ts';
import type { StepResult } from './step.ts';
import { runVitest, runVitestTwice } from './vitest.ts';

/**
 * Verifies prerequisites of the host tests that cannot be installed here, before any large download.
 * @throws with the command that installs what is missing
 */
export function lookForHost(): void {
  lookForChromium();
  lookForClientPrograms();
}

/** Installs what the host tests need beyond npm packages: a browser, VS Code, and the probe for it. */
export async function prepareHost(): Promise<number> {
  lookForHost();
  await ensureChromium();
  await installHeadlessShell();
  await ensureHost();
  await packProbe();
  return 0;
}

/** If more files than this fail, the cause is shared, and a retry is pointless. */
const MOST_FILES_TWICE = 3;

/**
 * Runs the packaged extension as a user would. Several files run side by side if each can have its own network
 * (`.config/vitest.config.ts`).
 * @param vitestArguments as for `runVitest`
 */
export async function runDriven(vitestArguments: readonly string[] = []): Promise<StepResult> {
  await ensureClientPrograms();
  return vitestArguments.length > 0
    ? runVitest('host', { arguments: vitestArguments })
    : runVitestTwice('host', MOST_FILES_TWICE);
}

/** Runs the suite inside the extension host. */
export function runInside(options: CommandOptions = {}): Promise<StepResult> {
  return runSuiteInCodeServer(vsixPath, options);
}
