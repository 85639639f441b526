import { prepareHost, runDriven, runInside } from './lib/hostTests.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { exitCodeOnly, runStep, summarize } from './lib/step.ts';

// With arguments, only the driven tests run, and vitest receives the arguments.
const vitestArguments = process.argv.slice(2);

const packaged = await runStep('Package', () => exitCodeOnly(packageExtension()));
const prepared = packaged.ok && (await runStep('VS Code and browser', () => exitCodeOnly(prepareHost())));
if (!prepared || !prepared.ok) {
  process.exitCode = 1;
} else {
  const inside = vitestArguments.length === 0 ? [await runStep('In-host suite', runInside)] : [];
  const driven = await runStep('Host tests', () => runDriven(vitestArguments));
  process.exitCode = summarize([packaged, prepared, ...inside, driven], []);
}
