import type { CheckContext } from '../../../src/setup/check.ts';
import { createLookups } from '../../../src/setup/lookups.ts';
import type { SetupInputs, SetupPorts } from '../../../src/setup/setupPorts.ts';
import { identityCenterConnection } from './examples.ts';
import { samlInputs } from './oktaAnswers.ts';
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

/** The context of a check that reads Okta and AWS through `http`, with unsigned requests. */
export function awsAndOktaContext(http: SetupPorts['http'], startUrl: string): CheckContext {
  return checkContext({
    inputs: {
      ...samlInputs,
      accessPortal: { ...identityCenterConnection, startUrl },
      awsProfile: 'admin',
    },
    ports: { http, openAws: () => ({ sign: async ({ headers }) => ({ headers }) }) },
  });
}
