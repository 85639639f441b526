import { editors, EDITOR_VARIABLE } from '../host/editors.ts';
import { prepareHost, runDriven } from './lib/hostTests.ts';
import { recordJourney } from './lib/journeyTable.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { exitCodeOnly, runStep, summarize, type StepOutcome } from './lib/step.ts';
import { reportOf } from './lib/vitest.ts';

// Runs one journey in every editor of test/host/editors.ts, or only in the given ones (`npm run test:editors
// -- 4.105.1`), and updates docs/MEASURED.md.
const wanted = process.argv.slice(2);
const unknown = wanted.filter((version) => editors.every(({ codeServer }) => codeServer !== version));
if (unknown.length > 0) {
  const known = editors.map(({ codeServer }) => codeServer).join(', ');
  console.error(`Not known: ${unknown.join(', ')}. Known versions of code-server: ${known}.`);
  process.exit(1);
}
const chosen = editors.filter(({ codeServer }) => wanted.length === 0 || wanted.includes(codeServer));

const outcomes: StepOutcome[] = [await runStep('Package', () => exitCodeOnly(packageExtension()))];
const notRun: string[] = [];
for (const { codeServer } of chosen) {
  process.env[EDITOR_VARIABLE] = codeServer;
  const name = `VS Code ${codeServer.replace(/^4/, '1')}`;
  const journey = `Journey in ${name}`;
  if (outcomes[0]?.ok !== true) {
    notRun.push(journey);
    continue;
  }
  const prepared = await runStep(`code-server ${codeServer}`, () => exitCodeOnly(prepareHost()));
  outcomes.push(prepared);
  if (prepared.ok) {
    outcomes.push(await runStep(journey, () => runDriven(['test/host/journey.test.ts'])));
    await recordJourney(name, reportOf('host'));
  } else {
    notRun.push(journey);
  }
}
process.exitCode = summarize(outcomes, notRun);
