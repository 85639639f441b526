import { ensureChromium } from '../host/chromium.ts';
import { ensureTheia, THEIA } from '../host/installTheia.ts';
import { packProbe } from '../host/probe.ts';
import { recordJourney } from './lib/journeyTable.ts';
import { packageExtension } from './lib/packageExtension.ts';
import { exitCodeOnly, runStep, summarize } from './lib/step.ts';
import { reportOf, runVitest } from './lib/vitest.ts';

// Runs the journey of `npm run test:editors` in Eclipse Theia, which is built once per machine, and updates
// docs/MEASURED.md.
const packaged = await runStep('Package', () => exitCodeOnly(packageExtension()));
const prepared = await runStep('Eclipse Theia and browser', async () => {
  await ensureChromium();
  await ensureTheia();
  await packProbe();
  return { exitCode: 0 };
});
if (packaged.ok && prepared.ok) {
  const journey = await runStep('Journey in Eclipse Theia', () => runVitest('theia'));
  await recordJourney(`Eclipse Theia ${THEIA}`, reportOf('theia'));
  process.exitCode = summarize([packaged, prepared, journey], []);
} else {
  process.exitCode = summarize([packaged, prepared], ['Journey in Eclipse Theia']);
}
