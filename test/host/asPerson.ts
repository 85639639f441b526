import { setTimeout as sleep } from 'node:timers/promises';

import type { Page } from 'playwright-core';

import { people, type Person } from '../sandbox/people.ts';
import { EXTENSION_ID } from './scene.ts';
import { eventually, type Wanted } from './eventually.ts';
import type { StatusBarItem } from './statusBar.ts';
import type { Workbench } from './workbench.ts';

/** What a person does, from the palette to the end, by the words on the screen. */

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

/** The names that the sandbox's connections have in the settings. */
export const CONNECTIONS = { identityCenter: 'Sandbox Identity Center', okta: 'Sandbox Okta' } as const;

/** The accounts of `ana` at the sandbox, as this product's own lists call them: a person, or the connection. */
export const ACCOUNTS = { identityCenter: CONNECTIONS.identityCenter, okta: ana.username } as const;

/** How the label of an account begins that VS Code and other extensions get: a name, and behind it the address. */
export const LABELS = {
  identityCenter: `${CONNECTIONS.identityCenter} · d-9067642ac7.awsapps.com`,
  okta: ana.username,
} as const;

type Kind = keyof typeof CONNECTIONS;

/** From the palette to the surface of the sign-in. */
export async function startSignIn(window: Workbench, kind: Kind): Promise<void> {
  await window.runCommand(COMMANDS[kind]);
  await meanConnection(window, CONNECTIONS[kind]);
}

/** After a sign-in command: nothing to do where this is the one connection that fits, a choice where there are several. */
export async function meanConnection(window: Workbench, name: string): Promise<void> {
  const isListed = await eventually(
    'the list of connections, or the surface',
    async () => {
      const shown = await window.quickInput.state();
      if (`${shown?.title} ${shown?.placeholder}`.includes(name)) return false; // Of the surface, and of no list.
      return shown?.items.some(({ label }) => label === name) === true ? true : undefined;
    },
    { timeoutMs: 5000 },
  ).catch(() => false); // A sign-in that fails at once shows neither for long.
  if (isListed) await window.quickInput.pick(name);
}

/** From a sign-in command with one fitting connection to the list of all of them. */
export async function listConnections(window: Workbench, kind: Kind): Promise<void> {
  await window.runCommand(COMMANDS[kind]);
  await window.quickInput.waitFor(
    kind === 'okta' ? { placeholder: /^Complete sign-in/ } : { item: 'Copy Code and Proceed' },
  );
  // In a window that has just opened, VS Code does not ask yet.
  if ((await window.dialogs.state()) !== undefined)
    await window.dialogs.answer(/open the external website/, 'Cancel');
  await chooseInTrouble(window, 'Use a Different Connection…');
  await window.quickInput.waitFor({ item: CONNECTIONS[kind] });
}

/** The code that is the title of a surface. */
export function codeIn(title: string): string | undefined {
  return /^[A-Z]{4}-[A-Z]{4}$/.test(title) ? title : undefined;
}

/** While the browser has the turn: one of the other ways, which *Trouble signing in?* leads to. */
export async function chooseInTrouble({ quickInput }: Workbench, label: string): Promise<void> {
  await quickInput.waitFor({ item: 'Trouble signing in?' });
  await quickInput.untilItTakesChoices();
  await quickInput.pick('Trouble signing in?');
  await quickInput.waitFor({ item: label });
  await quickInput.untilItTakesChoices();
  await quickInput.pick(label);
}

/** Both sign-ins whole, with the configured connection; the browser's page is closed at the end. */
export async function signIn(window: Workbench, kind: Kind, person: Person = ana): Promise<void> {
  await startSignIn(window, kind);
  await finishSignIn(window, kind, person);
}

/** From the surface to the end. */
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

/** Signs in where the browser cannot reach the listener. @returns the address that it was sent back to */
export async function signInWithoutWayBack(page: Page, person: Person = ana): Promise<string> {
  // Playwright's own routes do not see where a redirect leads.
  const session = await page.context().newCDPSession(page);
  await session.send('Fetch.enable', { patterns: [{ urlPattern: 'http://localhost:*/oauth/callback*' }] });
  const { promise, resolve } = Promise.withResolvers<string>();
  session.on('Fetch.requestPaused', ({ requestId, request }) => {
    resolve(request.url);
    void session.send('Fetch.failRequest', { requestId, errorReason: 'ConnectionRefused' });
  });
  await typeCredentials(page, person);
  const address = await Promise.race([promise, sleep(10_000)]);
  if (address === undefined) throw new Error('The browser was not sent back.');
  await session.detach();
  return address;
}

/** Okta's pages for a device code, from the code to "Device activated". */
export async function activateAtOkta(page: Page, person: Person = ana): Promise<void> {
  await page.getByRole('button', { name: 'Activate' }).click();
  await typeCredentials(page, person);
  await page.getByRole('heading', { name: 'Device activated' }).waitFor();
}

/** The form of both identity providers. */
export async function typeCredentials(page: Page, { username, password }: Person = ana): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Signs out of one session, by its label where there are several. */
export async function signOut(window: Workbench, label?: Wanted): Promise<void> {
  await window.runCommand(COMMANDS.signOut);
  if (label !== undefined) await window.quickInput.pick(label);
  await window.dialogs.answer(/^Sign out of /, 'Sign Out');
}

/** The status bar item, once it shows this. */
export function statusShows(window: Workbench, text: RegExp, timeoutMs?: number): Promise<StatusBarItem> {
  return window.statusBar.waitFor(EXTENSION_ID, text, timeoutMs === undefined ? {} : { timeoutMs });
}
