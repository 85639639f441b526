import { setTimeout as wait } from 'node:timers/promises';

import type { Sessions } from '../../src/core/session/sessions.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Figure } from './figure.ts';
import { median } from './statistics.ts';
import { createStorageFolder, type StorageFolder } from './storageFolder.ts';

const CALLERS = 1000;
const WINDOWS = [1, 2, 4, 8, 16, 32] as const;
const ROUNDS = 5;
const ONE_REQUEST = { most: 1, kind: 'count' } as const;
/** Wait until the windows know the expired record and are idle before the callers arrive. */
const SETTLE_MS = 200;

/** Each window has its own sandbox. */
type Measured = 'okta' | 'identityCenter';

const REFRESH: Readonly<Record<Measured, string>> = {
  okta: 'okta.token:refresh_token',
  identityCenter: 'identityCenter.createToken:refresh_token',
};
const NAMES: Readonly<Record<Measured, string>> = {
  okta: 'Okta',
  identityCenter: 'Identity Center',
};

/** A thousand callers in one window, right after the token expired. */
export async function measureCallers(sandbox: Sandbox, type: Measured): Promise<Figure[]> {
  using folder = await createStorageFolder(sandbox, type);
  const window = folder.openWindow();
  const rush = await rushes(
    sandbox,
    type,
    folder,
    Array.from({ length: CALLERS }, () => window),
  );
  const name = `${CALLERS} callers at expiry, ${NAMES[type]}`;
  return [
    {
      name: `${name}: requests, most of ${ROUNDS}`,
      value: rush.mostRequests,
      unit: 'requests',
      bound: ONE_REQUEST,
    },
    { name: `${name}: to the last answer, median of ${ROUNDS}`, value: rush.medianMs, unit: 'ms' },
  ];
}

/**
 * One caller in each of an increasing number of windows that share a storage folder, right after the token
 * expired.
 */
export async function measureWindows(sandbox: Sandbox): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const count of WINDOWS) {
    using folder = await createStorageFolder(sandbox, 'okta');
    const windows = Array.from({ length: count }, () => folder.openWindow());
    const rush = await rushes(sandbox, 'okta', folder, windows);
    const name = `${count} ${count === 1 ? 'window' : 'windows'} at expiry`;
    figures.push(
      {
        name: `${name}: requests, most of ${ROUNDS}`,
        value: rush.mostRequests,
        unit: 'requests',
        bound: ONE_REQUEST,
      },
      { name: `${name}: to the last answer, median of ${ROUNDS}`, value: rush.medianMs, unit: 'ms' },
    );
  }
  return figures;
}

/** Lets all callers ask at once, repeatedly. @throws if two of them got different tokens */
async function rushes(
  sandbox: Sandbox,
  type: Measured,
  folder: StorageFolder,
  callers: readonly Sessions[],
): Promise<{ readonly mostRequests: number; readonly medianMs: number }> {
  const requests: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await folder.expire();
    await wait(SETTLE_MS);
    sandbox.requestLog.clear();
    const started = performance.now();
    const signal = new AbortController().signal;
    const answers = await Promise.all(
      callers.map((sessions) => sessions.withFreshToken(folder.sessionId, signal)),
    );
    times.push(performance.now() - started);
    requests.push(sandbox.requestLog.count(REFRESH[type]));
    const tokens = new Set(answers.map(({ tokenSet }) => tokenSet.accessToken));
    if (tokens.size !== 1) throw new Error(`${callers.length} callers got ${tokens.size} different tokens.`);
  }
  return { mostRequests: Math.max(...requests), medianMs: median(times) };
}
