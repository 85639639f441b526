import { basename } from 'node:path';

import type { Chain } from '../sandbox/chain.ts';
import { people } from '../sandbox/people.ts';
import { CONNECTIONS } from './asPerson.ts';
import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

/** What an administrator does with *Check setup*, by the words on the screen. */

export const CHECK_SETUP = 'SSO: Check SSO Setup';
/** The name of the sandbox's connection whose identity source is Okta. */
const FEDERATED = 'Sandbox Identity Center with Okta';

/** What is typed otherwise than it should be. */
export interface Typed {
  readonly scimEndpoint?: string;
  readonly scimToken?: string;
  readonly userName?: string;
  readonly groupName?: string;
  readonly metadataFile?: string;
  readonly testSignIn?: boolean;
}

/** Filled in, up to *Check now*. */
export interface Filled {
  /** Chooses *Check now*. */
  readonly run: () => Promise<void>;
}

/** From the palette to *Check now* of the document about Kiro, with everything that the sandbox has. */
export async function checkKiro(window: Workbench, chain: Chain, typed: Typed = {}): Promise<Filled> {
  const { okta } = chain.describe();
  await open(window, CONNECTIONS.okta);
  await provisioning(window, chain, typed);
  await field(window, 'API address of the service', okta.protectedUrl);
  await field(window, API_TOKEN, chain.okta.management.token);
  return filled(window, typed);
}

/** The same of the document about IAM Identity Center. */
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

/** The same of any OpenID Connect provider, which is not in the settings. */
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

/** The dialog of a workbench in a browser: a list of the folder that is open. */
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
    // The list comes anew, and a click on the old one would be lost.
    await eventually('the other choice', async () => ((await isOn()) === testSignIn ? true : undefined));
  }
  return { run: () => choose(window, 'Check Now') };
}

/** The tooltip of a row that the mouse stays on covers the next one. */
async function choose(window: Workbench, label: string): Promise<void> {
  await reveal(window, label);
  await window.page.mouse.move(1, 1);
  await window.quickInput.pick(label);
}

/** Scrolls to a row: in a small window, the list of the inputs is longer than what is seen of it. */
async function reveal({ page, quickInput }: Workbench, label: string): Promise<void> {
  const list = page.locator('.quick-input-widget .monaco-list').first();
  const isSeen = () =>
    list.evaluate((place, wanted) => {
      const { top, bottom } = place.getBoundingClientRect();
      const row = [...place.querySelectorAll('.monaco-list-row')].find(
        (one) => one.querySelector('.label-name')?.textContent.replaceAll('\u00a0', ' ').trim() === wanted,
      );
      const box = row?.getBoundingClientRect();
      return box !== undefined && box.top >= top - 1 && box.bottom <= bottom + 1;
    }, label);
  await quickInput.waitFor({ item: /./ });
  for (let times = 0; times < 90 && !(await isSeen()); times++) {
    // A list that comes anew lies at its chosen row again: from the top once more.
    const isFirst = times % 15 === 0;
    await list.hover();
    await page.mouse.wheel(0, isFirst ? -10_000 : 60);
    await page.waitForTimeout(isFirst ? 300 : 50); // It is drawn with the next frame.
  }
}
