import { ACCOUNTS } from '../host/asPerson.ts';
import type { Workbench } from '../host/workbench.ts';
import { GUIDE_SCOPES } from '../sandbox/okta/settings.ts';
import type { Figure } from './figure.ts';
import { percentile } from './statistics.ts';

const CALLS = 2000;
/** A slow machine makes fewer calls in it. */
const PATIENCE_MS = 40_000;
const REQUEST = { providerId: 'okta', scopes: [GUIDE_SCOPES[0]] } as const;

/** What another extension waits for a token that is there, after consent: through VS Code's authentication, one call at a time. */
export async function measureTokenInHost(window: Workbench): Promise<Figure[]> {
  const probe = await window.probe();
  const asking = probe.getSession({ ...REQUEST, options: { createIfNone: true } });
  await window.dialogs.allowSignIn();
  await window.quickInput.pick(ACCOUNTS.okta);
  await asking;
  const times = (await probe.executeCommand('probe.timeGetSession', [
    { ...REQUEST, calls: CALLS, patienceMs: PATIENCE_MS },
  ])) as readonly number[];
  const name = `getSession inside the host, ${times.length} calls in turn`;
  return [
    { name: `${name}: p50`, value: percentile(times, 0.5), unit: 'ms' },
    { name: `${name}: p99`, value: percentile(times, 0.99), unit: 'ms' },
  ];
}
