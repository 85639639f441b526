import type { FlowName } from '../../../src/core/oauth/flows.ts';
import { identityCenterConnection, january, registration } from './examples.ts';
import { fakeClock } from './fakeClock.ts';
import { fakeLog } from './fakeLog.ts';
import { fakeLoopback } from './fakeLoopback.ts';
import { fakePerson } from './fakePerson.ts';
import { fakeSecrets } from './fakeSecrets.ts';
import { fakeSsoOidc } from './fakeSsoOidc.ts';

/** A client of the example connection, with fakes. */
export function identityCenterClient() {
  const alternatives: readonly FlowName[] = [];
  return {
    clock: fakeClock(january),
    log: fakeLog(),
    loopback: fakeLoopback(),
    user: fakePerson(),
    secrets: fakeSecrets(),
    connection: identityCenterConnection,
    oidc: fakeSsoOidc(),
    endpoint: 'https://oidc.eu-central-1.amazonaws.com',
    scopes: registration.scopes,
    alternatives,
  };
}

/** A RegisterClient response with the next number. */
export function registered(number: number) {
  return {
    clientId: `client-${number}`,
    clientSecret: `client-secret-${number}`,
    clientSecretExpiresAt: registration.expiresAt / 1000,
  };
}
