import type { Workbench } from '../host/workbench.ts';
import type { Figure } from './figure.ts';
import { comparison } from './startUp.ts';
import { readActivations, totalOf } from './startupReport.ts';
import { median } from './statistics.ts';
import { SUBJECTS, type Subject } from './subjects.ts';

/** Even: each of the two is the first one as often as the other, because the first loads what both need of Node. */
const STARTS = 6;

interface OneStart {
  readonly milliseconds: Readonly<Record<Subject, number>>;
  readonly heapBytes: Readonly<Record<Subject, number>>;
}

/**
 * Activations one after the other in a quiet window whose manifests are deferred, so that neither figure holds the work of
 * another extension: how long, and what stays on the heap of V8 (used size after collecting garbage, after less before).
 */
export async function measureOnDemand(window: Workbench): Promise<Figure[]> {
  const starts: OneStart[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await window.reload();
    starts.push(await oneStart(window, start % 2 === 0 ? ['ours', 'gitHub'] : ['gitHub', 'ours']));
  }
  const all = (kind: keyof OneStart, subject: Subject): number[] => starts.map((one) => one[kind][subject]);
  const heap = { ours: median(all('heapBytes', 'ours')), gitHub: median(all('heapBytes', 'gitHub')) };
  const heapName = `V8 heap after activation, used, median of ${STARTS}`;
  return [
    ...comparison(`activation on demand and alone, median of ${STARTS}`, {
      ours: all('milliseconds', 'ours'),
      gitHub: all('milliseconds', 'gitHub'),
    }),
    { name: `${heapName}: ours`, value: heap.ours, unit: 'bytes' },
    { name: `${heapName}: GitHub Authentication`, value: heap.gitHub, unit: 'bytes' },
    { name: `${heapName}: ours / GitHub's`, value: heap.ours / heap.gitHub, unit: '' },
  ];
}

async function oneStart(window: Workbench, order: readonly [Subject, Subject]): Promise<OneStart> {
  const probe = await window.probe();
  const grown = (await probe.executeCommand('probe.heapOfActivations', [
    { ids: order.map((subject) => SUBJECTS[subject]) },
  ])) as readonly { readonly id: string; readonly bytes: number }[];
  const activations = await readActivations(probe);
  const of = (subject: Subject): { readonly milliseconds: number; readonly bytes: number } => {
    const id = SUBJECTS[subject];
    const times = activations.get(id);
    const heap = grown.find((one) => one.id === id);
    if (times === undefined || heap === undefined) throw new Error(`${id} was not activated.`);
    return { milliseconds: totalOf(times), bytes: heap.bytes };
  };
  const [ours, gitHub] = [of('ours'), of('gitHub')];
  return {
    milliseconds: { ours: ours.milliseconds, gitHub: gitHub.milliseconds },
    heapBytes: { ours: ours.bytes, gitHub: gitHub.bytes },
  };
}
