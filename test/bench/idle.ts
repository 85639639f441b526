import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Figure } from './figure.ts';
import { createStorageFolder } from './storageFolder.ts';

const WINDOWS = 32;
const SECONDS = 10;

/**
 * What windows cost in which nothing asks and nothing is due: the heap that each adds, and the processor time of all of them,
 * with what the process itself takes beside them.
 */
export async function measureIdle(sandbox: Sandbox): Promise<Figure[]> {
  using folder = await createStorageFolder(sandbox, 'okta');
  const collect = garbageCollector();
  const none = await processorMilliseconds();
  collect();
  const before = process.memoryUsage().heapUsed;
  const windows = Array.from({ length: WINDOWS }, () => folder.openWindow());
  await Promise.all(windows.map((window) => window.list()));
  collect();
  const heap = (process.memoryUsage().heapUsed - before) / WINDOWS;
  const all = await processorMilliseconds();
  const name = `${WINDOWS} idle windows`;
  return [
    { name: `${name}: heap of each`, value: heap, unit: 'bytes' },
    { name: `${name}: processor in ${SECONDS} s, all of them`, value: all, unit: 'ms' },
    { name: `no window: processor in ${SECONDS} s`, value: none, unit: 'ms' },
  ];
}

async function processorMilliseconds(): Promise<number> {
  const before = process.cpuUsage();
  await wait(SECONDS * 1000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose_gc');
  return runInNewContext('gc') as () => void;
}
