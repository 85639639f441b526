import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { qrCodeHtml } from '../../src/shell/signIn/qrCodeHtml.ts';
import { detailsHtml } from '../../src/shell/status/detailsHtml.ts';
import { people, type Person } from '../sandbox/people.ts';
import { projectRoot } from '../tools/lib/paths.ts';
import { ACCOUNTS, COMMANDS, codeIn, startSignIn, statusShows } from './asPerson.ts';
import { faultsInEveryLook } from './axe.ts';
import { active, chooseRow, confirmDialog, tabTo, typeCommand } from './keyboard.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const scene = shareScene({ host: { isLean: true } });
const [ana] = people as readonly [Person, ...Person[]];
const cho = people.find(({ username }) => username.startsWith('cho')) ?? ana;
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

afterEach(async () => {
  await scene().forgetPeople();
});

describe('keyboard only', () => {
  it('signs in with IAM Identity Center; the status bar spells out the code for screen readers; every page is accessible', async () => {
    await typeCommand(window, COMMANDS.identityCenter);
    const { title } = await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    const code = codeIn(title) ?? '';
    const spoken = Array.from(code, (letter) => (letter === '-' ? 'dash' : letter)).join(' ');
    expect(await active(window.page)).toMatch(
      new RegExp(`^Copy Code and Proceed\\s*, ${code}, Opens \\S+\\. It must show the same code`),
    );
    // The status bar is updated separately, a moment after the list.
    await expect
      .poll(async () => (await statusShows(window, /^Signing in…$/)).ariaLabel, { timeout: 30_000 })
      .toContain(`Code: ${spoken}.`);
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
    expect(item.ariaLabel).toMatch(
      /^Developer Sign-In: Click to manage accounts\. .*Sandbox Identity Center: /,
    );
  });

  it('signs in with Okta; the callback page is accessible', async () => {
    const page = await opens(() => typeCommand(window, COMMANDS.okta));
    await signInByKeyboard(page);
    await page.getByRole('heading', { name: 'You’re signed in' }).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.close();
    await statusShows(window, /^2 accounts$/);
  });

  it('opens the details of a sign-in', async () => {
    await typeCommand(window, COMMANDS.showStatus);
    await chooseRow(window, ACCOUNTS.okta);
    await chooseRow(window, 'Details');
    await window.page.locator('.tab', { hasText: `Account: ${ACCOUNTS.okta}` }).waitFor();
  });

  it('signs out', async () => {
    for (const account of [ACCOUNTS.okta, undefined]) {
      await typeCommand(window, COMMANDS.signOut);
      if (account !== undefined) await chooseRow(window, account);
      await confirmDialog(window, /^Sign out of /);
      await statusShows(window, account === undefined ? /: Sign In$/ : /^Sandbox Identity Center$/);
    }
  });
});

describe('accessibility', () => {
  it('of the pages after a failed sign-in, for another sign-in, and for an unknown address', async () => {
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
    await page.getByRole('heading', { name: /Sign-in failed/ }).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.close();
    await window.notifications.waitFor(/assigned/);
    await window.runCommand('Notifications: Clear All Notifications');
  });

  it('of the page that opens a connection link in an editor, also with an incomplete link', async () => {
    const page = await scene().browser.context.newPage();
    const address = pathToFileURL(join(projectRoot, 'docs/connect/index.html')).href;
    for (const [link, title] of [
      [
        `${address}#type=okta&name=Example&issuer=https://example.okta.com&clientId=0oa1`,
        /^Add a connection/,
      ],
      [`${address}#type=nothing`, /isn’t complete/],
    ] as const) {
      await page.goto('about:blank'); // A page does not reload if only its fragment changes.
      await page.goto(link);
      await page.getByRole('heading', { name: title }).waitFor();
      expect(await faultsInEveryLook(page)).toEqual([]);
    }
    await page.close();
  });

  it('of the details page, which does not run scripts', async () => {
    const page = await scene().browser.context.newPage();
    const sections = [
      { heading: 'Sign-in', rows: [['Account', ana.username] as const] },
      { heading: 'Claims', note: 'As Token Preview shows them.', rows: [] },
    ];
    await page.setContent(detailsHtml('en', ana.username, 'Signed in.', sections));
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.close();
  });

  it('of the QR code page', async () => {
    const page = await scene().browser.context.newPage();
    const texts = {
      title: 'Sign In with AWS Builder ID',
      instruction: 'Scan this code with your phone.',
      label: 'QR code of the sign-in page',
    };
    await page.setContent(qrCodeHtml('en', 'https://device.sso.us-east-1.amazonaws.com/?user_code=A', texts));
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.close();
  });
});

/** The page that the editor opens after Enter confirms its question. */
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
