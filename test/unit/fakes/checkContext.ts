import type { CheckContext } from '../../../src/setup/check.ts';
import { createFacts } from '../../../src/setup/facts.ts';
import type { SetupInputs, SetupPorts } from '../../../src/setup/setupPorts.ts';
import { setupPorts } from './setupPorts.ts';

/** What a check stands on, with the facts asked through the given ports. */
export function checkContext(given: {
  readonly inputs?: SetupInputs;
  readonly ports?: Partial<SetupPorts>;
}): CheckContext {
  const { signal } = new AbortController();
  const ports = setupPorts(given.ports);
  const inputs = given.inputs ?? {};
  return { ports, inputs, facts: createFacts(ports, inputs, signal), signal };
}
