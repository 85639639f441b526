import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { projectRoot } from '../../tools/lib/paths.ts';
import type { Chapter } from './recoveryChapter.ts';

const MANAGE = 'SSO: Manage Connections';
const LINK =
  'type=okta&name=Example&issuer=https://example.okta.com/oauth2/aus1&clientId=0oa1b2c3d4E5f6G7h8i9';

/** Connections, connection links, and settings. */
export const screensOfConnections: Readonly<Record<string, Chapter>> = {
  connections: async ({ scene, window, probe, take }) => {
    const { quickInput, dialogs } = window;
    await probe.updateSetting('developerSignIn.connections', scene.connections);
    await window.runCommand(MANAGE);
    await quickInput.waitFor({ item: 'Sandbox Okta' });
    await take('manage');
    await quickInput.pick('Sandbox Okta');
    await quickInput.waitFor({ title: 'Connection “Sandbox Okta”' });
    await take('edit');
    await quickInput.pick('Callback ports');
    await quickInput.waitFor({ message: /redirect URIs/ });
    await take('edit-ports');
    await quickInput.hide();
    await window.runCommand(MANAGE);
    await quickInput.pick('Sandbox Identity Center');
    await quickInput.waitFor({ item: 'Remove' });
    await take('edit-identity-center');
    await quickInput.pick('Remove');
    await dialogs.waitFor(/Remove the connection/);
    await take('remove');
    await dialogs.answer(/Remove the connection/, 'Cancel');
    await quickInput.hide();
  },

  /** Connections: none, one, and two with issuer-specific redirect URIs. */
  fewConnections: async ({ scene, window, probe, take }) => {
    const { quickInput } = window;
    const { issuer, clientId } = scene.sandbox.okta;
    const one = { type: 'okta', name: 'Acme', issuer, clientId };
    const manage = async (what: string): Promise<void> => {
      await window.runCommand(MANAGE);
      await quickInput.waitFor({ title: 'Manage Connections' });
      await take(what);
      await quickInput.hide();
    };
    await probe.updateSetting('developerSignIn.connections', []);
    await manage('manage-none');
    await probe.updateSetting('developerSignIn.connections', [one]);
    await manage('manage-one');
    const other = { ...one, name: 'Acme Europe', clientId: '0oaeurope000000000x7', redirectPorts: [3128] };
    await probe.updateSetting('developerSignIn.connections', [one, other]);
    await window.runCommand('SSO: Copy Redirect URIs');
    await quickInput.waitFor({ title: 'Copy Redirect URIs' });
    await take('redirect-uris');
    await quickInput.accept();
    await take('redirect-uris-copied');
    await probe.updateSetting('developerSignIn.connections', scene.connections);
  },

  links: async ({ window, probe, take, clear }) => {
    const { quickInput, dialogs, notifications } = window;
    await window.runCommand('SSO: Copy Connection Link');
    await quickInput.waitFor({ item: 'Sandbox Okta' });
    await take('which');
    await quickInput.pick('Sandbox Identity Center');
    await notifications.waitFor(/copied/);
    await take('copied');
    await notifications.press(/copied/, 'Copy as Web Link…');
    await quickInput.waitFor({ message: /hosts/ });
    await take('web-link');
    await quickInput.hide();
    await clear();
    await window.runCommand('SSO: Copy Connection Link');
    await quickInput.pick('Sandbox Okta');
    await notifications.waitFor(/Can’t create/);
    await take('not-copied');
    await clear();
    const { uriScheme } = await probe.environment();
    const open = (query: string) =>
      probe.openLink(`${String(uriScheme)}://developer-sign-in.developer-sign-in/connect?${query}`);
    await open(LINK);
    await dialogs.waitFor(/Add this connection/);
    await take('add');
    await dialogs.answer(/Add this connection/, 'Cancel');
    await open(`${LINK}&client_secret=x`);
    await notifications.waitFor(/Nothing was added/);
    await take('refused');
    await clear();
    await window.runCommand('SSO: Copy Diagnostics');
    await notifications.waitFor(/copied/);
    await take('diagnostics');
  },

  settings: async ({ window, probe, take }) => {
    const { page } = window;
    await probe.executeCommand('workbench.action.openSettings', ['@ext:developer-sign-in.developer-sign-in']);
    await page.locator('.settings-editor .setting-item').first().waitFor();
    await take('editor');
    await page.keyboard.press('Escape');
  },

  connectPage: async ({ scene, take }) => {
    const html = readFileSync(join(projectRoot, 'docs/connect/index.html'));
    const server = createServer((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const page = await scene.browser.context.newPage();
    try {
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      await page.goto(`${base}#${LINK}`);
      await take('whole', page);
      await page.goto('about:blank');
      await page.goto(`${base}#nothing`);
      await take('not-whole', page);
    } finally {
      await page.close();
      server.close();
    }
  },
};
