import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import {
  COMMANDS,
  finishSignIn,
  listConnections,
  signIn,
  signOut,
  startSignIn,
  statusShows,
} from './asPerson.ts';
import { eventually } from './eventually.ts';
import type { Probe } from './probe.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const MANAGE = 'SSO: Manage Connections';
const POLICY = '/etc/developer-sign-in/policy.json';
const OTHER_START_URL = 'https://d-90676a1b2c.awsapps.com/start';

const scene = shareScene({ host: { isLean: true } });
let window: Workbench;
let probe: Probe;

beforeAll(async () => {
  window = await scene().openWindow();
  probe = await window.probe();
});

afterEach(async () => {
  await scene().forgetPeople();
  await window.quickInput.hide();
  // Three connections fit.
  await probe.executeCommand('notifications.clearAll');
});

describe('managing connections', () => {
  it('adds a connection', async () => {
    const { quickInput } = window;
    const { issuer } = scene().sandbox.okta;
    await window.runCommand(MANAGE);
    await quickInput.pick('Add an Okta Connection');
    await quickInput.waitFor({ title: 'Add an Okta Connection (1/3)', message: /issuer/ });
    await quickInput.submit(issuer);
    await quickInput.waitFor({ message: /client ID/ });
    await quickInput.submit('0oaSecondClient');
    await quickInput.waitFor({ message: /Only you see it/ });
    await quickInput.submit('  Second  ');
    await quickInput.waitFor({ title: 'Manage Connections', item: 'Second' });
    await settingsHave({ type: 'okta', name: 'Second', issuer, clientId: '0oaSecondClient' });
  });

  it('changes its name, scopes, sign-in method and ports', async () => {
    const { quickInput } = window;
    await edit('Second');
    await quickInput.pick('Name');
    await quickInput.waitFor({ message: /Only you see it/ });
    await quickInput.type(' ');
    await quickInput.accept();
    await quickInput.waitFor({ message: /Enter a value/ });
    await quickInput.submit('Renamed');
    await quickInput.waitFor({ title: 'Connection “Renamed”', item: 'Scopes' });
    await quickInput.pick('Scopes');
    await quickInput.waitFor({ message: /for the defaults/ });
    await quickInput.submit('openid offline_access');
    await quickInput.waitFor({ item: 'Sign-in method' });
    await quickInput.pick('Sign-in method');
    await quickInput.pick('device code');
    await quickInput.waitFor({ item: 'Callback ports' });
    await quickInput.pick('Callback ports');
    await quickInput.waitFor({ message: /redirect URIs/ });
    await quickInput.type('3128, 70000');
    await quickInput.accept();
    await quickInput.waitFor({ message: /1 to 65535/ });
    await quickInput.submit('3128, 4649');
    await quickInput.waitFor({ item: 'Remove' });
    await settingsHave({
      name: 'Renamed',
      scopes: ['openid', 'offline_access'],
      flow: 'deviceCode',
      redirectPorts: [3128, 4649],
    });
    expect((await names()).filter((name) => name === 'Second')).toEqual([]);
  });

  it('changes its client, unless another connection already uses it', async () => {
    const { quickInput } = window;
    await edit('Renamed');
    await quickInput.pick('Client ID');
    await quickInput.waitFor({ message: /client ID/ });
    await quickInput.submit(scene().sandbox.okta.clientId);
    await window.notifications.waitFor(/“Sandbox Okta” already has these values/);
    await quickInput.pick('Client ID');
    await quickInput.waitFor({ message: /client ID/ });
    await quickInput.submit('0oaThirdClient');
    await quickInput.waitFor({ item: 'Remove' });
    await settingsHave({ name: 'Renamed', clientId: '0oaThirdClient' });
  });

  it('removes it', async () => {
    const { quickInput } = window;
    await edit('Renamed');
    await quickInput.pick('Remove');
    const { detail, buttons } = await window.dialogs.waitFor(/Remove the connection “Renamed”/);
    expect(detail).toMatch(/aren’t signed in to it/);
    expect(buttons).toEqual(expect.arrayContaining(['Remove', 'Cancel']));
    await window.dialogs.answer(/Remove the connection/, 'Remove');
    await eventually('it to be gone', async () => ((await names()).includes('Renamed') ? undefined : true));
    await quickInput.waitFor({ title: 'Manage Connections' });
  });

  it('asks what to do with its session, and signs out with the same answer', async () => {
    const { quickInput } = window;
    await signIn(window, 'okta');
    await statusShows(window, /ana@/);
    await window.runCommand(MANAGE);
    const { items } = await quickInput.waitFor({ item: 'Sandbox Okta' });
    expect(items.find(({ label }) => label === 'Sandbox Okta')?.detail).toMatch(/Signed in as ana@/);
    await quickInput.pick('Sandbox Okta');
    await quickInput.pick('Remove');
    const { detail } = await window.dialogs.waitFor(/Remove the connection/);
    expect(detail).toMatch(/Extensions can use ana@\S+ until you sign out/);
    await window.dialogs.answer(/Remove the connection/, 'Remove and Sign Out');
    await statusShows(window, /: Sign In$/);
    expect(await names()).toEqual(['Sandbox Identity Center']);
    await probe.updateSetting('developerSignIn.connections', scene().connections);
  });
});

describe('sessions of the AWS CLI', () => {
  const config = () => join(scene().host.folders.home, '.aws', 'config');

  it('are offered; an incomplete one shows what is missing', async () => {
    const { quickInput } = window;
    mkdirSync(dirname(config()), { recursive: true });
    writeFileSync(
      config(),
      `[sso-session work]\nsso_start_url = ${OTHER_START_URL}/#/\nsso_region = eu-central-1\n` +
        `[sso-session broken]\nsso_start_url = ${OTHER_START_URL}\n`,
    );
    await window.runCommand(COMMANDS.identityCenter);
    await quickInput.waitFor({ item: 'work' });
    await quickInput.pick('Manage Connections…');
    const { items } = await quickInput.waitFor({ title: 'Manage Connections', item: 'work' });
    expect(items.map(({ label }) => label).join('\n')).toMatch(/\[sso-session broken\] can’t be used/);
    await quickInput.pick('work');
    await settingsHave({ name: 'work', startUrl: OTHER_START_URL, region: 'eu-central-1' });
  });

  it('do not block a sign-in when the config file is unreadable, which is reported', async () => {
    const { quickInput } = window;
    rmSync(config());
    mkdirSync(config());
    await window.runCommand(MANAGE);
    await quickInput.waitFor({ item: /config can’t be read \(EISDIR\)/ });
    await quickInput.hide();
    await startSignIn(window, 'identityCenter');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await quickInput.hide();
    rmSync(config(), { recursive: true });
    await probe.updateSetting('developerSignIn.connections', scene().connections);
  });
});

describe('a connection link', () => {
  const query =
    'type=okta&name=Wiki%20company&issuer=https://ex%C3%A4mple.okta.com/oauth2/aus1&clientId=0oaWiki';
  const open = async (asked: string) => {
    const { uriScheme } = await probe.environment();
    await probe.openLink(`${String(uriScheme)}://developer-sign-in.developer-sign-in/connect?${asked}`);
  };

  it('shows the connection, and adds it only after a yes', async () => {
    await open(query);
    const { detail } = await window.dialogs.waitFor(/Add this connection/);
    expect(detail).toContain('Type: Okta');
    expect(detail).toContain('Host: xn--exmple-cua.okta.com');
    expect(detail).toContain('Client ID: 0oaWiki');
    expect(detail).toContain('Scopes: codewhisperer:completions codewhisperer:conversations offline_access');
    expect(detail).toContain('Name: Wiki company');
    await window.dialogs.answer(/Add this connection/, 'Cancel');
    expect(await names()).not.toContain('Wiki company');
  });

  it('adds it after a yes, and recognizes it next time', async () => {
    await open(query);
    await window.dialogs.answer(/Add this connection/, 'Add');
    await settingsHave({
      type: 'okta',
      name: 'Wiki company',
      issuer: 'https://xn--exmple-cua.okta.com/oauth2/aus1',
      clientId: '0oaWiki',
    });
    await open(query);
    await window.notifications.waitFor(/already have this connection: “Wiki company”/);
    expect(await window.dialogs.state()).toBeUndefined();
  });

  it('rejects a secret with an explanation', async () => {
    await open(`${query}&client_secret=hunter2`);
    const { message } = await window.notifications.waitFor(/can’t contain a secret/);
    expect(message).toMatch(/Nothing was added/);
    expect(message).not.toContain('hunter2');
    expect(await window.dialogs.state()).toBeUndefined();
  });

  it('copies a link that opens the same connection', async () => {
    await window.runCommand('SSO: Copy Connection Link');
    await window.quickInput.pick('Wiki company');
    const link = await eventually('the link', async () => {
      const text = await probe.readClipboard();
      return text.includes('/connect?') ? text : undefined;
    });
    await probe.updateSetting('developerSignIn.connections', scene().connections);
    await probe.openLink(link);
    await window.dialogs.answer(/Name: Wiki company/, 'Cancel');
  });
});

describe('settings.json', () => {
  it('reports an invalid connection, and suggests values', async () => {
    const center = {
      type: 'identityCenter',
      name: 'A',
      startUrl: 'http://a.awsapps.com/start',
      region: 'Europe',
    };
    const okta = {
      type: 'okta',
      name: 'B',
      issuer: 'https://example.okta.com',
      clientId: 'x',
      clientSecret: 'y',
    };
    await probe.updateSetting('developerSignIn.connections', [center, okta]);
    await window.runCommand(MANAGE);
    await window.quickInput.pick('Open settings.json');
    // The editor validates and suggests as soon as it has read the settings and their schema.
    const said = (...wanted: readonly RegExp[]) =>
      eventually(`problems like ${wanted.join(', ')}`, async () => {
        const lines = (await probe.shownDocument())?.problems.map(
          ({ text, message }) => `${text}: ${message}`,
        );
        return lines?.length === wanted.length && wanted.every((one, at) => one.test(lines[at] ?? ''))
          ? lines
          : undefined;
      });
    const offered = (behind: string, ...wanted: readonly string[]) =>
      eventually(`${wanted.join(', ')} behind ${behind}`, async () => {
        const labels = (await probe.shownDocument(behind))?.offered.join() ?? '';
        return wanted.every((one) => labels.includes(one)) ? labels : undefined;
      });
    try {
      await said(
        /http:\/\/a.*A start URL looks like https/,
        /Europe.*Enter a valid Region, such as us/,
        /clientSecret.*doesn’t have this property/,
      );
      await offered('"developerSignIn.connections": [', 'IAM Identity Center', 'Okta');
      await offered('"region": ', 'eu-central-1');
    } finally {
      await probe.updateSetting('developerSignIn.connections', scene().connections);
    }
  });
});

/** As root, a test can create a file owned by the administrator. */
describe.runIf(process.getuid?.() === 0)('organization policies', () => {
  const write = (rules: unknown) => {
    rmSync(POLICY, { force: true });
    mkdirSync(dirname(POLICY), { recursive: true });
    writeFileSync(POLICY, typeof rules === 'string' ? rules : JSON.stringify(rules), { mode: 0o644 });
  };
  beforeAll(() => {
    if (existsSync(POLICY))
      throw new Error(`This machine has rules of its own: ${readFileSync(POLICY, 'utf8')}`);
  });
  afterAll(() => {
    rmSync(POLICY, { force: true });
  });

  it('provide a connection at startup: one click to sign in', async () => {
    const { issuer, clientId } = scene().sandbox.okta;
    await probe.updateSetting('developerSignIn.connections', []);
    write({ connections: [{ type: 'okta', name: 'Example', issuer, clientId }], offerSignIn: true });
    await window.reload();
    probe = await window.probe();
    await statusShows(window, /^Example: Sign In$/);
    await window.notifications.press(/Your organization set up sign-in to Example/, 'Sign In');
    await finishSignIn(window, 'okta');
    await statusShows(window, /ana@/);
  });

  it('are reloaded when they change, also from a shared file', async () => {
    const { issuer, clientId } = scene().sandbox.okta;
    await signOut(window);
    await statusShows(window, /^Example: Sign In$/);
    const team = join(dirname(POLICY), 'policy.d', 'team.json');
    mkdirSync(dirname(team));
    writeFileSync(team, JSON.stringify({ connections: [{ type: 'okta', name: 'Team', issuer, clientId }] }));
    write({});
    try {
      await statusShows(window, /^Team: Sign In$/);
      expect(await window.notifications.shown()).toEqual([]); // Asks only once.
    } finally {
      rmSync(dirname(team), { recursive: true });
      await probe.updateSetting('developerSignIn.connections', scene().connections);
    }
  });

  it('restrict what is offered and allowed, and appear in the status', async () => {
    const { quickInput } = window;
    const { startUrl, endpoint, portalEndpoint } = scene().sandbox.identityCenter;
    const allowedEndpoints = [endpoint, portalEndpoint];
    write({ allowedIssuers: ['https://example.okta.com'], allowedStartUrls: [startUrl], allowedEndpoints });
    await window.runCommand(COMMANDS.okta);
    const offered = await quickInput.waitFor({ item: /Not allowed by your organization: Sandbox Okta/ });
    expect(offered.items.map(({ label }) => label)).not.toContain('Sandbox Okta');
    await quickInput.pick(/Not allowed/);
    await window.notifications.waitFor(/doesn’t allow sign-in to .*\/etc\/developer-sign-in/);
    await window.runCommand(COMMANDS.showStatus);
    const status = await quickInput.waitFor({ item: 'Organization policy' });
    const row = status.items.find(({ label }) => label === 'Organization policy');
    expect(row?.detail).toContain(`Allowed start URLs: ${startUrl}`);
    expect(status.items.map(({ label }) => label)).not.toContain('AWS Builder ID');
    await quickInput.hide();
    const { issuer, clientId } = scene().sandbox.okta;
    await expect(
      probe.executeCommand('developerSignIn.signInOkta', [{ issuer, clientId }]),
    ).rejects.toMatchObject({ name: 'SignInError', kind: 'blockedByOrganization' });
    await startSignIn(window, 'identityCenter');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await quickInput.pick('Cancel');
  });

  it('are ignored if invalid, and reported when a window opens', async () => {
    const { quickInput } = window;
    write('{ "allowedIssuers": "https://example.okta.com" }');
    await window.reload();
    probe = await window.probe();
    await window.notifications.waitFor(/\/etc\/developer-sign-in\/policy\.json.*allowedIssuers is invalid/);
    await listConnections(window, 'okta');
    await quickInput.hide();
    await window.runCommand(COMMANDS.showStatus);
    await quickInput.pick(/isn’t being enforced/);
    await window.dialogs.answer(/the value of allowedIssuers is invalid/, 'Cancel');
  });
});

async function edit(name: string): Promise<void> {
  await window.runCommand(MANAGE);
  await window.quickInput.waitFor({ title: 'Manage Connections', item: name });
  await window.quickInput.pick(name);
  await window.quickInput.waitFor({ title: `Connection “${name}”` });
}

async function settings(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const setting = await probe.setting('developerSignIn.connections');
  return (setting?.['globalValue'] ?? []) as readonly Record<string, unknown>[];
}

async function names(): Promise<readonly unknown[]> {
  return (await settings()).map(({ name }) => name);
}

async function settingsHave(members: Readonly<Record<string, unknown>>): Promise<void> {
  await eventually(`${JSON.stringify(members)} in the settings`, async () =>
    (await settings()).some((one) => JSON.stringify({ ...one, ...members }) === JSON.stringify(one))
      ? true
      : undefined,
  );
}
