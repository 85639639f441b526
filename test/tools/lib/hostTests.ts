import { ensureChromium, lookForChromium } from '../../host/chromium.ts';
import { ensureClientPrograms, lookForClientPrograms } from '../../host/clientPrograms.ts';
import { ensureHost } from '../../host/installHost.ts';
import { packProbe } from '../../host/probe.ts';
import { runSuiteInCodeServer } from '../../host/suiteInCodeServer.ts';
import { vsixPath } from './paths.ts';
import type { StepResult } from './step.ts';
import { runVitest, runVitestTwice } from './vitest.ts';

/**
 * Looks for what the host tests need and nothing here can install, before anything large is downloaded.
 * @throws with the command to run
 */
export function lookForHost(): void {
  lookForChromium();
  lookForClientPrograms();
}

/** Installs what the host tests need beyond the project's packages: a browser, a VS Code, and the probe for it. */
export async function prepareHost(): Promise<number> {
  lookForHost();
  await ensureChromium();
  await ensureHost();
  await packProbe();
  return 0;
}

/** Where more files fail, the fault is in what they share. */
const MOST_FILES_TWICE = 3;

/**
 * The packaged extension, driven as a person does. Where each can have a network of its own, several files run side by side
 * (`.config/vitest.config.ts`).
 * @param vitestArguments as for `runVitest`
 */
export async function runDriven(vitestArguments: readonly string[] = []): Promise<StepResult> {
  await ensureClientPrograms();
  return vitestArguments.length > 0
    ? runVitest('host', { arguments: vitestArguments })
    : runVitestTwice('host', MOST_FILES_TWICE);
}

/** The suite inside the extension host. */
export function runInside(): Promise<StepResult> {
  return runSuiteInCodeServer(vsixPath);
}
