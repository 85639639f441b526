import { parentPort, workerData } from 'node:worker_threads';
import { simulate } from './simulate.ts';
import type { Simulation } from './simulate.ts';

/** Simulates a part of an organization in a separate thread. */
parentPort?.postMessage(await simulate(workerData as Simulation));
