import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  ACCOUNTS,
  COMMANDS,
  CONNECTIONS,
  chooseInTrouble,
  codeIn,
  finishSignIn,
  signOut,
  startSignIn,
  statusShows,
  typeCredentials,
} from './asPerson.ts';
import { eventually } from './eventually.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const scene = shareScene({ host: { isLean: true } });
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

beforeEach(() => setConnections({}));

afterEach(async () => {
  scene().sandbox.faults.clear();
  await scene().forgetPeople();
});

describe('the Region', () => {
  it('is corrected if it was wrong, used for the sign-in, and remembered', async () => {
    const { startUrl, region } = scene().sandbox.identityCenter;
    await setConnections({ region: 'us-east-1' });
    await startSignIn(window, 'identityCenter');
    const { severity } = await window.notifications.waitFor(/find this start URL/);
    expect(severity).toBe('error'); // A question, so it stays until answered.
    await window.notifications.press(/find this start URL/, 'Detect Region');
    const told = await window.dialogs.answer(/Detect the AWS Region/, 'Detect Region');
    expect(told.detail).toContain(startUrl);
    expect(told.detail).toMatch(/up to 3\d Regions/);
    await finishSignIn(window, 'identityCenter');
    await signedInAndOut();
    expect(await connections()).toMatchObject([{ name: CONNECTIONS.identityCenter, startUrl, region }]);
  });

  it('is detected if unknown, and preselected next time', async () => {
    const { startUrl, region } = scene().sandbox.identityCenter;
    await setConnections(undefined);
    await window.runCommand(COMMANDS.identityCenter);
    await window.quickInput.submit(`${startUrl}/#/?tab=accounts`);
    await window.quickInput.pick('Detect Region Automatically');
    await finishSignIn(window, 'identityCenter');
    await signedInAndOut(/^IAM Identity Center \(d-9067642ac7\)$/); // The name derived from its start URL.
    expect(await connections()).toMatchObject([{ startUrl, region }]);

    await setConnections(undefined);
    await window.runCommand(COMMANDS.identityCenter);
    await window.quickInput.submit(startUrl);
    const { active } = await window.quickInput.waitFor({ placeholder: /AWS Region/ });
    expect(active).toBe('Europe (Frankfurt)'); // For eu-central-1, as AWS displays it.
    await window.quickInput.hide();
  });

  it('is requested again after a dialog, if it cannot be detected', async () => {
    const startUrl = 'https://d-0000000000.awsapps.com/start';
    await setConnections(undefined);
    await window.runCommand(COMMANDS.identityCenter);
    await window.quickInput.submit(startUrl);
    await window.quickInput.pick('Detect Region Automatically');
    const { message, detail } = await window.dialogs.answer(/wasn’t found in any Region/, 'OK');
    expect(message + detail).toContain(startUrl);
    await window.quickInput.waitFor({ placeholder: /AWS Region/ });
    await window.quickInput.hide();
    await window.quickInput.waitUntilClosed();
  });

  it('stops being detected when the user cancels', async () => {
    const { faults, requestLog } = scene().sandbox;
    faults.add({ at: 'identityCenter.registerClient', times: Infinity, delayMs: 5000 });
    await setConnections(undefined);
    await window.runCommand(COMMANDS.identityCenter);
    await window.quickInput.submit(scene().sandbox.identityCenter.startUrl);
    await window.quickInput.pick('Detect Region Automatically');
    await window.notifications.press(/Detecting the AWS Region/, 'Cancel');
    await eventually('the progress to go', async () =>
      (await window.notifications.shown()).length === 0 ? true : undefined,
    );
    requestLog.clear();
    await window.page.waitForTimeout(1000);
    expect(requestLog.list()).toEqual([]);
    await statusShows(window, /: Sign In$/);
  });
});

it('AWS Builder ID signs in without a question', async () => {
  await window.runCommand(COMMANDS.builderId);
  await window.quickInput.waitFor({ title: /^[A-Z]{4}-[A-Z]{4}$/, placeholder: /AWS Builder ID$/ });
  await finishSignIn(window, 'identityCenter');
  await signedInAndOut(/^AWS Builder ID|^view\.awsapps\.com/);
  expect(await connections()).toHaveLength(1); // It is the same for all users, so nothing is remembered.
});

describe('the authorization code flow with PKCE', () => {
  it('returns to any free port automatically', async () => {
    await setConnections({ flow: 'authorizationCode' });
    await startSignIn(window, 'identityCenter');
    await finishWithoutCode();
  });

  it('can replace a device code, and vice versa', async () => {
    const { quickInput } = window;
    await startSignIn(window, 'identityCenter');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await chooseInTrouble(window, 'Sign In Without a Code');
    await window.dialogs.answer(/open the external website/, 'Cancel');
    await chooseInTrouble(window, 'Use a Device Code');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await chooseInTrouble(window, 'Sign In Without a Code');
    await finishWithoutCode();
  });
});

describe('a device code', () => {
  it('that expired is replaced by a new one in the same list', async () => {
    const { quickInput } = window;
    await startSignIn(window, 'identityCenter');
    const { title } = await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    scene().sandbox.faults.add(refusalOf('ExpiredTokenException', 'expired_token'));
    const over = await quickInput.waitFor({ item: 'Get a New Code' });
    expect(over.placeholder).toMatch(/This code has expired/);
    expect(over.active).toBe('Get a New Code');
    await window.page.keyboard.press('Enter');
    const next = await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    expect(codeIn(next.title)).not.toBe(codeIn(title));
    await finishSignIn(window, 'identityCenter');
    await signedInAndOut();
  });

  it('that expired in the background ends without a message', async () => {
    await startSignIn(window, 'identityCenter');
    await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await window.quickInput.accept();
    await (await window.dialogs.openExternal()).close();
    await window.page.bringToFront();
    await window.quickInput.waitFor({ item: 'Open Browser Again' });
    await window.quickInput.hide();
    await statusShows(window, /^Signing in/);
    scene().sandbox.faults.add(refusalOf('ExpiredTokenException', 'expired_token'));
    await statusShows(window, /: Sign In$/);
    expect(await window.notifications.shown()).toEqual([]);
  });

  it('that was denied is shown as information, not an error, with a retry', async () => {
    await startSignIn(window, 'identityCenter');
    await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await window.quickInput.accept();
    const page = await window.dialogs.openExternal();
    await page.getByRole('button', { name: 'Confirm and continue' }).click();
    await typeCredentials(page);
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByRole('heading', { name: 'Request denied' }).waitFor();
    await page.close();
    await window.quickInput.waitUntilClosed();
    const { severity, buttons } = await window.notifications.waitFor(/not allowed|denied/i);
    expect(severity).toBe('info');
    expect(buttons[0]).toBe('Try Again');
    await window.runCommand('Notifications: Clear All Notifications');
    await statusShows(window, /: Sign In$/);
  });
});

describe('a list that changes while open', () => {
  it('ignores an Enter that is pressed too early', async () => {
    scene().sandbox.faults.add({ at: 'identityCenter.startDeviceAuthorization', delayMs: 3000 });
    await startSignIn(window, 'identityCenter');
    const { active } = await window.quickInput.waitFor({ placeholder: /^Contacting/ });
    expect(active).toBe('Connecting…');
    await window.page.keyboard.press('Enter');
    await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await cancel();
  });

  it('does not select another row when the user clicks Cancel', async () => {
    const { quickInput, page } = window;
    await page.evaluate(() => navigator.clipboard.writeText('what was there'));
    scene().sandbox.faults.add({ at: 'identityCenter.startDeviceAuthorization', delayMs: 3000 });
    await startSignIn(window, 'identityCenter');
    await quickInput.waitFor({ placeholder: /^Contacting/ });
    const place = await page
      .locator('.quick-input-list .monaco-list-row', { hasText: 'Cancel' })
      .boundingBox();
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await page.mouse.click((place?.x ?? 0) + 40, (place?.y ?? 0) + 5);
    await page.waitForTimeout(300);
    // Cancel is still in its place, or a row too new to accept the click.
    expect(await window.clipboard()).toBe('what was there');
    expect(window.page.context().pages()).toEqual([page]);
    // The click may have hit Cancel, so the list may be closing.
    await quickInput.waitUntilClosed({ timeoutMs: 1500 }).catch(cancel);
    await statusShows(window, /: Sign In$/);
  });
});

async function cancel(): Promise<void> {
  await window.quickInput.untilItTakesChoices();
  await window.quickInput.pick('Cancel');
  await window.quickInput.waitUntilClosed();
  await statusShows(window, /: Sign In$/);
}

/** The next poll fails with this error. */
function refusalOf(exception: string, error: string) {
  return {
    at: 'identityCenter.createToken:device_code',
    status: 400,
    headers: { 'x-amzn-errortype': exception },
    body: JSON.stringify({ error, error_description: 'Made up by the test.' }),
  };
}

/** From VS Code's question through AWS's page back to the listener, then signs out. */
async function finishWithoutCode(): Promise<void> {
  const page = await window.dialogs.openExternal();
  await typeCredentials(page);
  await page.getByRole('button', { name: 'Allow access' }).click();
  await page.getByRole('heading', { name: 'You’re signed in' }).waitFor();
  expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback\/signed-in#$/);
  await page.close();
  await signedInAndOut();
}

async function signedInAndOut(label = new RegExp(`^${ACCOUNTS.identityCenter}$`)): Promise<void> {
  await window.quickInput.waitUntilClosed();
  await statusShows(window, label);
  expect(await window.notifications.shown()).toEqual([]);
  await signOut(window);
  await statusShows(window, /: Sign In$/);
}

/** The sandbox's connection with changes, as the only one; none without changes. */
async function setConnections(change: object | undefined): Promise<void> {
  const { startUrl, region } = scene().sandbox.identityCenter;
  const sandbox = { type: 'identityCenter', name: CONNECTIONS.identityCenter, startUrl, region };
  const probe = await window.probe();
  await probe.updateSetting(
    'developerSignIn.connections',
    change === undefined ? [] : [{ ...sandbox, ...change }],
  );
}

async function connections(): Promise<unknown> {
  return (await (await window.probe()).setting('developerSignIn.connections'))?.['globalValue'];
}
