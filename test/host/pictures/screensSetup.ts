import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { checkIdentityCenter, checkKiro, CHECK_SETUP } from '../asAdministrator.ts';
import { signInAtOkta } from '../asPerson.ts';
import { eventually } from '../eventually.ts';
import { setupViewOf } from '../setupView.ts';
import type { Chapter } from './recoveryChapter.ts';

/** Tall enough for every row of the form: VS Code renders only visible ones. */
const tall = { width: 1280, height: 1600 };

/** *Check SSO Setup*, from the choice of a guide to the report. */
export const screensOfSetup: Readonly<Record<string, Chapter>> = {
  setup: async ({ scene, window, probe, take }) => {
    const { chain } = scene;
    if (chain === undefined) throw new Error('The scene was created with `connected`.');
    await probe.updateSetting('developerSignIn.connections', scene.connections);
    const { quickInput, page } = window;
    const view = setupViewOf(page);
    await window.runCommand(CHECK_SETUP);
    await quickInput.waitFor({ placeholder: /Select a connection to check/ });
    await take('which');
    await quickInput.pick('Sandbox Identity Center with Okta');
    await quickInput.waitFor({ item: 'Check Now' });
    await take('form-empty');
    await quickInput.pick('SCIM access token');
    await quickInput.waitFor({ title: /^SCIM access token / });
    await take('form-token');
    await quickInput.hide();
    await quickInput.waitFor({ item: 'Check Now' });
    await quickInput.hide();

    const kiro = await checkKiro(window, chain, { testSignIn: true });
    await take('form-filled');
    await kiro.run();
    const browser = await window.dialogs.openExternal();
    await page.bringToFront();
    await take('running');
    await signInAtOkta(browser);
    await browser.close();
    await view.messageFits(/passed$/);
    await take('passed');

    const metadataFile = join(scene.host.folders.workspaces, 'my-project', 'metadata.xml');
    writeFileSync(metadataFile, chain.describe().okta.saml.metadataXml);
    const identityCenter = await checkIdentityCenter(window, chain, {
      metadataFile,
      scimEndpoint: `${chain.describe().identityCenter.federated.scim.endpoint}/`,
      userName: 'eli@example.com',
    });
    await identityCenter.run();
    await view.messageFits(/: [1-9]\d* failed/);
    await take('failed');
    await window.runCommand('View: Toggle Maximized Panel');
    await take('failed-tree');
    await page.keyboard.press('Shift+F10');
    await page.waitForTimeout(500);
    await take('line-menu');
    await page.keyboard.press('Escape');
    await window.runCommand('View: Toggle Maximized Panel');
    await view.press('Copy Report');
    const report = await eventually('the report', async () => {
      const text = await window.clipboard();
      return text.startsWith('# SSO setup') ? text : undefined;
    });
    const folder = join(scene.host.folders.workspaces, 'my-project');
    writeFileSync(join(folder, 'report.md'), report);
    await view.press('Save Report for an Administrator…');
    await quickInput.waitFor({ title: 'Save Report', item: /administrator/ });
    await take('report-for');
    await quickInput.accept();
    await quickInput.waitFor({ title: /Save Report/, message: /.*/ });
    await page.waitForTimeout(600);
    await quickInput.accept();
    const html = join(folder, 'sign-in-setup-okta.html');
    await eventually('the saved report', () => (existsSync(html) ? true : undefined));
    const shown = await scene.browser.context.newPage();
    await shown.goto(pathToFileURL(html).href);
    await take('report-html', shown);
    await shown.close();
    await page.bringToFront();
    await window.runCommand('View: Hide Panel');
    await probe.openLink(pathToFileURL(join(folder, 'report.md')).href);
    await page.locator('.tab', { hasText: 'report.md' }).waitFor();
    await window.runCommand('Markdown: Open Preview');
    await page.locator('.tab', { hasText: 'Preview report.md' }).waitFor();
    await page.waitForTimeout(2000);
    await take('report');
    await window.runCommand('View: Close All Editors');
  },
  /**
   * A test sign-in that ends on an error page: the question about it, its effect on the results, and the previous
   * results.
   */
  setupErrorPage: async ({ scene, window, probe, take }) => {
    const { chain } = scene;
    if (chain === undefined) throw new Error('The scene was created with `connected`.');
    await probe.updateSetting('developerSignIn.connections', scene.connections);
    const { quickInput, page } = window;
    const view = setupViewOf(page);
    await (await checkIdentityCenter(window, chain)).run();
    await view.messageFits(/passed$/);
    await (await checkKiro(window, chain, { testSignIn: true })).run();
    const browser = await window.dialogs.openExternal();
    await browser.close();
    await page.bringToFront();
    await quickInput.pick('Cancel');
    await quickInput.waitFor({ placeholder: /What did the browser show/ });
    await take('question');
    await quickInput.pick('An error page from Okta');
    await view.messageFits(/: 1 failed/);
    await take('results');
    await view.press('Show Other Results…');
    await quickInput.waitFor({ placeholder: /Select the results to show/ });
    await take('other-results');
    await quickInput.hide();
  },
  /** A run without inputs: checks that miss the same input are grouped. */
  setupMissing: async ({ scene, window, probe, take }) => {
    await probe.updateSetting('developerSignIn.connections', scene.connections);
    const { quickInput, page } = window;
    const view = setupViewOf(page);
    await window.runCommand(CHECK_SETUP);
    await quickInput.pick('Sandbox Identity Center with Okta');
    await quickInput.waitFor({ item: 'Check Now' });
    await quickInput.pick('Check Now');
    await view.messageFits(/passed$/);
    await window.runCommand('View: Toggle Maximized Panel');
    await page
      .locator('.part.panel .monaco-list-row', { hasText: '6. People and groups' })
      .locator('.monaco-tl-twistie')
      .click();
    await view.row(/^Missing input/);
    await take('rows');
    await window.runCommand('View: Toggle Maximized Panel');
  },
  /** Access of a person, the form of a second run, the changes since the first, and a reminder. */
  setupAgain: async ({ scene, window, probe, take }) => {
    const { chain } = scene;
    if (chain === undefined) throw new Error('The scene was created with `connected`.');
    await probe.updateSetting('developerSignIn.connections', scene.connections);
    const { quickInput, page } = window;
    const view = setupViewOf(page);
    await page.setViewportSize(tall);
    await (await checkKiro(window, chain)).run();
    await view.messageFits(/passed$/);
    await window.runCommand('SSO: Check Access for a Person…');
    await quickInput.waitFor({ title: /^A person to look up / });
    await take('person-question');
    await quickInput.type('eli@example.com');
    await quickInput.accept();
    await quickInput.waitFor({ title: /^SCIM access token / });
    await quickInput.type(chain.describe().identityCenter.federated.scim.token);
    await quickInput.accept();
    await quickInput.waitFor({ title: /^Read-only Okta API token / });
    await quickInput.type(chain.okta.management.token);
    await quickInput.accept();
    await view.row(/^Does eli@example\.com have access\? No$/);
    await take('person');
    await view.press('Edit Inputs…');
    await quickInput.waitFor({ item: 'Check Now' });
    await take('form-again');
    await quickInput.hide();

    chain.okta.patchMetadata((document) => ({ ...document, code_challenge_methods_supported: ['plain'] }));
    await page.setViewportSize(tall);
    await (await checkKiro(window, chain)).run();
    await view.messageFits(/: 1 failed/);
    chain.okta.patchMetadata((document) => document);
    await view.revealed('PKCE and grant types');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await view.shows('PKCE and grant types', /^Passed → Failed$/);
    await take('changes');

    const folder = join(
      scene.host.folders.userData,
      'User/globalStorage/developer-sign-in.developer-sign-in/setup',
    );
    const endsAt = Date.now() + 6.5 * 24 * 3600_000;
    const consolePage = 'https://example-admin.okta.com/admin/apps/active';
    const end = {
      what: 'signingCertificate',
      endsAt,
      seenBy: 'saml.certificates',
      page: consolePage,
      said: 2,
    };
    const subject = { key: 'identityCenter a', name: 'Work', isConnection: false, expirations: [end] };
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'expirations.json'),
      JSON.stringify({ version: 1, nextAt: 0, subjects: [subject] }),
    );
    await window.reload();
    await page
      .getByText(/Signing certificate for Work expires on/)
      .first()
      .waitFor();
    await take('reminder');
  },
};
