import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Figure } from './figure.ts';
import { percentile } from './statistics.ts';
import { createStorageFolder } from './storageFolder.ts';

const CALLS = 2000;
/** Warm-up calls that are not counted, to compile the code. */
const WARM_UP_CALLS = 200;

/** Our own share of a `getSession`: `Sessions.withFreshToken` with a valid token, with real records and without a host. */
export async function measureFreshToken(sandbox: Sandbox): Promise<Figure[]> {
  using folder = await createStorageFolder(sandbox, 'okta');
  const window = folder.openWindow();
  const { signal } = new AbortController();
  const times: number[] = [];
  for (let call = -WARM_UP_CALLS; call < CALLS; call += 1) {
    const started = performance.now();
    await window.withFreshToken(folder.sessionId, signal);
    if (call >= 0) times.push(performance.now() - started);
  }
  const name = `Sessions.withFreshToken without a host, ${CALLS} calls in turn`;
  return [
    { name: `${name}: p50`, value: percentile(times, 0.5), unit: 'ms' },
    { name: `${name}: p99`, value: percentile(times, 0.99), unit: 'ms' },
  ];
}
