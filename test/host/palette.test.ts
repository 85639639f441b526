import { beforeAll, describe, expect, it } from 'vitest';

import { signIn, statusShows } from './asPerson.ts';
import { eventually } from './eventually.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

/** Results of VS Code's palette for words that users type. */

const scene = shareScene({ settings: { 'developerSignIn.connections': [] } });
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
  await statusShows(window, /^AWS\/Okta: Sign In$/);
});

/** VS Code's own commands that contain these letters, and sort first alphabetically. */
const shared: readonly string[] = ['sso', 'aws', 'accounts'];

/** This product's commands that match a text, and the first of all matches. */
async function found(text: string): Promise<{ readonly first: string; readonly ours: readonly string[] }> {
  const all = await window.findCommands(text);
  return { first: all[0] ?? '', ours: all.filter((title) => title.startsWith('SSO: ')) };
}

describe('before the first connection', () => {
  it.each([
    ['sso', 'SSO: Sign In…'],
    ['sign in', 'SSO: Sign In…'],
    ['login', 'SSO: Sign In…'],
    ['log in', 'SSO: Sign In…'],
    ['authenticate', 'SSO: Sign In…'],
    ['aws', 'SSO: Sign In…'],
    ['builder', 'SSO: Sign In with AWS Builder ID'],
    ['identity center', 'SSO: Sign In with AWS IAM Identity Center'],
    ['okta', 'SSO: Sign In with Okta'],
    ['openid', 'SSO: Sign In with OpenID Connect'],
  ])('%s finds %s first', async (text, wanted) => {
    const { first, ours } = await found(text);
    expect(ours[0]).toBe(wanted);
    if (!shared.includes(text)) expect(first).toBe(ours[0]);
  });

  it('hides commands that have nothing to act on', async () => {
    const { ours } = await found('sso');
    expect(ours).toEqual([
      'SSO: Sign In…',
      'SSO: Sign In with AWS Builder ID',
      'SSO: Sign In with AWS IAM Identity Center',
      'SSO: Sign In with Okta',
      'SSO: Sign In with OpenID Connect',
    ]);
  });

  it("shows each provider's company in Sign In…, and offers help", async () => {
    await window.runCommand('SSO: Sign In…');
    const { items } = await window.quickInput.waitFor({ title: 'Sign In', item: 'Okta' });
    expect(items.map(({ label }) => label)).toEqual([
      'AWS IAM Identity Center',
      'AWS Builder ID',
      'Okta',
      'OpenID Connect',
      'Help me choose',
      'Check SSO Setup',
    ]);
    expect(items.slice(0, 4).filter(({ description }) => !/^(Work|Personal): /.test(description))).toEqual(
      [],
    );
    await window.quickInput.hide();
  });
});

describe('with a connection', () => {
  beforeAll(async () => {
    const probe = await window.probe();
    await probe.updateSetting('developerSignIn.connections', scene().connections);
    await eventually('the connections in the palette', async () =>
      (await found('connection')).ours.includes('SSO: Manage Connections') ? true : undefined,
    );
  });

  it('shows commands for connections, and hides those for accounts', async () => {
    const { ours } = await found('sso');
    expect(ours).toEqual(
      expect.arrayContaining(['SSO: Check SSO Setup', 'SSO: Copy Connection Link', 'SSO: Show Log']),
    );
    for (const title of [
      'SSO: Sign Out',
      'SSO: Switch Account…',
      'SSO: Refresh Token',
      'SSO: Share with the AWS CLI',
    ])
      expect(ours).not.toContain(title);
  });

  it('lists connections first in Sign In…', async () => {
    await window.runCommand('SSO: Sign In…');
    const { items } = await window.quickInput.waitFor({ title: 'Sign In', item: 'Sandbox Okta' });
    expect(
      items
        .slice(0, 2)
        .map(({ label }) => label)
        .toSorted(),
    ).toEqual(['Sandbox Identity Center', 'Sandbox Okta']);
    await window.quickInput.hide();
  });
});

describe('signed in', () => {
  beforeAll(async () => {
    await signIn(window, 'identityCenter');
    await statusShows(window, /^Sandbox Identity Center$/);
  });

  it.each([
    ['log out', 'SSO: Sign Out'],
    ['logout', 'SSO: Sign Out'],
    ['sign out', 'SSO: Sign Out'],
    ['switch account', 'SSO: Switch Account…'],
    ['token', 'SSO: Refresh Token'],
    ['accounts', 'SSO: Manage Accounts'],
    ['aws cli', 'SSO: Share with the AWS CLI'],
    ['check sso', 'SSO: Check SSO Setup'],
  ])('%s finds %s first', async (text, wanted) => {
    const { first, ours } = await found(text);
    expect(ours[0]).toBe(wanted);
    if (!shared.includes(text)) expect(first).toBe(wanted);
  });
});
