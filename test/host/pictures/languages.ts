// Takes pictures of the most important screens in another language, to review translations and truncation:
// node test/tools/package.ts && node test/host/pictures/languages.ts [de|ja] [light|dark|highContrast]
// [1280|900]
// -> dist/pictures/<theme>-<width>/<language>-<what>.png
// VS Code's own texts stay English, since no language pack is installed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { projectRoot } from '../../tools/lib/paths.ts';
import { allowAtIdentityCenter, CONNECTIONS, typeCredentials } from '../asPerson.ts';
import { openScene } from '../scene.ts';
import { openWalkthrough } from '../walkthrough.ts';
import { looks, picturesFolder, takeAsItIs, takeInEveryLook } from './camera.ts';

/** Ends a sign-in at Okta's token endpoint. */
const refusals = {
  code: { error: 'invalid_grant', error_description: 'The authorization code is invalid or has expired.' },
  client: { error: 'invalid_client', error_description: 'The client secret supplied is invalid.' },
} as const;

const languages = ['de', 'ja'].filter(
  (language) => process.argv.includes(language) || !['de', 'ja'].some((one) => process.argv.includes(one)),
);

for (const language of languages) await takeIn(language);
console.log(`Pictures: ${picturesFolder}`);
process.exit(); // A connection of a closed scene may still be open.

async function takeIn(language: string): Promise<void> {
  const bundle = JSON.parse(
    readFileSync(join(projectRoot, `l10n/bundle.l10n.${language}.json`), 'utf8'),
  ) as Readonly<Record<string, string>>;
  /** The product's translation of an English sentence. */
  const said = (english: string): string => {
    const words = bundle[english];
    if (words === undefined) throw new Error(`Without a translation: ${english}`);
    return words;
  };
  const [first] = looks;
  if (first === undefined) throw new Error('No look was specified.');
  const scene = await openScene({
    host: { language },
    browser: { theme: first.theme, size: first.size },
  });
  const window = await scene.openWindow('my-project');
  const { page, quickInput, dialogs, notifications } = window;
  try {
    const probe = await window.probe();
    const run = (command: string): void =>
      void probe.executeCommand(`developerSignIn.${command}`, []).catch(() => undefined);
    const take = (what: string, of = page) => takeInEveryLook(`${language}-${what}`, of);

    run('signIn');
    await quickInput.waitFor({ item: CONNECTIONS.okta });
    await take('picker');
    await quickInput.hide();
    run('signInIdentityCenter');
    await quickInput.waitFor({ title: /[A-Z]{4}-[A-Z]{4}/ });
    await take('code');
    await quickInput.untilItTakesChoices();
    await quickInput.pick(said('Copy Code and Proceed'));
    const device = await dialogs.openExternal();
    await page.bringToFront();
    await quickInput.untilItTakesChoices();
    await quickInput.pick(said('Trouble signing in?'));
    await take('trouble');
    const takeErrorPages = async (what: string): Promise<void> => {
      await quickInput.untilItTakesChoices();
      await quickInput.pick(said('The Browser Shows an Error…'));
      await quickInput.waitFor({ placeholder: said('What does the browser show?') });
      await take(what);
    };
    await takeErrorPages('error-pages');
    await allowAtIdentityCenter(device);
    await device.close();
    await quickInput.waitUntilClosed();
    await scene.forgetPeople();
    run('signInOkta');
    const browser = await dialogs.openExternal();
    await page.bringToFront();
    await take('waiting');
    await quickInput.untilItTakesChoices();
    await quickInput.pick(said('Trouble signing in?'));
    await take('trouble-okta');
    await takeErrorPages('error-pages-okta');
    const stray = await scene.browser.context.newPage();
    await stray.goto('http://localhost:2128/oauth/callback?code=1&state=1');
    await take('page-another', stray);
    await stray.close();
    await browser.bringToFront();
    await typeCredentials(browser);
    await browser.getByRole('heading', { name: said('You’re signed in') }).waitFor();
    await take('page-done', browser);
    await browser.close();
    await page.bringToFront();
    await quickInput.waitUntilClosed();
    run('showStatus');
    await quickInput.waitFor({ item: /ana@/ });
    await take('accounts');
    await quickInput.pick(/ana@/);
    await quickInput.waitFor({ item: said('Details') });
    await take('actions');
    await quickInput.pick(said('Details'));
    await page.locator('iframe.webview').first().waitFor();
    await take('details');
    await window.runCommand('View: Close All Editors');
    run('shareWithAwsCli');
    await dialogs.waitFor(/./);
    await take('aws-cli');
    await page.keyboard.press('Escape');
    run('useInTerminal');
    await quickInput.waitFor({ item: /ana@/ });
    await quickInput.pick(/ana@/);
    await dialogs.waitFor(/./);
    await take('terminal');
    await page.keyboard.press('Escape');
    run('signOut');
    await quickInput.waitFor({ item: /ana@/ });
    await quickInput.pick(/ana@/);
    await dialogs.waitFor(/./);
    await take('sign-out');
    await page.keyboard.press('Escape');
    const { uriScheme } = await probe.environment();
    await probe.openLink(
      `${String(uriScheme)}://developer-sign-in.developer-sign-in/connect?type=okta&name=Example&issuer=https://example.okta.com/oauth2/aus1&clientId=0oa1b2c3d4E5f6G7h8i9`,
    );
    await dialogs.waitFor(/./);
    await take('link');
    await page.keyboard.press('Escape');
    run('manageConnections');
    await quickInput.waitFor({ item: CONNECTIONS.okta });
    await take('connections');
    await quickInput.pick(CONNECTIONS.okta);
    await quickInput.waitFor({ title: new RegExp(CONNECTIONS.okta) });
    await take('connection');
    await quickInput.hide();
    scene.sandbox.faults.add({ at: 'okta.metadata', times: 20, drop: 'before' });
    run('signInOidc');
    await quickInput.waitFor({ message: /./ });
    await take('issuer');
    await quickInput.submit(scene.sandbox.okta.issuer);
    await quickInput.waitFor({ message: new RegExp(new URL(scene.sandbox.okta.issuer).host) });
    await take('issuer-unreachable');
    await quickInput.hide();
    scene.sandbox.faults.clear();
    run('checkSetup');
    await quickInput.waitFor({ item: CONNECTIONS.okta });
    await take('setup');
    await quickInput.pick(CONNECTIONS.okta);
    await quickInput.waitFor({ title: /./, item: said('Check Now') });
    await take('setup-form');
    await quickInput.hide();
    for (const id of ['getStarted', 'identityCenterWithOkta', 'kiroWithOkta']) {
      const walkthrough = await openWalkthrough(window, id);
      for (const [index, { title }] of (await walkthrough.steps()).entries()) {
        await walkthrough.select(title);
        await take(`walkthrough-${id}-${index + 1}`);
      }
    }
    await window.runCommand('View: Close All Editors');
    scene.sandbox.faults.add({ at: 'identityCenter.startDeviceAuthorization', status: 503 });
    run('signInBuilderId');
    await notifications.waitFor(/503/);
    await take('error');
    await window.runCommand('Notifications: Clear All Notifications');
    await scene.forgetPeople();
    for (const [name, body] of Object.entries(refusals)) {
      scene.sandbox.faults.add({ at: 'okta.token', status: 400, body: JSON.stringify(body) });
      run('signInOkta');
      const failing = await dialogs.openExternal();
      if (!failing.url().includes('/callback')) await typeCredentials(failing).catch(() => undefined);
      await failing.getByRole('heading', { name: said('Sign-in failed') }).waitFor();
      await take(`page-failed-${name}`, failing);
      await failing.close();
      await page.bringToFront();
      await notifications.waitFor(/./);
      await take(`error-${name}`);
      await window.runCommand('Notifications: Clear All Notifications');
    }
  } catch (error) {
    console.error(`${language}:`, error);
    process.exitCode = 1;
    await takeAsItIs(`${language}-failed`, page);
  } finally {
    await scene.close();
  }
}
