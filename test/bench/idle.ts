import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Figure } from './figure.ts';
import { createStorageFolder } from './storageFolder.ts';
import { wakeUpsOf } from './wakeUps.ts';

const WINDOWS = 32;
const SECONDS = 60;
/** Time for the windows to read stored data and collect garbage. */
const SETTLING_SECONDS = 5;
const NONE = { most: 0, kind: 'count' } as const;

/**
 * Cost of idle windows without callers or due refreshes: heap per window, number of wake-ups, and total CPU time,
 * next to that of the process itself.
 */
export async function measureIdle(sandbox: Sandbox): Promise<Figure[]> {
  using folder = await createStorageFolder(sandbox, 'okta');
  const collect = garbageCollector();
  const none = await processorMilliseconds();
  collect();
  const before = process.memoryUsage().heapUsed;
  let heap = Number.NaN;
  const open = async (): Promise<void> => {
    const windows = Array.from({ length: WINDOWS }, () => folder.openWindow());
    await Promise.all(windows.map((window) => window.list()));
    collect();
    heap = (process.memoryUsage().heapUsed - before) / WINDOWS;
  };
  const wakeUps = await wakeUpsOf(open, SETTLING_SECONDS * 1000, SECONDS * 1000);
  const all = await processorMilliseconds();
  const name = `${WINDOWS} idle windows`;
  return [
    { name: `${name}: heap of each`, value: heap, unit: 'bytes' },
    { name: `${name}: wake-ups in ${SECONDS} s, in total`, value: wakeUps, unit: 'times', bound: NONE },
    { name: `${name}: processor time in ${SECONDS} s, in total`, value: all, unit: 'ms' },
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
