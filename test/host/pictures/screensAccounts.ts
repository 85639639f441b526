import { people, type Person } from '../../sandbox/people.ts';
import { COMMANDS, signIn, signInAtOkta, startSignIn, statusShows } from '../asPerson.ts';
import { detailsPageShows } from '../detailsPage.ts';
import { EXTENSION_ID } from '../scene.ts';
import type { Workbench } from '../workbench.ts';
import type { Chapter } from './recoveryChapter.ts';
import { palette } from './screensNewcomer.ts';

const [, ben] = people as unknown as readonly [Person, Person];

/** Hovers over the item until its tooltip appears. */
async function tooltip({ page }: Workbench, take: () => Promise<void>): Promise<void> {
  await page.locator(`.statusbar-item[id^="${EXTENSION_ID}"]`).hover();
  await page.waitForTimeout(1500);
  await take();
  await page.mouse.move(600, 300);
}

async function openStatus(window: Workbench, item: RegExp): Promise<void> {
  await window.page.bringToFront();
  await window.statusBar.click(EXTENSION_ID);
  await window.quickInput.waitFor({ item });
}

/** Accounts: one, two, signing out, switching, and access for another extension. */
export const screensOfAccounts: Readonly<Record<string, Chapter>> = {
  accounts: async ({ scene, window, probe, take, takeAsItIs }) => {
    const { quickInput, dialogs, page } = window;
    await probe.updateSetting('developerSignIn.connections', scene.connections);
    await openStatus(window, /Sandbox Okta/);
    await take('none');
    await quickInput.hide();
    await signIn(window, 'okta');
    await statusShows(window, /^ana@/);
    await tooltip(window, () => takeAsItIs('tooltip'));
    await openStatus(window, /ana@/);
    await take('one');
    await quickInput.pick(/ana@/);
    await quickInput.waitFor({ item: 'Sign Out' });
    await take('one-actions');
    await quickInput.pick('Details');
    await detailsPageShows(page, /scp/);
    await take('details');
    await page.mouse.move(500, 400);
    await page.mouse.wheel(0, 3000);
    await page.waitForTimeout(500);
    await take('details-end');
    await window.runCommand('View: Close All Editors');
    await signIn(window, 'identityCenter');
    await statusShows(window, /^2 accounts$/);
    await tooltip(window, () => takeAsItIs('two-tooltip'));
    await openStatus(window, /ana@/);
    await take('two');
    await quickInput.pick(/Sandbox Identity Center/);
    await quickInput.waitFor({ item: 'Sign Out' });
    await take('identity-center-actions');
    await quickInput.hide();
    for (const text of ['sso', 'log out', 'token', 'switch account', 'aws'])
      await palette(window, text, take);
    await page.locator('.activitybar .action-item[aria-label^="Accounts"]').click();
    await page.waitForTimeout(500);
    await takeAsItIs('menu');
    await page.keyboard.press('Escape');
    await window.runCommand(COMMANDS.switchAccount);
    await quickInput.waitFor({ item: /ana@/ });
    await take('switch');
    await scene.forgetPeople();
    await quickInput.pick(/Use a Different Account at Sandbox Okta/);
    const other = await dialogs.openExternal();
    await page.bringToFront();
    await take('switch-waiting');
    await signInAtOkta(other, ben);
    await other.close();
    await statusShows(window, /^3 accounts$/);
    await take('switched');
    await openStatus(window, /ben@/);
    await take('three');
    await quickInput.hide();
    await window.runCommand(COMMANDS.refresh);
    await quickInput.waitFor({ item: /ana@/ });
    await take('refresh-which');
    await quickInput.hide();
    await startSignIn(window, 'identityCenter');
    await quickInput.waitFor({ item: 'Keep Both' });
    await take('replace-or-keep');
    await quickInput.pick('Keep Both');
    await quickInput.waitFor({ message: /Name this account/ });
    await take('name-account');
    await quickInput.hide();
    await window.runCommand(COMMANDS.signOut);
    await quickInput.waitFor({ item: /ana@/ });
    await take('sign-out-which');
    await quickInput.pick(/ben@/);
    await dialogs.waitFor(/^Sign out of /);
    await take('sign-out');
    await dialogs.answer(/^Sign out of /, 'Sign Out');
    await statusShows(window, /^2 accounts$/);
    await take('sign-out-done');
  },

  consent: async ({ window, probe, take }) => {
    const { quickInput, dialogs } = window;
    const asked = probe.getSession({
      providerId: 'okta',
      scopes: ['codewhisperer:completions'],
      options: { createIfNone: true },
    });
    await dialogs.waitFor(/wants to sign in/);
    await take('question');
    await dialogs.allowSignIn();
    await quickInput.waitFor({ title: /wants to access/ });
    await take('which');
    await quickInput.accept();
    await asked;
    const other = { startUrl: 'https://d-90676a1b2c.awsapps.com/start', region: 'eu-central-1' };
    const called = probe
      .executeCommand('developerSignIn.signInIdentityCenter', [other])
      .catch(() => undefined);
    await dialogs.waitFor(/isn’t in your settings/);
    await take('not-in-settings');
    await dialogs.answer(/isn’t in your settings/, 'Cancel');
    await called;
  },
};
