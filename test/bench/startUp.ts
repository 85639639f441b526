import type { Probe } from '../host/probe.ts';
import type { Workbench } from '../host/workbench.ts';
import { compareActivations, readActivationPair, type ActivationPair } from './activationPair.ts';
import type { Figure } from './figure.ts';
import { readActivations, totalOf, type ActivationTimes } from './startupReport.ts';
import { median } from './statistics.ts';
import { BESIDE_OURS } from './subjects.ts';

const STARTS = 11;

/**
 * Activations when a window opens, as measured by VS Code. Ours starts together with all extensions that wait for
 * the end of startup; VS Code's load and finish times include their load. The control is a test extension that starts at
 * the same time. GitHub Authentication starts earlier, by itself.
 */
export async function measureStartUp(window: Workbench): Promise<Figure[]> {
  const starts: ActivationPair[] = [];
  const controls: ActivationTimes[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await window.reload();
    const probe = await window.probe();
    starts.push(await oneStart(probe));
    const control = (await readActivations(probe)).get(BESIDE_OURS);
    if (control !== undefined) controls.push(control);
  }
  const gitHub = median(starts.map((start) => totalOf(start.gitHub)));
  return [
    ...compareActivations(`start-up, median of ${STARTS}`, starts),
    {
      name: `start-up, median of ${STARTS}, load + call + finish: a test extension that starts with ours / GitHub's`,
      value: median(controls.map(totalOf)) / gitHub,
      unit: '',
      samples: controls,
      isControl: true,
    },
  ];
}

/** A window requests GitHub accounts itself; this activates the extension if it does not. */
async function oneStart(probe: Probe): Promise<ActivationPair> {
  await probe.getSession({ providerId: 'github', scopes: ['read:user'], options: { silent: true } });
  return readActivationPair(probe);
}
