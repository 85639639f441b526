import { LABELS } from '../host/asPerson.ts';
import type { Workbench } from '../host/workbench.ts';
import { GUIDE_SCOPES } from '../sandbox/okta/settings.ts';
import type { Figure } from './figure.ts';
import { percentile } from './statistics.ts';

const CALLS = 2000;
/** Time limit; a slow machine makes fewer calls in it. */
const PATIENCE_MS = 80_000;
const OURS = { providerId: 'okta', scopes: [GUIDE_SCOPES[0]] } as const;
/** A provider that returns a constant, to measure VS Code's own share. */
const CONSTANT = { providerId: 'probe-constant', scopes: ['constant'] } as const;
const MOST = { most: 1.2, kind: 'time' } as const;

/**
 * Time that another extension waits for an available token after consent, through VS Code's authentication API:
 * one call at a time, alternating with a provider that returns a constant.
 */
export async function measureTokenInHost(window: Workbench): Promise<Figure[]> {
  const probe = await window.probe();
  await probe.executeCommand('probe.registerConstantProvider');
  const constant = probe.getSession({ ...CONSTANT, options: { createIfNone: true } });
  await window.dialogs.allowSignIn();
  await constant;
  const asking = probe.getSession({ ...OURS, options: { createIfNone: true } });
  await window.dialogs.allowSignIn();
  await window.quickInput.pick(new RegExp(`^${LABELS.okta}`));
  await asking;
  const [ours = [], theirs = []] = (await probe.executeCommand('probe.timeGetSession', [
    { requests: [OURS, CONSTANT], calls: CALLS, patienceMs: PATIENCE_MS },
  ])) as readonly (readonly number[])[];
  await probe.executeCommand('probe.dropConstantProvider');
  const name = `getSession inside the host, ${ours.length} calls in turn`;
  return ([0.5, 0.99] as const).flatMap((share): Figure[] => {
    const [one, other] = [percentile(ours, share), percentile(theirs, share)];
    const which = `${name}: p${share * 100}`;
    return [
      { name: which, value: one, unit: 'ms' },
      { name: `${which}, a provider that returns a constant`, value: other, unit: 'ms' },
      { name: `${which}: ours / constant`, value: one / other, unit: '', bound: MOST },
    ];
  });
}
