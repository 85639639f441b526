import type { Probe } from '../host/probe.ts';
import type { Workbench } from '../host/workbench.ts';
import type { Figure } from './figure.ts';
import { readActivations, totalOf } from './startupReport.ts';
import { median } from './statistics.ts';
import { SUBJECTS, type Subject } from './subjects.ts';

const STARTS = 5;
/** At most this share of GitHub Authentication's activation. */
export const ACTIVATION_BOUND = { most: 1 / 3, kind: 'time' } as const;

/**
 * Activations as they happen when a window opens, in VS Code's own account. Ours starts together with all that waits for
 * the end of the start-up, and what VS Code counts as its load and finish holds the loads of those others.
 */
export async function measureStartUp(window: Workbench): Promise<Figure[]> {
  const starts: Record<Subject, number>[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await window.reload();
    starts.push(await oneStart(await window.probe()));
  }
  return [
    ...comparison(`activation at a window's start, median of ${STARTS}`, {
      ours: starts.map(({ ours }) => ours),
      gitHub: starts.map(({ gitHub }) => gitHub),
    }),
  ];
}

async function oneStart(probe: Probe): Promise<Record<Subject, number>> {
  // A window asks for GitHub's accounts by itself; where it does not, this makes the extension start.
  await probe.getSession({ providerId: 'github', scopes: ['read:user'], options: { silent: true } });
  const activations = await readActivations(probe);
  const time = (subject: Subject): number => {
    const times = activations.get(SUBJECTS[subject]);
    if (times === undefined) throw new Error(`${SUBJECTS[subject]} is not in the startup report.`);
    return totalOf(times);
  };
  return { ours: time('ours'), gitHub: time('gitHub') };
}

/** Two medians and what the first is of the second. */
export function comparison(name: string, times: Readonly<Record<Subject, readonly number[]>>): Figure[] {
  const ours = median(times.ours);
  const gitHub = median(times.gitHub);
  return [
    { name: `${name}: ours`, value: ours, unit: 'ms' },
    { name: `${name}: GitHub Authentication`, value: gitHub, unit: 'ms' },
    { name: `${name}: ours / GitHub's`, value: ours / gitHub, unit: '', bound: ACTIVATION_BOUND },
  ];
}
