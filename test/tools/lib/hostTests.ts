import { ensureChromium } from '../../host/chromium.ts';
import { ensureHost } from '../../host/installHost.ts';
import { ownNetwork } from '../../host/ownNetwork.ts';
import { packProbe } from '../../host/probe.ts';
import { runSuiteInCodeServer } from '../../host/suiteInCodeServer.ts';
import { vsixPath } from './paths.ts';
import { noTests, sum, type StepResult } from './step.ts';
import { runVitest } from './vitest.ts';

/** Installs what the host tests need beyond the project's packages: a VS Code, a browser, and the probe for it. */
export async function prepareHost(): Promise<number> {
  await ensureHost();
  await ensureChromium();
  await packProbe();
  return 0;
}

/** So many of these runs wait for a browser most of the time; more would wait for the processor. */
const atATime = 2;

/**
 * The packaged extension, driven as a person does. Where each can have a network of its own, two halves of the files run
 * side by side.
 * @param vitestArguments as for `runVitest`
 */
export async function runDriven(vitestArguments: readonly string[] = []): Promise<StepResult> {
  const before = ownNetwork();
  if (before.length === 0 || vitestArguments.length > 0)
    return runVitest('host', { arguments: vitestArguments, before });
  console.log('Two halves, each in a network of its own: nothing but this machine can be reached.');
  const halves = await Promise.all(
    Array.from({ length: atATime }, (_, index) => {
      const shard = `${index + 1}/${atATime}`;
      return runVitest('host', { arguments: [`--shard=${shard}`], before, part: index + 1 });
    }),
  );
  return {
    exitCode: Math.max(...halves.map(({ exitCode }) => exitCode)),
    tally: halves.map(({ tally = noTests }) => tally).reduce(sum, noTests),
  };
}

/** The suite inside the extension host. */
export function runInside(): Promise<StepResult> {
  return runSuiteInCodeServer(vsixPath);
}
