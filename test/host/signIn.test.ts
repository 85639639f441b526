import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import {
  ACCOUNTS,
  COMMANDS,
  LABELS,
  allowAtIdentityCenter,
  codeIn,
  finishSignIn,
  signInAtOkta,
  signOut,
  startSignIn,
  statusShows,
} from './asPerson.ts';
import { eventually } from './eventually.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const scene = shareScene({ settings: { 'developerSignIn.connections': [] }, host: { isLean: true } });
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

afterEach(async () => {
  await scene().forgetPeople();
});

describe('without a connection', () => {
  it('signs in with a typed start URL and Region of IAM Identity Center', async () => {
    const { quickInput } = window;
    const { startUrl, region } = scene().sandbox.identityCenter;
    await window.runCommand(COMMANDS.identityCenter);
    await quickInput.waitFor({ title: /Sign In with IAM Identity Center/, message: /start URL/ });
    await refuses('', /Enter a value/);
    await refuses('not a start url', /such as https:/);
    await refuses('ftp://d-9067642ac7.awsapps.com/start', /https:\/\//);
    await refuses('https://console.aws.amazon.com/', /not a start URL/);
    await quickInput.submit(`  ${startUrl.replace('https:', 'http:')}/#/?tab=accounts `);

    await quickInput.waitFor({ placeholder: /AWS Region/ });
    await quickInput.type('eu central');
    const { items } = await quickInput.waitFor({ item: 'eu central' });
    expect(items.map(({ description }) => description).join()).toMatch(/Enter a valid Region/);
    await quickInput.accept();
    await quickInput.waitFor({ placeholder: /AWS Region/ });
    await quickInput.type('frankfurt');
    const found = await quickInput.waitFor({ item: 'Europe (Frankfurt)' });
    expect(found.items.find(({ label }) => label === 'Europe (Frankfurt)')?.description).toBe(region);
    await quickInput.pick('Europe (Frankfurt)');

    await finishSignIn(window, 'identityCenter');
    // Without a name, the connection is named after its start URL.
    await statusShows(window, /^IAM Identity Center \(d-9067642ac7\)$/);
    await remembered({ type: 'identityCenter', startUrl, region });
    await signOut(window);
    await statusShows(window, /: Sign In$/);
  });

  it('signs in with a typed issuer and client ID of Okta', async () => {
    const { quickInput } = window;
    const { issuer, clientId, origin } = scene().sandbox.okta;
    await window.runCommand(COMMANDS.okta);
    await quickInput.waitFor({ title: /Sign In with Okta/, message: /issuer/ });
    await refuses('', /Enter a value/);
    await refuses('ftp://example.okta.com/oauth2/aus1', /https:\/\//);
    await refuses(`${origin}/oauth2/ausnowhere`, /no OpenID metadata/);
    await quickInput.submit(`${issuer}/.well-known/oauth-authorization-server`);

    await quickInput.waitFor({ message: /client ID/ });
    await refuses(clientId.replace('1', ' 1'), /no spaces/);
    await quickInput.submit(clientId);

    await finishSignIn(window, 'okta');
    await statusShows(window, new RegExp(ACCOUNTS.okta));
    await remembered({ type: 'okta', issuer, clientId });
    await signOut(window);
    await statusShows(window, /: Sign In$/);
  });
});

describe('with configured connections', () => {
  beforeAll(async () => {
    const probe = await window.probe();
    await probe.updateSetting('developerSignIn.connections', scene().connections);
  });

  it('signs in with IAM Identity Center', async () => {
    const { quickInput } = window;
    await startSignIn(window, 'identityCenter');
    const prompt = await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    const code = codeIn(prompt.title);
    expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
    expect(prompt.placeholder).toMatch(/^(10|9) min left · Sandbox Identity Center$/);
    expect(prompt.items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Copy Code and Proceed', 'Copy Link', 'Cancel']),
    );

    await quickInput.accept();
    const page = await window.dialogs.openExternal();
    expect(await window.clipboard()).toBe(code);
    await page.getByRole('heading', { name: 'Authorization requested' }).waitFor();
    expect(await page.getByLabel('Code').inputValue()).toBe(code);
    await quickInput.waitFor({ item: 'Open Browser Again' });
    await allowAtIdentityCenter(page);
    await page.close();

    await quickInput.waitUntilClosed();
    // The name of the connection is shown during the sign-in, too, with a spinner.
    const signedIn = async () => statusShows(window, new RegExp(`^${ACCOUNTS.identityCenter}$`));
    await expect.poll(signedIn).toMatchObject({ spins: false, kind: 'standard', side: 'left' });
    expect((await signedIn()).ariaLabel).toContain(ACCOUNTS.identityCenter);
    expect(await window.accounts.entries()).toContainEqual(
      expect.stringContaining(`${LABELS.identityCenter} (IAM Identity Center)`),
    );
    expect(await window.notifications.shown()).toEqual([]);
  });

  it('signs in with Okta', async () => {
    await startSignIn(window, 'okta');
    const page = await window.dialogs.openExternal();
    const prompt = await window.quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    expect(prompt.items.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Open Browser Again', 'Copy Link', 'Cancel']),
    );
    await signInAtOkta(page);
    expect(page.url()).toBe('http://localhost:2128/oauth/callback/signed-in#');
    expect(await page.title()).toBe('You’re signed in - Developer Sign-In');
    await page.close();

    await window.quickInput.waitUntilClosed();
    const item = await statusShows(window, /^2 accounts$/);
    expect(item.ariaLabel).toContain(ACCOUNTS.okta);
    expect(await window.accounts.entries()).toContainEqual(
      expect.stringMatching(/ana@example\.com · \S+ \(Okta\)/),
    );
    expect(await window.notifications.shown()).toEqual([]);
  });
});

/** Enters a value that is rejected immediately. */
async function refuses(text: string, message: RegExp): Promise<void> {
  await window.quickInput.type(text);
  await window.quickInput.accept();
  const { severity } = await window.quickInput.waitFor({ message });
  expect(severity).toBe('error');
}

async function connections(): Promise<readonly { readonly name?: string }[]> {
  const setting = await (await window.probe()).setting('developerSignIn.connections');
  return (setting?.['globalValue'] ?? []) as readonly { name?: string }[];
}

async function remembered(connection: object): Promise<void> {
  await eventually('the connection in the settings', async () =>
    (await connections()).some((one) => JSON.stringify({ ...one, ...connection }) === JSON.stringify(one))
      ? true
      : undefined,
  );
}
