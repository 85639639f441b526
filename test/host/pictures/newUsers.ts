// Follows two new users who know only the README, step by step, with times, actions and pictures:
// node test/tools/package.ts && node test/host/pictures/newUsers.ts [developer|administrator]   ->
// dist/pictures/newUsers/
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { allowAtIdentityCenter, COMMANDS, signInAtOkta, statusShows } from '../asPerson.ts';
import { EXTENSION_ID, openScene, type Scene } from '../scene.ts';
import { setupViewOf } from '../setupView.ts';
import type { Workbench } from '../workbench.ts';
import { picturesFolder } from './camera.ts';

const folder = join(picturesFolder, 'newUsers');
mkdirSync(folder, { recursive: true });
const journeys = { developer, administrator } as const;
for (const [name, journey] of Object.entries(journeys)) {
  if (process.argv.slice(2).some((one) => one in journeys) && !process.argv.includes(name)) continue;
  const scene = await openScene({
    connected: true,
    browser: { size: { width: 900, height: 700 } },
    settings: { 'developerSignIn.connections': [] },
  });
  try {
    const window = await scene.openWindow('my-project');
    await statusShows(window, /: Sign In$/);
    await journey(scene, window, diaryOf(name, window));
  } finally {
    await scene.close();
  }
}

/** Performs a step, and prints its name, number of editor actions and duration. */
type Diary = (what: string, actions: number, act: () => Promise<unknown>) => Promise<void>;

function diaryOf(name: string, { page }: Workbench): Diary {
  let count = 0;
  let actions = 0;
  let seconds = 0;
  return async (what, more, act) => {
    const began = Date.now();
    try {
      await act();
    } catch (error) {
      console.log(`${name}: STUCK at “${what}”: ${String(error)}`);
    }
    const took = (Date.now() - began) / 1000;
    [actions, seconds, count] = [actions + more, seconds + took, count + 1];
    console.log(
      `${name}: ${what}: ${took.toFixed(1)} s (${actions} actions, ${seconds.toFixed(0)} s so far)`,
    );
    await page.bringToFront();
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${name}-${String(count).padStart(2, '0')}.png`) });
  };
}

/** Signs in to Identity Center and Okta, and uses the tokens in an extension and in the AWS CLI. */
async function developer(scene: Scene, window: Workbench, step: Diary): Promise<void> {
  const { quickInput, dialogs, notifications } = window;
  const { identityCenter, okta } = scene.sandbox;
  await step('selects AWS/Okta: Sign In in the status bar', 1, async () => {
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: 'AWS IAM Identity Center' });
  });
  await step('selects AWS IAM Identity Center', 1, async () => {
    await quickInput.pick('AWS IAM Identity Center');
    await quickInput.waitFor({ message: /start URL/ });
  });
  await step('types the bare ID, as the README allows', 1, async () => {
    await quickInput.submit(new URL(identityCenter.startUrl).hostname.split('.')[0] ?? '');
    await quickInput.waitFor({ placeholder: /AWS Region/ });
  });
  await step('does not know the Region: Detect Region Automatically', 1, async () => {
    await quickInput.pick('Detect Region Automatically');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
  });
  await step('Copy Code and Proceed, Open; signs in and allows access', 2, async () => {
    await window.page.waitForTimeout(600);
    await quickInput.pick('Copy Code and Proceed');
    const page = await dialogs.openExternal();
    await allowAtIdentityCenter(page);
    await page.close();
    await statusShows(window, /^d-/);
  });
  await step('SSO: Sign In with Okta', 2, async () => {
    await window.runCommand(COMMANDS.okta);
    await quickInput.waitFor({ message: /issuer/ });
  });
  await step('types the issuer and the client ID', 2, async () => {
    await quickInput.submit(okta.issuer);
    await quickInput.waitFor({ message: /client ID/ });
    await quickInput.submit(okta.clientId);
    await dialogs.waitFor(/open the external/);
  });
  await step('Open; signs in', 1, async () => {
    const page = await dialogs.openExternal();
    await signInAtOkta(page);
    await page.close();
    await statusShows(window, /^2 accounts$/);
  });
  const probe = await window.probe();
  const scopes = ['codewhisperer:completions'];
  let asked: Promise<unknown> = Promise.resolve();
  await step('an extension asks for a token', 0, async () => {
    asked = probe.getSession({ providerId: 'okta', scopes, options: { createIfNone: true } });
    await dialogs.waitFor(/wants to sign in/);
  });
  await step('Allow', 1, async () => {
    await dialogs.allowSignIn();
    await quickInput.waitFor({ title: /wants to access/ });
  });
  await step('selects the account', 1, async () => {
    await quickInput.accept();
    await asked;
  });
  await step('SSO: Share with the AWS CLI', 2, async () => {
    await window.runCommand('SSO: Share with the AWS CLI');
    await dialogs.waitFor(/./);
  });
  await scene.forgetPeople();
  // Always takes the first choice, to the end.
  for (let round = 1; round <= 6; round++) {
    const dialog = await dialogs.state();
    const [toast] = await notifications.shown();
    if (dialog === undefined && toast === undefined && (await quickInput.state()) === undefined) break;
    console.log('developer reads:', JSON.stringify(dialog ?? toast ?? (await quickInput.state())?.title));
    await step(`takes the first choice (${round})`, 1, async () => {
      if (dialog !== undefined) {
        const open = window.page.context().waitForEvent('page', { timeout: 3000 });
        await window.page.keyboard.press('Enter');
        const page = await open.catch(() => undefined);
        if (page !== undefined) {
          await allowAtIdentityCenter(page).catch(() => undefined);
          await page.close();
        }
      } else if ((await quickInput.state()) !== undefined) await quickInput.accept();
      else await notifications.press(/./, toast?.buttons[0] ?? '');
      await window.page.waitForTimeout(2500);
    });
  }
  console.log('developer: clipboard:', await window.clipboard());
}

/** Sets up Okta with Identity Center, and checks it with two typing mistakes. */
async function administrator(scene: Scene, window: Workbench, step: Diary): Promise<void> {
  const { quickInput, page } = window;
  const { chain } = scene;
  if (chain === undefined) throw new Error('The scene was created with `connected`.');
  const { federated } = chain.describe().identityCenter;
  const view = setupViewOf(page);
  const file = join(scene.host.folders.workspaces, 'my-project', 'metadata.xml');
  writeFileSync(file, chain.describe().okta.saml.metadataXml);
  await step('SSO: Sign In…, since the README says that the check is under it', 2, async () => {
    await window.runCommand(COMMANDS.signIn);
    await quickInput.waitFor({ item: 'Check SSO Setup' });
  });
  await step('Check SSO Setup', 1, async () => {
    await quickInput.pick('Check SSO Setup');
    await quickInput.waitFor({ placeholder: /Select a connection/ });
  });
  await step('the guide of IAM Identity Center with Okta', 1, async () => {
    await quickInput.pick(/^Setup guide: IAM Identity Center|Setup guide: IAM Identity Center/);
    await page.locator('.getting-started-step').first().waitFor();
  });
  await step('SSO: Check SSO Setup, which has now its own command', 2, async () => {
    await window.runCommand('SSO: Check SSO Setup');
    await quickInput.waitFor({ placeholder: /Select a connection/ });
  });
  await step('Another IAM Identity Center…', 1, async () => {
    await quickInput.pick(/Another IAM Identity Center/);
    await quickInput.waitFor({ item: 'Check Now' });
  });
  const fields: readonly (readonly [label: string, value: string])[] = [
    ['Start URL', federated.startUrl],
    ['Region', 'us-east-1'], // A slip: the Region of another account.
    ['ACS URL', federated.saml.acsUrl],
    ['Issuer URL', federated.saml.issuerUrl],
    ['SCIM endpoint', `${federated.scim.endpoint}/`], // A slip: as AWS displays it.
    ['SCIM access token', federated.scim.token],
    ['A person to look up', 'ana@example.com'],
  ];
  for (const [label, value] of fields) {
    await step(label, 2, async () => {
      await quickInput.pick(label);
      await quickInput.waitFor({ title: new RegExp(`^${label} `) });
      await quickInput.submit(value);
      await quickInput.waitFor({ item: 'Check Now' });
    });
  }
  await step('Check Now', 1, async () => {
    await quickInput.pick('Check Now');
    await view.messageFits(/: [1-9]\d* failed/, { timeoutMs: 90_000 });
  });
  console.log((await view.rows()).map(({ label, description }) => `${label} | ${description}`).join('\n'));
  await step('Edit Inputs…: the Region and the endpoint as the results say', 5, async () => {
    await view.press('Edit Inputs…');
    await quickInput.waitFor({ item: 'Check Now' });
    for (const [label, value] of [
      ['Region', federated.region],
      ['SCIM endpoint', federated.scim.endpoint],
    ] as const) {
      await quickInput.pick(label);
      await quickInput.waitFor({ title: new RegExp(`^${label} `) });
      await quickInput.submit(value);
      await quickInput.waitFor({ item: 'Check Now' });
    }
  });
  await step('Check Now', 1, async () => {
    await quickInput.pick('Check Now');
    await view.messageFits(/[1-9]\d* not verified/, { timeoutMs: 90_000 });
  });
  console.log(
    (await view.message()) +
      '\n' +
      (await view.rows()).map(({ label, description }) => `${label} | ${description}`).join('\n'),
  );
  await step('Copy Report', 1, () => view.press('Copy Report'));
  console.log(await window.clipboard());
}
