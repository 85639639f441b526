import type { CheckContext } from '../check.ts';
import { fail, pass, warn } from '../checkResult.ts';
import type { Translator } from '../translator.ts';

/** Verifies that at least one of these loopback ports is free on this machine, or that none is needed. */
export async function checkCallbackPorts({ ports }: CheckContext, wanted: readonly number[]) {
  const taken = wanted.length === 0 ? [] : await ports.loopbackPorts(wanted);
  const free = wanted.filter((port) => !taken.some((one) => one.port === port));
  const evidence = {
    freePorts: free.map(String),
    takenPorts: taken.map(({ port, address, code }) => `${port} (${address}: ${code})`),
  };
  if (wanted.length > 0 && free.length === 0) return fail('portsTaken', evidence);
  return taken.length === 0 ? pass(evidence) : warn('somePortsTaken', evidence);
}

/** Texts for {@link checkCallbackPorts}. */
export const callbackPortsTexts = (l10n: Translator) => ({
  title: l10n.t('Callback ports on this computer'),
  results: {
    portsTaken: {
      found: l10n.t('No callback port is available on this computer.'),
      next: l10n.t('Close the programs that use them. The system error for each address is shown below.'),
    },
    somePortsTaken: {
      found: l10n.t('Some callback ports are in use on this computer. Sign-in uses another one.'),
      next: l10n.t('No action is needed as long as one is available and registered.'),
    },
  },
  evidence: { freePorts: l10n.t('Available'), takenPorts: l10n.t('In use') },
});
