import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { people, type Person } from '../sandbox/people.ts';
import { ACCOUNTS, COMMANDS, CONNECTIONS, startSignIn, statusShows } from './asPerson.ts';
import { accessibilityFaults, faultsInEveryLook } from './axe.ts';
import { eventually } from './eventually.ts';
import { active, chooseRow, confirmDialog, tabTo, typeCommand } from './keyboard.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const scene = shareScene();
const [ana] = people as readonly [Person, ...Person[]];
const cho = people.find(({ username }) => username.startsWith('cho')) ?? ana;
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

afterEach(async () => {
  await scene().forgetPeople();
});

describe('without a mouse', () => {
  it('one signs in with IAM Identity Center; the code is read letter by letter; every page on the way is accessible', async () => {
    await typeCommand(window, COMMANDS.identityCenter);
    await chooseRow(window, CONNECTIONS.identityCenter);
    const { title } = await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    const code = /: code (\S+)/.exec(title)?.[1] ?? '';
    const spoken = Array.from(code, (letter) => (letter === '-' ? 'dash' : letter)).join(' ');
    expect(await active(window.page)).toMatch(
      new RegExp(`Copy Code and Proceed\\s*, ${spoken}, Copies the code`),
    );
    const page = await opens(() => chooseRow(window, 'Copy Code and Proceed'));
    expect(await window.clipboard()).toBe(code);
    await page.getByRole('heading', { name: 'Authorization requested' }).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await tabTo(page, 'Confirm and continue');
    await page.keyboard.press('Enter');
    await signInByKeyboard(page);
    await page.getByRole('button', { name: 'Allow access' }).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await tabTo(page, 'Allow access');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Request approved' }).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.close();
    const item = await statusShows(window, new RegExp(`^${ACCOUNTS.identityCenter}$`));
    expect(item.ariaLabel).toMatch(/^Developer Sign-In: Signed in\b.*d-9067642ac7\.awsapps\.com/);
  });

  it('one signs in with Okta; the page that the browser comes back to is accessible', async () => {
    await typeCommand(window, COMMANDS.okta);
    const page = await opens(() => chooseRow(window, CONNECTIONS.okta));
    await signInByKeyboard(page);
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.close();
    await statusShows(window, /^2 sign-ins$/);
  });

  it('one finds the details of a sign-in, as a page that is accessible', async () => {
    await typeCommand(window, COMMANDS.showStatus);
    await chooseRow(window, ACCOUNTS.okta);
    await chooseRow(window, 'Details');
    expect(await faultsInWebview(window.page, 'h1')).toEqual([]);
    await window.page.keyboard.press('Control+F4');
  });

  it('one signs out', async () => {
    for (const account of [ACCOUNTS.okta, undefined]) {
      await typeCommand(window, COMMANDS.signOut);
      if (account !== undefined) await chooseRow(window, account);
      await statusShows(window, account === undefined ? /^Sign in$/ : /^d-9067642ac7/);
    }
  });
});

describe('accessible is', () => {
  it('the page after a sign-in that did not work, of another sign-in, and where there is nothing', async () => {
    await startSignIn(window, 'okta');
    const page = await window.dialogs.openExternal();
    const other = await scene().browser.context.newPage();
    for (const path of ['/oauth/callback?code=x&state=another', '/nowhere']) {
      await other.goto(`http://localhost:2128${path}`);
      await other.getByRole('heading', { level: 1 }).waitFor();
      expect(await faultsInEveryLook(other)).toEqual([]);
    }
    await other.close();
    await page.getByLabel('Username').fill(cho.username);
    await page.getByLabel('Password').fill(cho.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: /did not work/ }).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.close();
    await window.notifications.waitFor(/assigned/);
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('the QR code of the link', async () => {
    await startSignIn(window, 'okta');
    const page = await window.dialogs.openExternal();
    await page.close();
    // A list that has just changed takes nothing.
    await window.page.waitForTimeout(600);
    await window.quickInput.pick('Show QR code');
    expect(
      await faultsInWebview(window.page, '[role="img"][aria-label="QR code of the sign-in page"]'),
    ).toEqual([]);
    await window.runCommand(COMMANDS.showStatus);
    await window.quickInput.pick('Cancel');
    await window.quickInput.waitUntilClosed();
  });
});

/** The page that the editor opens, when the question about it is answered with Enter. */
async function opens(choose: () => Promise<void>): Promise<Page> {
  const opened = scene().browser.context.waitForEvent('page');
  await choose();
  await confirmDialog(window, /open the external website/);
  return opened;
}

async function signInByKeyboard(page: Page): Promise<void> {
  await page.getByLabel('Password').waitFor();
  expect(await faultsInEveryLook(page)).toEqual([]);
  await tabTo(page, 'Username');
  await page.keyboard.type(ana.username);
  await tabTo(page, 'Password');
  await page.keyboard.type(ana.password);
  await tabTo(page, 'Sign in');
  await page.keyboard.press('Enter');
}

/** The faults of the webview in which there is such an element. */
async function faultsInWebview(page: Page, selector: string): Promise<readonly string[]> {
  const html = await eventually(`a webview with ${selector}`, async () => {
    for (const one of page.frames()) {
      const found = one !== page.mainFrame() && one.locator(selector).first();
      if (found && (await found.isVisible())) return one.content();
    }
    return undefined;
  });
  // A webview of ours runs no script, axe-core's neither: what it shows, with the editor's colours, is shown once more.
  const copy = await scene().browser.context.newPage();
  try {
    await copy.setContent(html);
    return await accessibilityFaults(copy);
  } finally {
    await copy.close();
  }
}
