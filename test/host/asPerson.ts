import { setTimeout as sleep } from 'node:timers/promises';

import type { Page } from 'playwright-core';

import { people, type Person } from '../sandbox/people.ts';
import { EXTENSION_ID } from './scene.ts';
import { eventually, type Wanted } from './eventually.ts';
import type { StatusBarItem } from './statusBar.ts';
import type { Workbench } from './workbench.ts';

/** Actions of a user, from the palette to the result, by the labels on the screen. */

const [ana] = people as readonly [Person, ...Person[]];

export const COMMANDS = {
  signIn: 'SSO: Sign In…',
  identityCenter: 'SSO: Sign In with AWS IAM Identity Center',
  builderId: 'SSO: Sign In with AWS Builder ID',
  okta: 'SSO: Sign In with Okta',
  oidc: 'SSO: Sign In with OpenID Connect',
  switchAccount: 'SSO: Switch Account…',
  signOut: 'SSO: Sign Out',
  showStatus: 'SSO: Manage Accounts',
  refresh: 'SSO: Refresh Token',
  useInTerminal: 'SSO: Use in Terminal',
} as const;

/** Names of the sandbox's connections in the settings. */
export const CONNECTIONS = { identityCenter: 'Sandbox Identity Center', okta: 'Sandbox Okta' } as const;

/** Accounts of `ana` at the sandbox as listed by this product: the user or the connection. */
export const ACCOUNTS = { identityCenter: CONNECTIONS.identityCenter, okta: ana.username } as const;

/** Start of an account's label in VS Code and other extensions: a name, followed by the address. */
export const LABELS = {
  identityCenter: `${CONNECTIONS.identityCenter} · d-9067642ac7.awsapps.com`,
  okta: ana.username,
} as const;

type Kind = keyof typeof CONNECTIONS;

/** Runs a sign-in command and waits for the sign-in's list. */
export async function startSignIn(window: Workbench, kind: Kind): Promise<void> {
  await window.runCommand(COMMANDS[kind]);
  await meanConnection(window, CONNECTIONS[kind]);
}

/** After a sign-in command: chooses the connection if several match. */
export async function meanConnection(window: Workbench, name: string): Promise<void> {
  const isListed = await eventually(
    'the list of connections, or the surface',
    async () => {
      const shown = await window.quickInput.state();
      // Only the sign-in's list names the connection in its title; the list of connections does not.
      if (`${shown?.title} ${shown?.placeholder}`.includes(name)) return false;
      return shown?.items.some(({ label }) => label === name) === true ? true : undefined;
    },
    { timeoutMs: 5000 },
  ).catch(() => false); // A sign-in that fails at once shows neither for long.
  if (isListed) await window.quickInput.pick(name);
}

/** From a sign-in command with one matching connection to the list of all connections. */
export async function listConnections(window: Workbench, kind: Kind): Promise<void> {
  await window.runCommand(COMMANDS[kind]);
  await window.quickInput.waitFor(
    kind === 'okta' ? { placeholder: /^Complete sign-in/ } : { item: 'Copy Code and Proceed' },
  );
  // In a new window, VS Code does not ask yet.
  if ((await window.dialogs.state()) !== undefined)
    await window.dialogs.answer(/open the external website/, 'Cancel');
  await chooseInTrouble(window, 'Use a Different Connection…');
  await window.quickInput.waitFor({ item: CONNECTIONS[kind] });
}

/** The code in the list's title. */
export function codeIn(title: string): string | undefined {
  return /^[A-Z]{4}-[A-Z]{4}$/.test(title) ? title : undefined;
}

/** While waiting for the browser: selects an alternative under *Trouble signing in?*. */
export async function chooseInTrouble({ quickInput }: Workbench, label: string): Promise<void> {
  await quickInput.waitFor({ item: 'Trouble signing in?' });
  await quickInput.untilItTakesChoices();
  await quickInput.pick('Trouble signing in?');
  await quickInput.waitFor({ item: label });
  await quickInput.untilItTakesChoices();
  await quickInput.pick(label);
}

/** Signs in to both with the configured connections, and closes the browser page. */
export async function signIn(window: Workbench, kind: Kind, person: Person = ana): Promise<void> {
  await startSignIn(window, kind);
  await finishSignIn(window, kind, person);
}

/** From the sign-in's list to the end. */
export async function finishSignIn(window: Workbench, kind: Kind, person: Person = ana): Promise<void> {
  if (kind === 'identityCenter') {
    await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await window.quickInput.accept();
  }
  const page = await window.dialogs.openExternal();
  await (kind === 'okta' ? signInAtOkta(page, person) : allowAtIdentityCenter(page, person));
  await page.close();
  await window.quickInput.waitUntilClosed();
}

/** Identity Center's pages, from the code to "Request approved". */
export async function allowAtIdentityCenter(page: Page, person: Person = ana): Promise<void> {
  await page.getByRole('button', { name: 'Confirm and continue' }).click();
  await typeCredentials(page, person);
  await page.getByRole('button', { name: 'Allow access' }).click();
  await page.getByRole('heading', { name: 'Request approved' }).waitFor();
}

/** Okta's sign-in page, to the callback page. */
export async function signInAtOkta(page: Page, person: Person = ana): Promise<void> {
  await typeCredentials(page, person);
  await page.getByRole('heading', { name: 'You’re signed in' }).waitFor();
}

/** Signs in where the browser cannot reach the listener. @returns the redirect URI with its parameters */
export async function signInWithoutWayBack(page: Page, person: Person = ana): Promise<string> {
  // Playwright's routes do not see redirect targets.
  const session = await page.context().newCDPSession(page);
  await session.send('Fetch.enable', { patterns: [{ urlPattern: 'http://localhost:*/oauth/callback*' }] });
  const { promise, resolve } = Promise.withResolvers<string>();
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    resolve(request.url);
    void session.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionRefused' });
  });
  await typeCredentials(page, person);
  const address = await Promise.race([promise, sleep(10_000)]);
  if (address === undefined) throw new Error('The browser was not redirected.');
  await session.detach();
  return address;
}

/** Okta's pages for a device code, from the code to "Device activated". */
export async function activateAtOkta(page: Page, person: Person = ana): Promise<void> {
  await page.getByRole('button', { name: 'Activate' }).click();
  await typeCredentials(page, person);
  await page.getByRole('heading', { name: 'Device activated' }).waitFor();
}

/** The sign-in form, which both identity providers share. */
export async function typeCredentials(page: Page, { username, password }: Person = ana): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Signs out of a session, chosen by its label if there are several. */
export async function signOut(window: Workbench, label?: Wanted): Promise<void> {
  await window.runCommand(COMMANDS.signOut);
  if (label !== undefined) await window.quickInput.pick(label);
  await window.dialogs.answer(/^Sign out of /, 'Sign Out');
}

/** Waits until the status bar item shows this. */
export function statusShows(window: Workbench, text: RegExp, timeoutMs?: number): Promise<StatusBarItem> {
  return window.statusBar.waitFor(EXTENSION_ID, text, timeoutMs === undefined ? {} : { timeoutMs });
}
