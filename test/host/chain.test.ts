import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterEach, beforeAll, expect, it } from 'vitest';

import { people } from '../sandbox/people.ts';
import { distFolder } from '../tools/lib/paths.ts';
import { COMMANDS, meanConnection, statusShows } from './asPerson.ts';
import { eventually } from './eventually.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const CONNECTION = 'Sandbox Identity Center with Okta';
const SCOPES = ['codewhisperer:completions', 'codewhisperer:conversations'];

const theme = process.env['PICTURES_THEME'] === 'dark' ? 'dark' : 'light';
const scene = shareScene({ connected: true, browser: { theme }, host: { isLean: true } });
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

afterEach(async () => {
  await scene().forgetPeople();
});

it('names the rejected user and the reason on the page, and lets another user sign in', async () => {
  const page = await toOkta();
  await signInAtOkta(page, 'fay@example.com');
  await page.getByRole('alert').getByText('has not provisioned this account').waitFor();
  await picture('not-provisioned', page);
  await page.getByRole('button', { name: 'Sign in as someone else' }).click();
  await signInAtOkta(page, 'eli@example.com');
  await page.getByRole('alert').getByText('is deactivated here').waitFor();
  await picture('deactivated', page);
  await page.getByRole('button', { name: 'Sign in as someone else' }).click();
  await signInAtOkta(page, 'cho@example.com');
  await page.getByRole('alert').getByText('is not assigned').waitFor();
  await picture('not-assigned', page);
  await page.getByRole('button', { name: 'Sign in as someone else' }).click();
  await page.getByRole('heading', { name: 'Sign In' }).waitFor();
  await page.close();
  await window.quickInput.pick('Cancel');
  await window.quickInput.waitUntilClosed();
});

it('goes from the command through Okta to a suggestion in the editor', async () => {
  const page = await toOkta();
  await picture('okta', page);
  await signInAtOkta(page, 'ana@example.com');
  await page.getByText('Signed in as Ana Alves (ana@example.com).').waitFor();
  await picture('allow', page);
  await page.getByRole('button', { name: 'Allow access' }).click();
  await page.getByRole('heading', { name: 'Request approved' }).waitFor();
  await page.close();
  await window.quickInput.waitUntilClosed();
  await statusShows(window, /^Sandbox Identity Center with Okta$/);
  expect(await window.notifications.shown()).toEqual([]);

  const probe = await window.probe();
  const suggested = probe.suggestFrom({
    providerId: 'iam-identity-center',
    scopes: SCOPES,
    url: scene().sandbox.identityCenter.protectedUrl,
    text: 'int add(int a, int b) {\n  ',
  });
  await window.dialogs.allowSignIn();
  await window.quickInput.waitFor({ title: /wants to access/ });
  await window.quickInput.accept();
  expect(await suggested).toEqual({ label: 'Sandbox Identity Center with Okta · d-9967c1a0de.awsapps.com' });
  await editorShows({ suggested: 'return a + b;' });
  await picture('suggestion', window.page);
  await window.page.keyboard.press('Tab');
  await editorShows({ suggested: '', written: 'return a + b;' });
});

/**
 * Waits until the editor shows a ghost text and these lines. Each word is a separate element, with non-breaking
 * spaces.
 */
async function editorShows({
  suggested,
  written = '',
}: {
  suggested: string;
  written?: string;
}): Promise<void> {
  const text = async (selector: string): Promise<string> => {
    const found = await window.page.locator(`.monaco-editor ${selector}`).evaluateAll((elements) =>
      elements
        .filter((one) => !elements.some((other) => other !== one && other.contains(one)))
        .map(({ textContent }) => textContent)
        .join(''),
    );
    return found.replaceAll('\u00a0', ' ');
  };
  await eventually(`"${suggested}" in grey and "${written}" in the editor`, async () => {
    const grey = (await text('.view-line [class*="ghost-text"]')).trim();
    return grey === suggested && (await text('.view-line')).includes(written) ? true : undefined;
  });
}

/** From the command through the code page to Okta's page. */
async function toOkta(): Promise<Page> {
  await window.runCommand(COMMANDS.identityCenter);
  await meanConnection(window, CONNECTION);
  await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
  await window.quickInput.accept();
  const page = await window.dialogs.openExternal();
  await page.getByRole('button', { name: 'Confirm and continue' }).click();
  await page.getByRole('heading', { name: 'Sign In' }).waitFor();
  expect(new URL(page.url()).origin).toBe(scene().sandbox.okta.origin);
  return page;
}

async function signInAtOkta(page: Page, username: string): Promise<void> {
  const password = people.find((person) => person.username === username)?.password ?? '';
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** For visual inspection: `PICTURES_THEME=light|dark` saves pictures in `dist/pictures`. */
async function picture(what: string, page: Page): Promise<void> {
  if (process.env['PICTURES_THEME'] === undefined) return;
  const folder = join(distFolder, 'pictures');
  mkdirSync(folder, { recursive: true });
  await page.waitForTimeout(700);
  await page.screenshot({ path: join(folder, `${theme}-chain-${what}.png`) });
}
