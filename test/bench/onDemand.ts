import type { Workbench } from '../host/workbench.ts';
import { compareActivations, readActivationPair, type ActivationPair } from './activationPair.ts';
import type { Figure } from './figure.ts';
import { untilQuiet } from './quietMachine.ts';
import { median } from './statistics.ts';
import { SUBJECTS, type Subject } from './subjects.ts';

/** Even, so that each of the two is first equally often: the first one loads the Node modules that both need. */
const STARTS = 12;

/** Bytes. */
type Heap = Readonly<Record<Subject, number>>;

/**
 * Activates extensions one after another in an idle window with deferred manifests, to exclude the work of other
 * extensions: duration, and retained V8 heap (used size after garbage collection, minus that before).
 */
export async function measureOnDemand(window: Workbench): Promise<Figure[]> {
  const pairs: ActivationPair[] = [];
  const heaps: Heap[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await window.reload();
    heaps.push(await activateInTurn(window, start % 2 === 0 ? ['ours', 'gitHub'] : ['gitHub', 'ours']));
    pairs.push(await readActivationPair(await window.probe()));
  }
  return [
    ...compareActivations(`on demand, alone, median of ${STARTS}`, pairs),
    ...compareHeaps(`V8 heap that activation takes, median of ${STARTS}`, heaps),
  ];
}

async function activateInTurn(window: Workbench, order: readonly [Subject, Subject]): Promise<Heap> {
  const probe = await window.probe();
  await untilQuiet();
  const grown = (await probe.executeCommand('probe.heapOfActivations', [
    { ids: order.map((subject) => SUBJECTS[subject]) },
  ])) as readonly { readonly id: string; readonly bytes: number }[];
  const of = (subject: Subject) => grown.find(({ id }) => id === SUBJECTS[subject])?.bytes ?? Number.NaN;
  return { ours: of('ours'), gitHub: of('gitHub') };
}

function compareHeaps(name: string, heaps: readonly Heap[]): Figure[] {
  const samples = (subject: Subject): number[] => heaps.map((heap) => heap[subject]);
  const ours = median(samples('ours'));
  const gitHub = median(samples('gitHub'));
  return [
    { name: `${name}: ours`, value: ours, unit: 'bytes', samples: samples('ours') },
    { name: `${name}: GitHub Authentication`, value: gitHub, unit: 'bytes', samples: samples('gitHub') },
    { name: `${name}: ours / GitHub's`, value: ours / gitHub, unit: '' },
  ];
}
