import { ensureChromium } from '../../host/chromium.ts';
import { ensureHost } from '../../host/installHost.ts';
import { ownNetwork } from '../../host/ownNetwork.ts';
import { packProbe } from '../../host/probe.ts';
import { runSuiteInCodeServer } from '../../host/suiteInCodeServer.ts';
import { vsixPath } from './paths.ts';
import type { StepResult } from './step.ts';
import { runVitest } from './vitest.ts';

/** Installs what the host tests need beyond the project's packages: a VS Code, a browser, and the probe for it. */
export async function prepareHost(): Promise<number> {
  await ensureHost();
  await ensureChromium();
  await packProbe();
  return 0;
}

/** The packaged extension, driven as a person does. @param vitestArguments as for `runVitest` */
export function runDriven(vitestArguments: readonly string[] = []): Promise<StepResult> {
  const before = ownNetwork();
  if (before.length > 0) console.log('In a network of its own: nothing but this machine can be reached.');
  return runVitest('host', vitestArguments, before);
}

/** The suite inside the extension host. */
export function runInside(): Promise<StepResult> {
  return runSuiteInCodeServer(vsixPath);
}
