import { knownRegions } from '../../src/input/regions.ts';
import { regionName } from '../../src/shell/providers/regionNames.ts';
import { afterEach, beforeAll, expect, it } from 'vitest';

import { allowAtIdentityCenter } from './asPerson.ts';
import { people } from '../sandbox/people.ts';
import { untranslated, PSEUDO, pseudoTexts } from './pseudoLocale.ts';
import { openScene, type Scene } from './scene.ts';
import { eventually } from './eventually.ts';
import { cutOff, screenTexts } from './screenTexts.ts';
import { openWalkthrough } from './walkthrough.ts';
import type { Workbench } from './workbench.ts';

/** What a person sees in a made-up language: a word without accents was never translated. */

/** The last in the list of connections. */
const ANOTHER = -1;
/** Before *Cancel*, among the other ways. */
const CHOOSE_ANOTHER = -2;
/** *Trouble signing in?*, which leads to the other ways. */
const TROUBLE = -1;

const NAMES = [
  'AWS/Okta',
  'Sandbox Identity Center',
  'Sandbox Okta',
  'AWS IAM Identity Center',
  'IAM Identity Center',
  'AWS Builder ID',
  'OpenID Connect',
  'Okta',
  ...Object.values(knownRegions)
    .flat()
    .flatMap((region) => regionName(region) ?? []),
];
/** VS Code's own words, which the empty language pack leaves in English; and what was typed. */
const NOT_OURS = [
  "(Press 'Enter' to confirm or 'Escape' to cancel)",
  /^Back\b.*$/g,
  /^Cancel$/g,
  /\b[AP]M\b/g,
  'eu central',
];

let scene: Scene;
let window: Workbench;
let run: (command: string, ...commandArguments: unknown[]) => void;

beforeAll(async () => {
  scene = await openScene({ host: { language: PSEUDO, whenInstalled: pseudoTexts() } });
  window = await scene.openWindow();
  const probe = await window.probe();
  // A command of ours ends when the person has ended it.
  run = (command, ...rest) => void probe.executeCommand(`developerSignIn.${command}`, rest).catch(() => {});
  return () => scene.close();
});

afterEach(async () => {
  await scene.forgetPeople();
});

it('in the questions', async () => {
  const { quickInput } = window;
  run('showStatus');
  await quickInput.waitFor({ item: /./ });
  await looksRight();
  await quickInput.hide();

  run('signInIdentityCenter');
  await quickInput.waitFor({ title: /[A-Z]{4}-[A-Z]{4}/ });
  await pickRow(TROUBLE);
  await looksRight();
  await pickRow(CHOOSE_ANOTHER);
  await quickInput.waitFor({ item: 'Sandbox Identity Center' });
  await looksRight();
  await pickRow(ANOTHER);
  await quickInput.waitFor({ message: /./ });
  await looksRight();
  for (const refused of ['', 'no address', 'https://console.aws.amazon.com/']) {
    await quickInput.type(refused);
    await quickInput.accept();
    await looksRight();
  }
  await quickInput.submit(scene.sandbox.identityCenter.startUrl);
  await quickInput.waitFor({ item: /Cape Town/ });
  await looksRight();
  await quickInput.type('eu central');
  await looksRight();
  await quickInput.hide();

  run('signInOkta');
  await window.dialogs.answer(/127\.0\.0\.2/, 'Cancel');
  await pickRow(TROUBLE);
  await looksRight();
  await pickRow(CHOOSE_ANOTHER);
  await quickInput.waitFor({ item: 'Sandbox Okta' });
  await pickRow(ANOTHER);
  await quickInput.submit(scene.sandbox.okta.issuer);
  await quickInput.waitFor({ placeholder: /^0oa/ });
  await looksRight();
  await quickInput.hide();
});

it('during a sign-in with IAM Identity Center, and of the QR code', async () => {
  const { quickInput } = window;
  run('signInIdentityCenter');
  await quickInput.waitFor({ title: /[A-Z]{4}-[A-Z]{4}/ });
  await looksRight();
  await pickRow(3);
  await looksRight();
  await pickRow(1);
  const panel = window.page.frameLocator('iframe.webview').frameLocator('iframe').locator('body');
  expect(untranslated(await panel.innerText(), NAMES)).toEqual([]);
  await window.page.keyboard.press('F1');
  await quickInput.hide();
  run('showStatus');
  await quickInput.waitFor({ item: /Sandbox Identity Center/ });
  await looksRight();
  await pickRow(0);
  await quickInput.waitFor({ title: /[A-Z]{4}-[A-Z]{4}/ });
  await pickRow(0);
  const page = await window.dialogs.openExternal();
  await looksRight();
  await allowAtIdentityCenter(page);
  await page.close();
  await quickInput.waitUntilClosed();
  await looksRight();
});

it('during a sign-in with Okta, and on the page that the browser comes back to', async () => {
  const { quickInput } = window;
  run('signInOkta');
  const page = await window.dialogs.openExternal();
  await looksRight();
  await pickRow(TROUBLE);
  await pickRow(0);
  await quickInput.waitFor({ placeholder: /state=/ });
  await looksRight();
  await quickInput.type('no callback');
  await quickInput.accept();
  await looksRight();
  await quickInput.pressButton(/^Back/);
  const [{ username, password }] = people as readonly [(typeof people)[number]];
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.waitForURL(/signed-in#$/);
  expect(untranslated(await page.locator('body').innerText())).toEqual([]);
  expect(untranslated(await page.title())).toEqual([]);
  expect(await page.locator('html').getAttribute('lang')).toBe(PSEUDO);
  await page.close();
  await quickInput.waitUntilClosed();
  await looksRight();
});

it('in the status and in what can be done with a sign-in', async () => {
  const { quickInput } = window;
  run('showStatus');
  await quickInput.waitFor({ item: /ana@/ });
  await looksRight();
  await quickInput.pick(/ana@/);
  await quickInput.waitFor({ title: /ana@.*Sandbox Okta/ });
  await looksRight();
  await quickInput.hide();
});

it('in an error, and where a connection is confirmed', async () => {
  scene.sandbox.faults.add({ at: 'identityCenter.startDeviceAuthorization', status: 503 });
  run('signInIdentityCenter');
  // Replace the account that is signed in there, or keep both?
  await window.quickInput.waitFor({ title: /Sandbox Identity Center/ });
  await looksRight();
  await pickRow(0);
  await window.notifications.waitFor(/503/);
  await looksRight();
  run('signInIdentityCenter', { startUrl: 'https://d-90676a1b2c.awsapps.com/start', region: 'eu-central-1' });
  await window.dialogs.waitFor(/d-90676a1b2c/);
  await looksRight();
  await window.page.keyboard.press('Escape');
});

it('in the palette, the walkthroughs and the settings', async () => {
  // A title is found by its English words too.
  const titles = await window.findCommands('developer sign');
  expect(
    untranslated(titles.filter((title) => untranslated(title.split(':')[0] ?? '').length === 0).join(' ')),
  ).toEqual([]);

  const walkthrough = await openWalkthrough(window, 'getStarted');
  for (const { title } of await walkthrough.steps()) expect(untranslated(title)).toEqual([]);
  const page = window.page.locator('.gettingStartedDetailsContent');
  const copied = ['Mark Done'];
  expect(untranslated(await page.innerText(), copied)).toEqual([]);
});

/** Every word on the screen is translated, and each can be read to its end. */
async function looksRight(): Promise<void> {
  // What moves, or fades in, has come to rest.
  await window.page.waitForTimeout(250);
  const words = await screenTexts(window);
  expect(words.length).toBeGreaterThan(0);
  expect(words.filter((text) => untranslated(text, [...NAMES, ...NOT_OURS]).length > 0)).toEqual([]);
  // How many scopes there are is the server's; they stand last, and whole in the details.
  // So does the name of a connection, which is the person's, in the line that says how long a code is good.
  expect(
    (await cutOff(window)).filter((text) => !/codewhisperer:|.{40} · Sandbox Identity Center$/.test(text)),
  ).toEqual([]);
}

/**
 * Picks the row at a place, for its words are not known here; from the end with a negative one. Each leads elsewhere: it waits until
 * the list is gone or another.
 */
async function pickRow(index: number): Promise<void> {
  const { quickInput } = window;
  await quickInput.untilItTakesChoices();
  const before = await quickInput.state();
  await quickInput.pick(before?.items.at(index)?.label ?? '');
  await eventually('another list', async () => {
    const now = await quickInput.state();
    return JSON.stringify(now?.items) === JSON.stringify(before?.items) ? undefined : true;
  });
}
