import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from './simulate.ts';
import type { Simulation } from './simulate.ts';

/** A part of an organization in a thread of its own. */
parentPort?.postMessage(await simulate(workerData as Simulation));
