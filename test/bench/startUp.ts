import type { Probe } from '../host/probe.ts';
import type { Workbench } from '../host/workbench.ts';
import { compareActivations, readActivationPair, type ActivationPair } from './activationPair.ts';
import type { Figure } from './figure.ts';

const STARTS = 11;

/**
 * Activations as they happen when a window opens, in VS Code's own account. Ours starts together with all that waits for
 * the end of the start-up, and what VS Code counts as its load and finish holds the loads of those others.
 */
export async function measureStartUp(window: Workbench): Promise<Figure[]> {
  const starts: ActivationPair[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await window.reload();
    starts.push(await oneStart(await window.probe()));
  }
  return compareActivations(`start-up, median of ${STARTS}`, starts);
}

/** A window asks for GitHub's accounts by itself; where it does not, this makes the extension start. */
async function oneStart(probe: Probe): Promise<ActivationPair> {
  await probe.getSession({ providerId: 'github', scopes: ['read:user'], options: { silent: true } });
  return readActivationPair(probe);
}
