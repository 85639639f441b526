import type { Probe } from '../host/probe.ts';
import type { Workbench } from '../host/workbench.ts';
import { compareActivations, readActivationPair, type ActivationPair } from './activationPair.ts';
import type { Figure } from './figure.ts';

const STARTS = 11;

/**
 * Activations when a window opens, as measured by VS Code. Ours starts together with all extensions that wait for
 * the end of startup; VS Code's load and finish times include their load.
 */
export async function measureStartUp(window: Workbench): Promise<Figure[]> {
  const starts: ActivationPair[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await window.reload();
    starts.push(await oneStart(await window.probe()));
  }
  return compareActivations(`start-up, median of ${STARTS}`, starts);
}

/** A window requests GitHub accounts itself; this activates the extension if it does not. */
async function oneStart(probe: Probe): Promise<ActivationPair> {
  await probe.getSession({ providerId: 'github', scopes: ['read:user'], options: { silent: true } });
  return readActivationPair(probe);
}
