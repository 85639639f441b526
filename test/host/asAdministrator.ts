import { basename } from 'node:path';

import type { Chain } from '../sandbox/chain.ts';
import { people } from '../sandbox/people.ts';
import { CONNECTIONS } from './asPerson.ts';
import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

/** Runs *Check SSO Setup* as an administrator does, by the labels on the screen. */

export const CHECK_SETUP = 'SSO: Check SSO Setup';
/** The sandbox's connection with Okta as its identity source. */
const FEDERATED = 'Sandbox Identity Center with Okta';

/** Inputs that differ from the correct values. */
export interface Typed {
  readonly scimEndpoint?: string;
  readonly scimToken?: string;
  readonly userName?: string;
  readonly groupName?: string;
  readonly metadataFile?: string;
  readonly testSignIn?: boolean;
}

/** Fills in the inputs, up to *Check Now*. */
export interface Filled {
  /** Selects *Check Now*. */
  readonly run: () => Promise<void>;
}

/** From the palette to *Check Now* for the Kiro guide, with all values of the sandbox. */
export async function checkKiro(window: Workbench, chain: Chain, typed: Typed = {}): Promise<Filled> {
  const { okta } = chain.describe();
  await open(window, CONNECTIONS.okta);
  await provisioning(window, chain, typed);
  await field(window, 'API address of the service', okta.protectedUrl);
  await field(window, API_TOKEN, chain.okta.management.token);
  return filled(window, typed);
}

/** As `checkKiro`, for the IAM Identity Center guide. */
export async function checkIdentityCenter(
  window: Workbench,
  chain: Chain,
  typed: Typed = {},
): Promise<Filled> {
  const { identityCenter } = chain.describe();
  const { saml } = identityCenter.federated;
  await open(window, FEDERATED);
  if (typed.metadataFile !== undefined) await file(window, 'Saved metadata.xml', typed.metadataFile);
  await field(window, 'ACS URL', saml.acsUrl);
  await field(window, 'Issuer URL', saml.issuerUrl);
  await provisioning(window, chain, typed);
  await field(window, 'API address of the service', identityCenter.protectedUrl);
  await field(window, API_TOKEN, chain.okta.management.token);
  return filled(window, typed);
}

/** As `checkKiro`, for an OpenID Connect provider that is not in the settings. */
export async function checkOpenIdConnect(
  window: Workbench,
  { issuer, clientId }: { readonly issuer: string; readonly clientId: string },
  typed: Pick<Typed, 'testSignIn'> = {},
): Promise<Filled> {
  await open(window, 'Another OpenID Connect provider…');
  await field(window, 'Issuer', issuer);
  await field(window, 'Client ID', clientId);
  return filled(window, typed);
}

const API_TOKEN = 'Read-only Okta API token';

async function open(window: Workbench, connection: string): Promise<void> {
  await window.runCommand(CHECK_SETUP);
  await window.quickInput.waitFor({ placeholder: /Select a connection to check/ });
  await window.quickInput.pick(connection);
  await window.quickInput.waitFor({ item: 'Check Now' });
}

async function provisioning(window: Workbench, chain: Chain, typed: Typed): Promise<void> {
  const { identityCenter, groups } = chain.describe();
  const { endpoint, token } = identityCenter.federated.scim;
  await field(window, 'SCIM endpoint', typed.scimEndpoint ?? endpoint);
  await field(window, 'SCIM access token', typed.scimToken ?? token);
  await field(window, 'A person to look up', typed.userName ?? people[0]?.username ?? '');
  await field(window, 'One of the person’s groups', typed.groupName ?? groups[0]?.displayName ?? '');
}

async function field(window: Workbench, label: string, value: string): Promise<void> {
  await choose(window, label);
  await window.quickInput.waitFor({ title: new RegExp(`^${label} `), message: /Leave empty to skip/ });
  await window.quickInput.submit(value);
  await window.quickInput.waitFor({ title: /^Check SSO Setup: / });
}

/** The file dialog of a workbench in a browser: a list of the open folder. */
async function file(window: Workbench, label: string, path: string): Promise<void> {
  await choose(window, label);
  await window.quickInput.waitFor({ title: new RegExp(label), item: basename(path) });
  await choose(window, basename(path));
  await window.quickInput.waitFor({ title: /^Check SSO Setup: / });
}

async function filled(window: Workbench, { testSignIn = false }: Typed): Promise<Filled> {
  const isOn = async () => {
    await reveal(window, 'Test sign-in');
    const state = await window.quickInput.waitFor({ item: 'Test sign-in' });
    const item = state.items.find(({ label }) => label === 'Test sign-in');
    return item?.description.startsWith('On.') === true;
  };
  if ((await isOn()) !== testSignIn) {
    await choose(window, 'Test sign-in');
    // The list is replaced, and a click on the old one would be lost.
    await eventually('the other choice', async () => ((await isOn()) === testSignIn ? true : undefined));
  }
  return { run: () => choose(window, 'Check Now') };
}

/** Moves the mouse away: the tooltip of a hovered row covers the next one. */
async function choose(window: Workbench, label: string): Promise<void> {
  await reveal(window, label);
  await window.page.mouse.move(1, 1);
  await window.quickInput.pick(label);
}

/** Pages to a row: in a small window, not all inputs are visible. */
async function reveal({ page, quickInput }: Workbench, label: string): Promise<void> {
  const list = page.locator('.quick-input-widget .monaco-list').first();
  /** Whether the row is in view, and what the list draws. */
  const look = () =>
    list.evaluate((place, wanted) => {
      const { top, bottom } = place.getBoundingClientRect();
      const rows = [...place.querySelectorAll('.monaco-list-row')];
      const row = rows.find(
        (one) => one.querySelector('.label-name')?.textContent.replaceAll('\u00a0', ' ').trim() === wanted,
      );
      const box = row?.getBoundingClientRect();
      return {
        isSeen: box !== undefined && box.top >= top - 1 && box.bottom <= bottom + 1,
        drawn: rows.map((one) => `${one.textContent} ${one.className}`).join('\n'),
      };
    }, label);
  await quickInput.waitFor({ item: /./ });
  // To the top, and then to the end, however long the list is; again if it was replaced on the way.
  await eventually(`the row ${label}`, async () => {
    for (const key of ['PageUp', 'PageDown'])
      for (let before = ''; ;) {
        const { isSeen, drawn } = await look();
        if (isSeen) return true;
        if (drawn === before) break;
        before = drawn;
        await page.keyboard.press(key);
        await page.waitForTimeout(50); // The list is drawn in the next frame.
      }
    return undefined;
  });
}
