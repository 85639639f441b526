import { afterEach, beforeAll, expect, it } from 'vitest';

import {
  ACCOUNTS,
  activateAtOkta,
  CONNECTIONS,
  finishSignIn,
  signInWithoutWayBack,
  signOut,
  startSignIn,
  statusShows,
} from './asPerson.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

// As Codespaces in a browser: the extension's machine is not the browser's.
const scene = shareScene({ hostName: 'code.example.com', sandbox: { okta: { deviceIntervalSeconds: 1 } } });
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

afterEach(async () => {
  scene().sandbox.okta.patchMetadata((document) => document);
  await scene().forgetPeople();
});

it('knows that it is served from another machine', async () => {
  const { remoteName } = await (await window.probe()).environment();
  expect(remoteName).toMatch(/^code\.example\.com:\d+$/);
});

it('Okta begins with a device code', async () => {
  await startSignIn(window, 'okta');
  const { items } = await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
  expect(items.map(({ label }) => label)).toContain('Sign in without a code instead');
  await window.quickInput.accept();
  const page = await window.dialogs.openExternal();
  await activateAtOkta(page);
  await page.close();
  await signedInAndOut(ACCOUNTS.okta);
});

it('without a device code it says before it starts that the last address is to be pasted', async () => {
  const { quickInput, page: screen } = window;
  scene().sandbox.okta.patchMetadata((document) => {
    const { device_authorization_endpoint: _left, ...others } = document;
    return others;
  });
  await startSignIn(window, 'okta');
  const before = await quickInput.waitFor({ item: 'Open the sign-in page' });
  expect(before.placeholder).toBe('The browser cannot come back to where this editor runs');
  expect(before.items[0]?.detail).toMatch(/cannot be reached\. Copy that, and paste it here/);
  expect(await window.dialogs.state()).toBeUndefined();

  await quickInput.accept();
  const page = await window.dialogs.openExternal();
  const address = await signInWithoutWayBack(page);
  await page.close();
  await screen.bringToFront();
  expect((await quickInput.waitFor({ placeholder: /address/ })).active).toBe('Paste the callback URL');
  await quickInput.accept();
  await quickInput.waitFor({ message: /whole address/ });
  await quickInput.type(address);
  await quickInput.accept();
  await signedInAndOut(ACCOUNTS.okta);
});

it('Identity Center says why there is a code where a browser that comes back was wanted', async () => {
  const { startUrl, region } = scene().sandbox.identityCenter;
  await (
    await window.probe()
  ).updateSetting('developerSignIn.connections', [
    {
      type: 'identityCenter',
      name: CONNECTIONS.identityCenter,
      startUrl,
      region,
      flow: 'authorizationCode',
    },
  ]);
  await startSignIn(window, 'identityCenter');
  const { items, active } = await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
  expect(items[0]?.label).toMatch(/^With a code, because the browser cannot come back/);
  expect(items.map(({ label }) => label)).not.toContain('Sign in without a code instead');
  expect(active).toBe('Copy Code and Proceed');
  await finishSignIn(window, 'identityCenter');
  await signedInAndOut(ACCOUNTS.identityCenter);
});

async function signedInAndOut(label: string): Promise<void> {
  await window.quickInput.waitUntilClosed();
  await statusShows(window, new RegExp(`^${label}$`));
  await signOut(window);
  await statusShows(window, /: Sign In$/);
}
