import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { beforeAll, describe, expect, it } from 'vitest';

import { checksOf } from '../../src/setup/checks/index.ts';
import type { Chain } from '../sandbox/chain.ts';
import { checkIdentityCenter, checkKiro, CHECK_SETUP } from './asAdministrator.ts';
import { signInAtOkta } from './asPerson.ts';
import { faultsInEveryLook } from './axe.ts';
import { eventually } from './eventually.ts';
import { active } from './keyboard.ts';
import { EXTENSION_ID, shareScene } from './scene.ts';
import { setupViewOf, type SetupView } from './setupView.ts';
import type { Workbench } from './workbench.ts';

/** Tall enough for all rows: VS Code renders only visible ones. */
const scene = shareScene({
  connected: true,
  browser: { size: { width: 1280, height: 2600 } },
  host: { isLean: true },
});
let window: Workbench;
let view: SetupView;
let chain: Chain;
let metadataFile: string;

const automatic = checksOf.kiro.filter(({ run }) => run !== undefined);
/** The domain does not exist here, and Kiro's API is not used. */
const leftOut = automatic.filter(({ needs }) => needs.includes('kiroRegion') || needs.includes('domain'));
const manual = checksOf.kiro.filter(({ run }) => run === undefined);
const isProven = ({ provenBy = [] }: (typeof manual)[number]): boolean =>
  provenBy.length > 0 && !provenBy.some((id) => leftOut.some((check) => check.id === id));
const inFirstStep = automatic.filter(({ step }) => step === 'kiro.oidcApp');

beforeAll(async () => {
  window = await scene().openWindow();
  view = setupViewOf(window.page);
  const connected = scene().chain;
  if (connected === undefined) throw new Error('The scene was created with `connected`.');
  chain = connected;
  metadataFile = join(scene().host.folders.workspaces, 'one', 'metadata.xml');
  writeFileSync(metadataFile, chain.describe().okta.saml.metadataXml);
});

describe('Check SSO Setup', () => {
  it('hides the view before the first check', async () => {
    expect(await view.rows()).toEqual([]);
    expect(await window.page.getByRole('tab', { name: 'SSO Setup' }).count()).toBe(0);
  });

  it('offers a test sign-in before the checks to a user who only presses Enter', async () => {
    const { quickInput } = window;
    await checkKiro(window, chain);
    // A screen reader announces the icon's name first.
    expect(await active(window.page)).toMatch(/Region of the Kiro profile, Not provided/);
    await window.page.keyboard.press('Enter');
    await quickInput.waitFor({ title: /^Region of the Kiro profile/ });
    await window.page.keyboard.press('Enter');
    await expect.poll(() => active(window.page)).toMatch(/Test sign-in, Off/);
    await quickInput.hide();
  });

  it('passes a correct setup of Kiro with Okta, with a test sign-in', async () => {
    const began = Date.now();
    const { run } = await checkKiro(window, chain, { testSignIn: true });
    await run();
    const page = await window.dialogs.openExternal();
    await signInAtOkta(page);
    await page.close();
    // Skipped checks are not verified, and say so. A checklist line that checks have verified has passed.
    const [unknown, byHand] = [leftOut.length, manual.filter((check) => !isProven(check)).length];
    const passed = checksOf.kiro.length - unknown - byHand;
    await view.messageFits(
      new RegExp(
        `: No problems found in what was checked \\(${passed} of ${passed + unknown}\\) · ${unknown} not verified · ${byHand} to verify manually · ${passed} passed$`,
      ),
    );
    expect(Date.now() - began).toBeLessThan(60_000);
    await view.row(/^Does \S+@example\.com have access\? Yes, if the manual steps are done$/);
    const [person, ...steps] = await view.rows();
    expect(person).toMatchObject({ level: 1, expanded: false });
    expect(steps.map(({ level }) => level)).toEqual(steps.map(() => 1));
    expect(steps[0]).toMatchObject({
      label: '1. The OIDC application',
      description: `${inFirstStep.length} passed`,
      icon: 'pass',
    });
    expect(steps[0]?.ariaLabel).toBe(`Step 1, The OIDC application: ${inFirstStep.length} passed`);
    expect(await window.notifications.shown()).toEqual([]);
  });

  it('shows evidence to a keyboard user', async () => {
    await view.focus();
    const { keyboard } = window.page;
    // A tree that is being redrawn ignores keys.
    await eventually('the first step to open', async () => {
      if ((await view.rows())[1]?.expanded === true) return true;
      await keyboard.press('Home');
      await keyboard.press('ArrowDown');
      await keyboard.press('ArrowRight');
      return undefined;
    });
    await view.row('Sign-in redirect URIs');
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowRight'); // Opens the check.
    const check = await view.row('Sign-in redirect URIs');
    expect(check).toMatchObject({ description: 'Passed', icon: 'pass', isFocused: true });
    expect(check.ariaLabel).toBe('Sign-in redirect URIs: Passed. As expected.');
    await view.shows('Registered', /^20 values$/);
    await view.row('http://localhost:2128/oauth/callback');
    await view.shows('Okta administrator', /^Okta Admin Console > /);
    await view.shows('', /> Sign-in redirect URIs$/);
    await keyboard.press('ArrowLeft');
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowLeft');
  });

  it('checks access for another user step by step, without their password', async () => {
    const { quickInput } = window;
    await window.runCommand('SSO: Check Access for a Person…');
    await quickInput.waitFor({ title: /^A person to look up / });
    await quickInput.type('eli@example.com');
    await quickInput.accept();
    await quickInput.waitFor({ title: /^SCIM access token / });
    await quickInput.type(chain.describe().identityCenter.federated.scim.token);
    await quickInput.accept();
    await quickInput.waitFor({ title: /^Read-only Okta API token / });
    await quickInput.accept();
    const answer = await view.row(/^Does eli@example\.com have access\? No$/);
    expect(answer).toMatchObject({ icon: 'error', level: 1, expanded: true });
    await view.shows('The person is provisioned', /^Failed: .*deactivated: eli@example\.com/);
  });

  it('copies a report without secrets', async () => {
    await view.press('Copy Report');
    const report = await eventually('the report', async () => {
      const text = await window.clipboard();
      return text.startsWith('# SSO setup: Kiro with Okta (OIDC)') ? text : undefined;
    });
    expect(report).toContain('- Sign-in redirect URIs (The OIDC application): **Passed**');
    expect(report).toContain('`http://localhost:2128/oauth/callback`');
    expect(report).toContain('- [ ] The domain has the status Verified');
    expect(report).not.toContain(chain.describe().identityCenter.federated.scim.token);
    expect(report).not.toMatch(/eyJ[\w-]+\.eyJ/);

    await view.press('Save Report…');
    await window.quickInput.waitFor({ title: /Save Report/ });
    await window.quickInput.accept();
    const file = join(scene().host.folders.workspaces, 'one', 'sign-in-setup.md');
    // The file exists before it is written.
    const saved = await eventually('the saved report', () => {
      const text = readFileSync(file, 'utf8');
      return text === '' ? undefined : text;
    });
    expect(saved).toBe(report);
  });

  it('saves a report for an administrator with only their steps, as an accessible page', async () => {
    await view.press('Save Report for an Administrator…');
    await window.quickInput.pick('Okta administrator');
    await eventually('the question where to save it', async () =>
      (await window.quickInput.state())?.value.endsWith('sign-in-setup-okta.html') === true
        ? true
        : undefined,
    );
    await window.quickInput.accept();
    const file = join(scene().host.folders.workspaces, 'one', 'sign-in-setup-okta.html');
    await eventually('the saved page', () => (existsSync(file) ? true : undefined));
    const page = await scene().browser.context.newPage();
    await page.goto(pathToFileURL(file).href);
    await page.getByRole('heading', { level: 1, name: /^SSO setup: Kiro with Okta/ }).waitFor();
    expect(await faultsInEveryLook(page)).toEqual([]);
    await page.close();
  });

  it('shows the problem, its owner and the console path, and runs one check again', async () => {
    chain.okta.patchMetadata((document) => ({ ...document, code_challenge_methods_supported: ['plain'] }));
    const { run } = await checkKiro(window, chain);
    await run();
    await view.messageFits(/: 1 failed/);
    const check = await view.shows('PKCE and grant types', /^Failed: .*S256/);
    expect(check.icon).toBe('error');
    await view.revealed('PKCE and grant types');
    await view.shows(/^Changes since /, /^1 now failing · \d+ no longer verified/);
    await view.shows('Okta administrator', /^Okta Admin Console > /);
    await view.shows('', /Metadata URI$/);

    chain.okta.patchMetadata((document) => document);
    await window.page.keyboard.press('Shift+F10');
    await window.page.getByRole('menuitem', { name: 'Check Again' }).waitFor();
    await window.page.waitForTimeout(500); // A menu ignores input at first.
    await window.page.keyboard.press('ArrowDown');
    await window.page.keyboard.press('Enter');
    await view.shows('PKCE and grant types', /^Passed$/);
    const tried = automatic.filter((each) => !leftOut.includes(each) && !each.needs.includes('testSignIn'));
    const passed = tried.length + manual.filter(isProven).length;
    await view.messageFits(new RegExp(`: No problems found .* \\d+ not verified .* ${passed} passed$`));
  });

  it('finds a trailing slash, a deactivated user and an expired certificate', async () => {
    await chain.samlApplication.renewCertificate(Date.now() - 3600_000);
    writeFileSync(metadataFile, chain.describe().okta.saml.metadataXml);
    const { endpoint } = chain.describe().identityCenter.federated.scim;
    const slash = await checkIdentityCenter(window, chain, { metadataFile, scimEndpoint: `${endpoint}/` });
    await slash.run();
    await view.messageFits(/: 2 failed/);
    await view.shows('SCIM endpoint', /^Failed: .*slash/);
    await view.shows('Signing certificate', /^Failed: .*expired/);
    await view.shows('SCIM access token', /^Passed$/);
    await view.shows('Okta provisions to this SCIM endpoint', /^Not verified: .*SCIM endpoint/);
    await view.revealed('Signing certificate');

    const person = await checkIdentityCenter(window, chain, { userName: 'eli@example.com' });
    await person.run();
    await view.messageFits(/: 2 failed/);
    await view.shows('The person is provisioned', /^Failed: .*deactivated: eli@example\.com/);
  });

  it('asks before it uses a connection from a link that is not in the settings', async () => {
    const connection = {
      type: 'okta',
      name: 'Elsewhere',
      issuer: 'https://example.okta.com/oauth2/aus1a2b3c4d5',
      clientId: '0oa1b2c3d4E5f6G7h8i9',
    };
    const probe = await window.probe();
    const called = probe.executeCommand('developerSignIn.checkSetup', [{ connection }]);
    await window.dialogs.answer(/isn’t in your settings/, 'Cancel');
    await called;
    expect(await window.quickInput.state()).toBeUndefined();
  });

  it('remembers only inputs that are not secret', async () => {
    await window.runCommand(CHECK_SETUP);
    await window.quickInput.pick('Sandbox Identity Center with Okta');
    const { items } = await window.quickInput.waitFor({ item: 'SCIM access token' });
    const shown = new Map(items.map(({ label, description }) => [label, description]));
    expect(shown.get('SCIM access token')).toBe('Not provided');
    expect(shown.get('A person to look up')).toBe('eli@example.com');
    await window.quickInput.hide();
  });

  it('reminds after a restart of an expiring certificate found by a check', async () => {
    const message = /Signing certificate for Work expires on .* Ask your Okta administrator to renew it\./;
    const folder = join(scene().host.folders.userData, 'User/globalStorage', EXTENSION_ID, 'setup');
    const file = join(folder, 'expirations.json');
    const endsAt = Date.now() + 20 * 24 * 3600_000;
    const end = { what: 'signingCertificate', endsAt, seenBy: 'saml.certificates', said: 1 };
    const subject = { key: 'identityCenter a', name: 'Work', isConnection: false, expirations: [end] };
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, JSON.stringify({ version: 1, nextAt: 0, subjects: [subject] }));
    await window.reload();
    const shown = await window.notifications.waitFor(message);
    expect(shown.buttons).toEqual(['Check SSO Setup', 'Don’t Remind Me Again']);
    const said = await eventually('the reminder to be written down', () => {
      const text = readFileSync(file, 'utf8');
      return text.includes('"said":2') ? text : undefined;
    });
    expect(JSON.parse(said)).toMatchObject({ nextAt: endsAt - 7 * 24 * 3600_000 });
    await window.notifications.press(message, 'Don’t Remind Me Again');
    await eventually('the end to be muted', () =>
      readFileSync(file, 'utf8').includes('"isMuted":true') ? true : undefined,
    );
  });
});
