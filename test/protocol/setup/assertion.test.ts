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
  // The history contains only sign-ins that really pass through the chain.
  world.aws.resources.events = [];
});
afterAll(() => world.close());

/** Goes from the code through Okta and SAML, and approves if IAM Identity Center asks. */
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
  const results = await world.run('identityCenter', { person: throughOkta(resolve), personDone });
  return results.get('awsApi.assertion');
}

const valueOf = (found: CheckResult | undefined, name: string) =>
  found?.evidence.find((one) => one.name === name)?.value;

test('a test sign-in through Okta shows the received NameID, which matches the provisioned one', async () => {
  const found = await check();
  expect(found?.state).toBe('pass');
  expect(valueOf(found, 'nameId')).toBe(ana);
  expect(valueOf(found, 'directoryName')).toBe(ana);
});

test('a response signed with a renewed key is rejected, and AWS’s error says why', async () => {
  await world.chain.samlApplication.renewCertificate(Date.now() + 3650 * 24 * 3600_000);
  const found = await check();
  // The previous test signed the user in.
  expect(found).toMatchObject({ state: 'warning', reason: 'lastAssertionRefused' });
  expect(valueOf(found, 'words')).toMatch(/signature|certificate/);
});
