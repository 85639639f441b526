import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CheckResult } from '../../../src/setup/checkResult.ts';
import type { Chain } from '../../sandbox/chain.ts';
import { ana, personWho } from '../people.ts';
import { credentialsOf } from '../sandbox/chainWorld.ts';
import { createPageBrowser } from '../sandbox/pageBrowser.ts';
import { openSetupWorld } from './setupWorld.ts';
import type { SetupWorld } from './setupWorld.ts';

let world: SetupWorld;

beforeAll(async () => {
  world = await openSetupWorld();
  // Only what really comes through the chain is in the history.
  world.aws.resources.events = [];
});
afterAll(() => world.close());

/** Goes from the code to Okta and back by SAML, and allows it where IAM Identity Center asks. */
const throughOkta = (done: () => void) => (chain: Chain) =>
  personWho(async ({ url, userCode }) => {
    const { okta, identityCenter } = chain;
    const browser = createPageBrowser({ inside: () => [okta.origin, identityCenter.origin] });
    await browser.open(url);
    await browser.press('Confirm and continue');
    const page = await browser.press('Sign in', credentialsOf(ana));
    if (page.alert === undefined) await browser.press('Allow access');
    else identityCenter.deny(userCode ?? '');
    done();
  });

async function check(): Promise<CheckResult | undefined> {
  const { promise: personDone, resolve } = Promise.withResolvers<void>();
  const findings = await world.run('identityCenter', { person: throughOkta(resolve), personDone });
  return findings.get('awsApi.assertion');
}

const valueOf = (found: CheckResult | undefined, name: string) =>
  found?.evidence.find((one) => one.name === name)?.value;

test('a test sign-in through Okta shows the NameID that came in, and it is the one that was provisioned', async () => {
  const found = await check();
  expect(found?.state).toBe('pass');
  expect(valueOf(found, 'nameId')).toBe(ana);
  expect(valueOf(found, 'directoryName')).toBe(ana);
});

test('a response that is signed with a renewed key is refused, and AWS’s words say why', async () => {
  await world.chain.samlApplication.renewCertificate(Date.now() + 3650 * 24 * 3600_000);
  const found = await check();
  // The person was let in by the test before.
  expect(found).toMatchObject({ state: 'warning', reason: 'lastAssertionRefused' });
  expect(valueOf(found, 'words')).toMatch(/signature|certificate/);
});
