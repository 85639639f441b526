import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ACCOUNTS, signIn, statusShows } from '../host/asPerson.ts';
import { launchBrowser, type Browser } from '../host/browser.ts';
import { eventually } from '../host/eventually.ts';
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

/** A user who is not signed in to the identity providers in this browser. */
async function signInAnew(kind: 'okta' | 'identityCenter'): Promise<void> {
  await browser.context.clearCookies({ domain: PLACE.host });
  await signIn(traveler.window, kind);
}

describe('differences between Eclipse Theia and VS Code', () => {
  it('draws an account’s details page, served from a separate origin', async () => {
    const { window } = traveler;
    await signInAnew('okta');
    await window.statusBar.click('');
    await window.quickInput.pick(ACCOUNTS.okta);
    await window.quickInput.waitFor({ item: 'Details' });
    await window.quickInput.untilItTakesChoices();
    await window.quickInput.pick('Details');
    const page = window.page.frameLocator('iframe.webview').frameLocator('iframe');
    await page.getByText('This page contains no secrets').waitFor();
  });

  it('reports that its server, which has no keyring, lost a sign-in', async () => {
    const { window } = traveler;
    await host.restart();
    await window.reload();
    await window.probe();
    await statusShows(window, /Sign in again/i);
    await window.statusBar.click('');
    const { items } = await window.quickInput.waitFor({ item: ACCOUNTS.okta });
    const lost = items.find(({ label }) => label === ACCOUNTS.okta);
    expect(lost?.detail).toBe('Your saved sign-in is no longer on the server.');
    await window.quickInput.hide();
  });

  it('signs out from its own menu', async () => {
    const { window } = traveler;
    await signInAnew('identityCenter');
    await window.accounts.pick(/\(IAM Identity Center\)/, 'Sign Out');
    await window.notifications.press(/^Sign out of/, 'Sign Out');
    await eventually('the account to be gone', async () =>
      (await window.accounts.entries()).some((entry) => entry.includes('(IAM Identity Center)'))
        ? undefined
        : true,
    );
  });
});
