import type { Probe } from '../host/probe.ts';
import type { Figure } from './figure.ts';
import { ownWorkOf, readActivations, totalOf, type ActivationTimes } from './startupReport.ts';
import { median } from './statistics.ts';
import { SUBJECTS, type Subject } from './subjects.ts';

/** Both activations of one window start. */
export type ActivationPair = Readonly<Record<Subject, ActivationTimes>>;

/** Upper bound as a share of GitHub Authentication's activation time. */
const BOUND = { most: 1 / 3, kind: 'time' } as const;

/** @throws if one of the two was not activated in this start */
export async function readActivationPair(probe: Probe): Promise<ActivationPair> {
  const activations = await readActivations(probe);
  const timesOf = (subject: Subject): ActivationTimes => {
    const times = activations.get(SUBJECTS[subject]);
    if (times === undefined) throw new Error(`${SUBJECTS[subject]} is not in the startup report.`);
    return times;
  };
  return { ours: timesOf('ours'), gitHub: timesOf('gitHub') };
}

/** Medians as VS Code counts them and of the extensions' own work, and the ratio of ours to the other. */
export function compareActivations(name: string, pairs: readonly ActivationPair[]): Figure[] {
  return [
    ...compare(`${name}, load + call + finish`, pairs, totalOf),
    ...compare(`${name}, own code + call`, pairs, ownWorkOf),
  ];
}

function compare(
  name: string,
  pairs: readonly ActivationPair[],
  measure: (times: ActivationTimes) => number,
): Figure[] {
  const samples = (subject: Subject): ActivationTimes[] => pairs.map((pair) => pair[subject]);
  const times = { ours: samples('ours').map(measure), gitHub: samples('gitHub').map(measure) };
  const ours = median(times.ours);
  const gitHub = median(times.gitHub);
  return [
    { name: `${name}: ours`, value: ours, unit: 'ms', samples: samples('ours') },
    { name: `${name}: GitHub Authentication`, value: gitHub, unit: 'ms', samples: samples('gitHub') },
    { name: `${name}: ours / GitHub's`, value: ours / gitHub, unit: '', bound: BOUND },
    // The fastest run, which other load on the machine did not delay.
    {
      name: `${name}: ours / GitHub's, the fastest of each`,
      value: Math.min(...times.ours) / Math.min(...times.gitHub),
      unit: '',
    },
  ];
}
