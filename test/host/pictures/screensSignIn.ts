import { people } from '../../sandbox/people.ts';
import {
  chooseInTrouble,
  COMMANDS,
  CONNECTIONS,
  signInAtOkta,
  startSignIn,
  statusShows,
  typeCredentials,
} from '../asPerson.ts';
import { EXTENSION_ID } from '../scene.ts';
import type { Workbench } from '../workbench.ts';
import type { Chapter } from './recoveryChapter.ts';

const cho = people.find(({ username }) => username.startsWith('cho')) ?? people[0];

/** Cancels the sign-in from its list. */
async function cancel({ page, quickInput }: Workbench): Promise<void> {
  await page.waitForTimeout(600); // A list that has just changed ignores input.
  await quickInput.pick('Cancel');
  await quickInput.waitUntilClosed();
}

/** The pages that the browser may show, and back. */
async function takeErrorPages(
  { quickInput }: Workbench,
  take: (what: string) => Promise<void>,
): Promise<void> {
  await quickInput.untilItTakesChoices();
  await quickInput.pick('The Browser Shows an Error…');
  await quickInput.waitFor({ placeholder: /What does the browser show/ });
  await take('error-pages');
  await quickInput.pressButton(/^Back/);
  await quickInput.waitFor({ item: 'The Browser Shows an Error…' });
  await take('trouble-again');
}

/** A sign-in while it waits for the browser, and its pages. */
export const screensOfSignIn: Readonly<Record<string, Chapter>> = {
  identityCenter: async ({ scene, window, probe, take }) => {
    const { quickInput, dialogs, page } = window;
    const { faults } = scene.sandbox;
    await probe.updateSetting('developerSignIn.connections', scene.connections);
    faults.add({ at: 'identityCenter.startDeviceAuthorization', delayMs: 9000 });
    await startSignIn(window, 'identityCenter');
    await quickInput.waitFor({ placeholder: /^Contacting/ });
    await take('contacting');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await take('code');
    await quickInput.accept();
    await dialogs.waitFor(/open the external/);
    await take('open-external');
    const browser = await dialogs.openExternal();
    await page.bringToFront();
    await quickInput.waitFor({ item: 'Open Browser Again' });
    await take('waiting');
    await page.waitForTimeout(600);
    await quickInput.pick('Trouble signing in?');
    await quickInput.waitFor({ item: 'Show QR Code' });
    await take('trouble');
    await takeErrorPages(window, take);
    await page.waitForTimeout(600);
    await quickInput.pick('Show QR Code');
    await page.locator('.tab', { hasText: 'QR code' }).waitFor();
    await take('qr-code');
    await page.locator('.tab', { hasText: 'QR code' }).locator('.tab-actions .action-label').click();
    await quickInput.waitFor({ item: 'Show QR Code' });
    await quickInput.hide();
    await take('hidden');
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /Signing in to/ });
    await take('status-under-way');
    await quickInput.pick(/Signing in to/);
    await browser.bringToFront();
    await take('sandbox', browser);
    await browser.close();
    faults.add({
      at: 'identityCenter.createToken:device_code',
      status: 400,
      headers: { 'x-amzn-errortype': 'ExpiredTokenException' },
      body: '{"error":"expired_token"}',
    });
    await quickInput.waitFor({ item: 'Get a New Code' });
    await take('code-expired');
    await page.waitForTimeout(600);
    await quickInput.accept();
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await chooseInTrouble(window, 'Sign In Without a Code');
    await dialogs.answer(/open the external/, 'Cancel');
    await quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    await take('browser-redirect');
    await cancel(window);
  },

  builderId: async ({ window, take }) => {
    await window.runCommand(COMMANDS.builderId);
    await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await take('code');
    await cancel(window);
  },

  okta: async ({ scene, window, probe, take }) => {
    const { quickInput, dialogs, page } = window;
    await startSignIn(window, 'okta');
    const browser = await dialogs.openExternal();
    await page.bringToFront();
    await quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    await take('waiting');
    await page.waitForTimeout(600);
    await quickInput.pick('Trouble signing in?');
    await quickInput.waitFor({ item: 'Use a Device Code' });
    await take('trouble');
    await takeErrorPages(window, take);
    await page.waitForTimeout(600);
    await quickInput.pick('Paste Callback URL…');
    await quickInput.waitFor({ message: /full URL/ });
    await take('paste');
    await quickInput.submit('https://example.com/');
    await quickInput.waitFor({ message: /isn’t a callback URL/ });
    await take('paste-refused');
    await quickInput.pressButton(/^Back/);
    await quickInput.waitFor({ item: 'Use a Device Code' });
    const other = await scene.browser.context.newPage();
    await other.goto('http://localhost:2128/nowhere');
    await take('page-nothing', other);
    await other.goto('http://localhost:2128/oauth/callback?code=1&state=1');
    await take('page-another', other);
    await other.close();
    await browser.bringToFront();
    await signInAtOkta(browser);
    await take('page-done', browser);
    await browser.close();
    await page.bringToFront();
    await quickInput.waitUntilClosed();
    await take('signed-in');
    await window.runCommand(COMMANDS.signOut);
    await dialogs.answer(/^Sign out of /, 'Sign Out');
    await statusShows(window, /: Sign In$/);
    await scene.forgetPeople();

    await startSignIn(window, 'okta');
    await dialogs.answer(/open the external/, 'Cancel');
    await quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    await chooseInTrouble(window, 'Use a Device Code');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await take('code');
    await quickInput.accept();
    await dialogs.answer(/open the external/, 'Cancel');
    await quickInput.waitFor({ item: 'Open Browser Again' });
    await take('code-waiting');
    await cancel(window);

    await probe.updateSetting('developerSignIn.okta.redirectPorts', [3128]);
    await startSignIn(window, 'okta');
    // Without a registered port, the issuer's own redirect URI is not registered either; that is asked once.
    await dialogs.waitFor(/^Do you trust /);
    await take('trust');
    await dialogs.answer(/^Do you trust /, 'Trust and Continue');
    // The page would be an error page: it is not opened.
    await quickInput.waitFor({ item: /^Port \d+ isn’t registered/ });
    await take('no-port-not-registered');
    await cancel(window);
    await probe.updateSetting('developerSignIn.okta.redirectPorts', undefined);
  },

  oktaFails: async ({ scene, window, take }) => {
    const { dialogs, notifications, page } = window;
    await startSignIn(window, 'okta');
    const refused = await dialogs.openExternal();
    await typeCredentials(refused, cho);
    await refused.getByRole('heading', { name: /Sign-in failed/ }).waitFor();
    await take('page-not-assigned', refused);
    await refused.close();
    await page.bringToFront();
    await notifications.waitFor(/assigned/);
    await take('not-assigned');
    await window.runCommand('Notifications: Clear All Notifications');
    await scene.forgetPeople();
    scene.sandbox.faults.add({ at: 'okta.metadata', times: 10, drop: 'before' });
    await startSignIn(window, 'okta');
    await notifications.waitFor(/couldn’t be reached/);
    await take('network');
    await window.runCommand('Notifications: Clear All Notifications');
    scene.sandbox.faults.clear();
    scene.sandbox.faults.add({ at: 'identityCenter.startDeviceAuthorization', status: 503 });
    await startSignIn(window, 'identityCenter');
    await notifications.waitFor(/returned an error/);
    await take('server');
    await window.runCommand('Notifications: Clear All Notifications');
    await startSignIn(window, 'identityCenter');
    await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await window.quickInput.accept();
    const denying = await dialogs.openExternal();
    await denying.getByRole('button', { name: 'Confirm and continue' }).click();
    await typeCredentials(denying);
    await denying.getByRole('button', { name: 'Deny' }).click();
    await denying.close();
    await page.bringToFront();
    await notifications.waitFor(/./);
    await take('denied');
  },

  region: async ({ scene, window, probe, take }) => {
    const { quickInput, dialogs, notifications } = window;
    const { startUrl } = scene.sandbox.identityCenter;
    const connection = { type: 'identityCenter', name: CONNECTIONS.identityCenter, startUrl };
    await probe.updateSetting('developerSignIn.connections', [{ ...connection, region: 'us-east-1' }]);
    await window.runCommand(COMMANDS.identityCenter);
    await notifications.waitFor(/find this start URL/);
    await take('wrong');
    scene.sandbox.faults.add({ at: 'identityCenter.registerClient', times: 4, delayMs: 7000 });
    await notifications.press(/find this start URL/, 'Detect Region');
    await dialogs.waitFor(/Detect the AWS Region/);
    await take('ask');
    await dialogs.answer(/Detect the AWS Region/, 'Detect Region');
    await notifications.waitFor(/Detecting the AWS Region/);
    await take('detecting');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await take('found');
    await cancel(window);
    await probe.updateSetting('developerSignIn.connections', scene.connections);
  },

  oidc: async ({ window, take }) => {
    const { quickInput, dialogs, page } = window;
    await window.runCommand(COMMANDS.oidc);
    const browser = await dialogs.openExternal();
    await page.bringToFront();
    await quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    await take('waiting');
    await page.waitForTimeout(600);
    await quickInput.pick('Trouble signing in?');
    await quickInput.waitFor({ item: 'Paste Callback URL…' });
    await take('trouble');
    await browser.bringToFront();
    await typeCredentials(browser);
    await browser.getByRole('heading', { name: 'You’re signed in' }).waitFor();
    await browser.close();
    await page.bringToFront();
    await statusShows(window, /ana@/);
    await take('signed-in');
    await window.runCommand(COMMANDS.signOut);
    await dialogs.waitFor(/^Sign out of /);
    await take('sign-out');
    await dialogs.answer(/^Sign out of /, 'Sign Out');
    await statusShows(window, /: Sign In$/);
    await take('signed-out');
  },
};
