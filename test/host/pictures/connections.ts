// Connections, links, the AWS CLI's question, rules and diagnostics, in each theme, as pictures to look at:
//
//   node test/tools/package.ts && node test/host/pictures/connections.ts [light|dark|highContrast]
//       -> dist/pictures/<theme>-connections-<what>.png
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { COMMANDS, signIn, statusShows } from '../asPerson.ts';
import { openScene } from '../scene.ts';
import { cameraFor, pictureSize, themes, type Theme } from './camera.ts';

const POLICY = '/etc/developer-sign-in/policy.json';
const MANAGE = 'SSO: Manage Connections';
const OTHER_START_URL = 'https://d-90676a1b2c.awsapps.com/start';
const LINK = 'type=okta&name=Wiki%20company&issuer=https://example.okta.com/oauth2/aus1&clientId=0oaWiki';

for (const theme of themes) await takeAll(theme);

async function takeAll(theme: Theme): Promise<void> {
  const scene = await openScene({ browser: { theme, size: pictureSize } });
  try {
    const camera = cameraFor(theme);
    const window = await scene.openWindow('my-project');
    const { quickInput, dialogs, notifications, page } = window;
    const probe = await window.probe();
    const take = (what: string) => camera(`connections-${what}`, page);
    const clear = async () => {
      await page.bringToFront();
      await quickInput.hide();
      await probe.executeCommand('notifications.clearAll');
    };

    const config = join(scene.host.folders.home, '.aws', 'config');
    mkdirSync(dirname(config), { recursive: true });
    writeFileSync(
      config,
      `[sso-session work]\nsso_start_url = ${OTHER_START_URL}/#/\nsso_region = eu-central-1\n` +
        `[sso-session broken]\nsso_start_url = ${OTHER_START_URL}\n`,
    );
    await signIn(window, 'identityCenter');
    await clear();

    await window.runCommand(MANAGE);
    await quickInput.waitFor({ item: 'work' });
    await take('manage');
    await quickInput.pick('Add a connection to Okta');
    await quickInput.waitFor({ message: /issuer/ });
    await take('add');
    await quickInput.type('https://exmple.invalid/oauth2/default');
    await quickInput.accept();
    await quickInput.waitFor({ message: /could not be reached/ });
    await take('add-unreachable');
    await quickInput.hide();
    await window.runCommand(MANAGE);
    await quickInput.pick('Sandbox Okta');
    await quickInput.waitFor({ title: 'Connection “Sandbox Okta”' });
    await take('edit');
    await quickInput.pick('Callback ports');
    await quickInput.waitFor({ message: /redirect URIs/ });
    await quickInput.type('3128, 70000');
    await quickInput.accept();
    await quickInput.waitFor({ message: /1 to 65535/ });
    await take('ports-refused');
    await quickInput.hide();
    await window.runCommand(MANAGE);
    await quickInput.pick('Sandbox Identity Center');
    await quickInput.pick('Remove');
    await dialogs.waitFor(/Remove the connection/);
    await take('remove');
    await dialogs.answer(/Remove the connection/, 'Cancel');
    await clear();

    const { uriScheme } = await probe.environment();
    const open = (query: string) =>
      probe.openLink(`${String(uriScheme)}://developer-sign-in.developer-sign-in/connect?${query}`);
    await open(LINK);
    await dialogs.waitFor(/Add this connection/);
    await take('link');
    await dialogs.answer(/Add this connection/, 'Cancel');
    await open(`${LINK}&client_secret=x`);
    await notifications.waitFor(/Nothing was added/);
    await take('link-refused');
    await clear();

    await window.runCommand('SSO: Share with the AWS CLI');
    await dialogs.waitFor(/^Share this sign-in/);
    await take('aws-cli');
    await dialogs.answer(/^Share this sign-in/, 'Cancel');
    await clear();

    await window.runCommand('SSO: Copy Diagnostics');
    await notifications.waitFor(/lines/);
    await take('diagnostics');
    await clear();

    const center = { type: 'identityCenter', name: 'A', startUrl: 'http://a.awsapps.com', region: 'Europe' };
    await probe.updateSetting('developerSignIn.connections', [
      center,
      ...(scene.connections as readonly unknown[]),
    ]);
    await window.runCommand(MANAGE);
    await quickInput.waitFor({ item: /Entry 1 of the setting/ });
    await take('entry-broken');
    await quickInput.pick('Open settings.json');
    await page.waitForTimeout(4000); // The editor reads the settings and their schema.
    await take('settings');
    await probe.executeCommand('workbench.action.closeAllEditors');
    await probe.updateSetting('developerSignIn.connections', scene.connections);

    mkdirSync(dirname(POLICY), { recursive: true });
    writeFileSync(POLICY, JSON.stringify({ allowedIssuers: ['https://example.okta.com'] }));
    await window.runCommand(COMMANDS.okta);
    await quickInput.waitFor({ item: /Not allowed by your organization/ });
    await take('rules-choice');
    await quickInput.pick(/Not allowed/);
    await notifications.waitFor(/doesn’t allow/);
    await take('rules-refused');
    await clear();
    await window.runCommand(COMMANDS.showStatus);
    await quickInput.waitFor({ item: 'Organization policy' });
    await take('rules-status');
    await quickInput.hide();
    writeFileSync(POLICY, '{ "allowedIssuers": "https://example.okta.com" }');
    await window.reload();
    await statusShows(window, /./);
    await notifications.waitFor(/is invalid/);
    await take('rules-broken');
  } finally {
    rmSync(POLICY, { force: true });
    await scene.close();
  }
}
