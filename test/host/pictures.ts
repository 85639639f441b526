// What a person sees, in each theme, as pictures to look at:
//
//   node test/tools/package.ts && node test/host/pictures.ts [light|dark|highContrast]        -> dist/pictures/<theme>-<what>.png
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { distFolder } from '../tools/lib/paths.ts';
import {
  allowAtIdentityCenter,
  COMMANDS,
  listConnections,
  signInAtOkta,
  startSignIn,
  statusShows,
} from './asPerson.ts';
import { themes, type Theme } from './pictures/camera.ts';
import { takeStatusPictures } from './pictures/status.ts';
import { EXTENSION_ID, openScene } from './scene.ts';

const folder = join(distFolder, 'pictures');
mkdirSync(folder, { recursive: true });
for (const theme of themes) {
  await takeAll(theme);
  await takeStatusPictures(theme);
}
console.log(`Pictures: ${folder}`);

async function takeAll(theme: Theme): Promise<void> {
  const scene = await openScene({ browser: { theme, size: { width: 1100, height: 700 } } });
  try {
    const window = await scene.openWindow('my-project');
    const { quickInput } = window;
    const take = async (what: string, page = window.page) => {
      // What moves, or fades in, has come to rest.
      await page.waitForTimeout(700);
      await page.screenshot({ path: join(folder, `${theme}-${what}.png`) });
    };

    await statusShows(window, /: Sign In$/);
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /Okta/ });
    await take('status-signed-out');
    await quickInput.hide();

    await listConnections(window, 'identityCenter');
    await take('connections');
    await quickInput.pick('Use a Different Start URL…');
    await quickInput.waitFor({ message: /start URL/ });
    await take('start-url');
    await quickInput.type('https://console.aws.amazon.com/');
    await quickInput.accept();
    await quickInput.waitFor({ message: /not a start URL/ });
    await take('start-url-refused');
    await quickInput.submit(scene.sandbox.identityCenter.startUrl);
    await quickInput.waitFor({ placeholder: /AWS Region/ });
    await take('region');
    await quickInput.type('eu central');
    await take('region-refused');
    await quickInput.hide();

    await startSignIn(window, 'identityCenter');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await take('code');
    await quickInput.accept();
    const devicePage = await window.dialogs.openExternal();
    await take('sandbox-device', devicePage);
    await window.page.bringToFront();
    await quickInput.waitFor({ item: 'Open Browser Again' });
    await take('code-waiting');
    await quickInput.hide();
    await take('code-hidden');
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /^Signing in to/ });
    await take('status-under-way');
    await quickInput.pick(/^Signing in to/);
    await allowAtIdentityCenter(devicePage);
    await take('sandbox-approved', devicePage);
    await devicePage.close();
    await quickInput.waitUntilClosed();
    await take('signed-in');

    await startSignIn(window, 'okta');
    const oktaPage = await window.dialogs.openExternal();
    await take('sandbox-okta', oktaPage);
    await window.page.bringToFront();
    await quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    await take('okta-waiting');
    await signInAtOkta(oktaPage);
    await take('callback', oktaPage);
    await oktaPage.close();
    await quickInput.waitUntilClosed();

    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /ana@/ });
    await take('status');
    await quickInput.pick(/ana@/);
    await quickInput.waitFor({ item: 'Sign Out' });
    await take('status-actions');
    await quickInput.hide();
    await window.page.locator('.activitybar .action-item[aria-label^="Accounts"]').click();
    await take('accounts');
    await window.page.keyboard.press('Escape');

    await window.page.locator(`.statusbar-item[id^="${EXTENSION_ID}"]`).hover();
    await take('status-tooltip');
    await window.page.mouse.move(600, 300);

    const probe = await window.probe();
    const asked = probe.getSession({
      providerId: 'okta',
      scopes: ['codewhisperer:completions'],
      options: { createIfNone: true },
    });
    await window.dialogs.waitFor(/wants to sign in/);
    await take('consent');
    await window.dialogs.allowSignIn();
    await quickInput.waitFor({ title: /wants to access/ });
    await quickInput.accept();
    await asked;

    const other = { startUrl: 'https://d-90676a1b2c.awsapps.com/start', region: 'eu-central-1' };
    const called = probe
      .executeCommand('developerSignIn.signInIdentityCenter', [other])
      .catch(() => undefined);
    await window.dialogs.waitFor(/isn’t in your settings/);
    await take('confirm-connection');
    await window.dialogs.answer(/isn’t in your settings/, 'Cancel');
    await called;

    await scene.forgetPeople();
    scene.sandbox.faults.add({ at: 'identityCenter.startDeviceAuthorization', status: 503 });
    await startSignIn(window, 'identityCenter');
    await window.notifications.waitFor(/returned an error/);
    await take('error-server');
    await window.page.keyboard.press('Control+Shift+P');
    await window.runCommand('Notifications: Clear All Notifications');

    await startSignIn(window, 'okta');
    const denied = await window.dialogs.openExternal();
    await denied.getByLabel('Username').fill('cho@example.com');
    await denied.getByLabel('Password').fill('sandbox-cho');
    await denied.getByRole('button', { name: 'Sign in', exact: true }).click();
    await denied.getByRole('heading', { name: /Sign-in failed/ }).waitFor();
    await take('callback-failed', denied);
    await denied.close();
    await window.notifications.waitFor(/assigned/);
    await take('error-not-assigned');
    await window.runCommand('Notifications: Clear All Notifications');

    // A session that the administrator has ended.
    scene.sandbox.okta.endSessions('ana@example.com');
    await window.runCommand(COMMANDS.refresh);
    await quickInput.pick(/ana@/);
    await window.notifications.waitFor(/Your session at .* has expired/);
    await take('error-ended');
    await window.runCommand('Notifications: Clear All Notifications');
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /ana@/ });
    await take('status-ended');
    await quickInput.hide();
  } finally {
    await scene.close();
  }
}
