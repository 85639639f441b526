import { knownRegions } from '../../src/input/regions.ts';
import { regionName } from '../../src/shell/providers/regionNames.ts';
import { afterEach, beforeAll, expect, it } from 'vitest';

import { allowAtIdentityCenter } from './asPerson.ts';
import { people } from '../sandbox/people.ts';
import { untranslated, PSEUDO, pseudoTexts } from './pseudoLocale.ts';
import { COMPILE_CACHE } from './leanHost.ts';
import { openScene, type Scene } from './scene.ts';
import { eventually } from './eventually.ts';
import { cutOff, screenTexts } from './screenTexts.ts';
import { openWalkthrough } from './walkthrough.ts';
import type { Workbench } from './workbench.ts';

/** Finds untranslated texts with a pseudo-language: every translated word has accents. */

/** The last row in the list of connections. */
const ANOTHER = -1;
/** The row before *Cancel*, among the alternatives. */
const CHOOSE_ANOTHER = -2;
/** *Trouble signing in?*, which opens the alternatives. */
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
/** VS Code's own texts, which the empty language pack leaves in English; and typed text. */
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
  scene = await openScene({
    host: { env: COMPILE_CACHE, language: PSEUDO, whenInstalled: pseudoTexts() },
  });
  window = await scene.openWindow();
  const probe = await window.probe();
  // Our command completes when the user ends it.
  run = (command, ...rest) => void probe.executeCommand(`developerSignIn.${command}`, rest).catch(() => {});
  return () => scene.close();
});

afterEach(async () => {
  await scene.forgetPeople();
});

it('in questions', async () => {
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
  // The start URL of a known connection needs no Region.
  await quickInput.submit('https://d-90676a1b2c.awsapps.com/start');
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

it('during a sign-in with IAM Identity Center, and on the QR code page', async () => {
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

it('during a sign-in with Okta, and on the callback page', async () => {
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

it("in the status and in an account's actions", async () => {
  const { quickInput } = window;
  run('showStatus');
  await quickInput.waitFor({ item: /ana@/ });
  await looksRight();
  await quickInput.pick(/ana@/);
  await quickInput.waitFor({ title: /ana@.*Sandbox Okta/ });
  await looksRight();
  await quickInput.hide();
});

it('in an error, and in the confirmation of a connection', async () => {
  scene.sandbox.faults.add({ at: 'identityCenter.startDeviceAuthorization', status: 503 });
  run('signInIdentityCenter');
  // The question whether to replace the signed-in account or keep both.
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
  // Titles are also found by their English words.
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

/** Asserts that every word on the screen is translated and not truncated. */
async function looksRight(): Promise<void> {
  // Wait for animations to finish.
  await window.page.waitForTimeout(250);
  const words = await screenTexts(window);
  expect(words.length).toBeGreaterThan(0);
  expect(words.filter((text) => untranslated(text, [...NAMES, ...NOT_OURS]).length > 0)).toEqual([]);
  // The server determines the number of scopes, so they come last, and are complete in the details. Likewise
  // the user determines the name of a connection, in the line with the code's expiry.
  expect(
    (await cutOff(window)).filter((text) => !/codewhisperer:|.{40} · Sandbox Identity Center$/.test(text)),
  ).toEqual([]);
}

/**
 * Selects the row at a position, since its text is unknown here; negative positions count from the end. Each
 * leads elsewhere: waits until the list is gone or has changed.
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
