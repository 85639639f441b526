import { afterAll, beforeAll, expect } from 'vitest';

import { launchBrowser, type Browser } from '../host/browser.ts';
import { keepEvidence } from '../host/failureEvidence.ts';
import { THEIA } from '../host/installTheia.ts';
import { describeJourney, type Traveler } from '../host/journey.ts';
import { watchForLeaks, type LeakWatch } from '../host/leaks.ts';
import { packProbe } from '../host/probe.ts';
import { PLACE } from '../host/scene.ts';
import { startChain, type Chain } from '../sandbox/chain.ts';
import { vsixPath } from '../tools/lib/paths.ts';
import { sandboxSettings } from '../tools/lib/sandboxSettings.ts';
import { startTheiaHost, type TheiaHost } from './theiaHost.ts';
import { theiaSetupViewOf } from './theiaSetupView.ts';
import { openTheia } from './theiaWorkbench.ts';

let chain: Chain;
let browser: Browser;
let host: TheiaHost;
let watch: LeakWatch;
let traveler: Traveler;

beforeAll(async () => {
  chain = await startChain({
    okta: { place: PLACE, ownRedirectUris: true },
    identityCenter: { place: PLACE },
  });
  browser = await launchBrowser({ size: { width: 1280, height: 1800 } });
  const watching = await watchForLeaks(browser.context, [chain.okta.origin, chain.identityCenter.origin]);
  host = await startTheiaHost({
    vsix: [vsixPath, await packProbe()],
    settings: sandboxSettings(chain.describe())({}),
  });
  watch = watching(host, chain.secretsSeen);
  const window = await openTheia(host, browser.context);
  await window.probe();
  traveler = { window, chain, setupView: theiaSetupViewOf(window.page) };
});

afterAll(async () => {
  try {
    expect(await watch.leaks(), 'secrets that have leaked').toEqual([]);
  } finally {
    await browser.close();
    await host.stop();
    await chain.close();
  }
});

keepEvidence(() => ({ contexts: [browser.context], hosts: [host] }));

describeJourney(`Eclipse Theia ${THEIA}`, () => traveler, [
  'has no walkthroughs, and offers none',
  async ({ window }) => {
    await window.runCommand('SSO: Check SSO Setup');
    const { items } = await window.quickInput.waitFor({ placeholder: /Select a connection to check/ });
    expect(items.filter(({ label }) => label.startsWith('Setup guide'))).toEqual([]);
    await window.quickInput.hide();
    await window.quickInput.waitUntilClosed();
  },
]);
