import type { CheckContext } from '../../../src/setup/check.ts';
import { createLookups } from '../../../src/setup/lookups.ts';
import type { SetupInputs, SetupPorts } from '../../../src/setup/setupPorts.ts';
import { setupPorts } from './setupPorts.ts';

/** The context of a check, with lookups through the given ports. */
export function checkContext(given: {
  readonly inputs?: SetupInputs;
  readonly ports?: Partial<SetupPorts>;
}): CheckContext {
  const { signal } = new AbortController();
  const ports = setupPorts(given.ports);
  const inputs = given.inputs ?? {};
  return { ports, inputs, lookups: createLookups(ports, inputs, signal), signal };
}
