import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { together } from './simulate.ts';
import type { Observed, Simulation } from './simulate.ts';

/** Simulates an organization as two halves on two cores, each with half of the rate limit. */
export async function onTwoCores(simulation: Simulation): Promise<Observed> {
  const { first, developers, plan } = simulation;
  const half = Math.ceil(developers / 2);
  const limit = plan.limit === undefined ? {} : { limit: { ...plan.limit, most: plan.limit.most / 2 } };
  const parts = [
    { ...simulation, first, developers: half },
    { ...simulation, first: first + half, developers: developers - half },
  ];
  const [one, other] = await Promise.all(
    parts.map((part) => inThread({ ...part, plan: { ...plan, ...limit } })),
  );
  if (one === undefined || other === undefined) throw new Error('A half is missing.');
  return together(one, other);
}

async function inThread(workerData: Simulation): Promise<Observed> {
  const worker = new Worker(join(import.meta.dirname, 'worker.ts'), { workerData });
  try {
    const [observed] = (await once(worker, 'message')) as [Observed];
    return observed;
  } finally {
    await worker.terminate();
  }
}
