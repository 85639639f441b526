import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { allowAtIdentityCenter, COMMANDS, finishSignIn, signIn } from '../asPerson.ts';
import { EXTENSION_ID } from '../scene.ts';
import type { Chapter, Stage } from './recoveryChapter.ts';

/** Access for other tools: the AWS CLI and the terminal, signed in to both accounts. */
export const screensOfTools: Readonly<Record<string, Chapter>> = {
  awsCli: async (stage) => {
    const { window, take } = stage;
    const { dialogs } = window;
    await signInToBoth(stage);
    await window.runCommand('SSO: Share with the AWS CLI');
    await dialogs.waitFor(/./);
    await take('question');
    await dialogs.answer(/./, 'Share Without Account Access');
    await dialogs.waitFor(/^Add this section/);
    await take('section');
    await dialogs.answer(/^Add this section/, 'Cancel');
    await window.page
      .getByText(/Shared as /)
      .first()
      .waitFor();
    await take('shared');
    await window.runCommand('SSO: Share with the AWS CLI');
    await dialogs.waitFor(/^Stop sharing/);
    await take('stop');
    await dialogs.answer(/^Stop sharing/, 'Stop Sharing');
    await window.runCommand('Notifications: Clear All Notifications');
  },

  terminal: async (stage) => {
    const { window, take } = stage;
    const { quickInput, dialogs, notifications } = window;
    await signInToBoth(stage);
    await window.runCommand(COMMANDS.useInTerminal);
    await quickInput.waitFor({ item: /ana@/ });
    await take('which');
    await quickInput.pick(/ana@/);
    await dialogs.waitFor(/^Let programs in the terminal use/);
    await take('question');
    await dialogs.answer(/^Let programs in the terminal use/, 'Allow');
    await notifications.waitFor(/In new terminals/);
    await take('allowed');
    await window.runCommand('Notifications: Clear All Notifications');
    await window.runCommand(COMMANDS.useInTerminal);
    await quickInput.pick(/Sandbox Identity Center/);
    await dialogs.answer(/^Let programs in the terminal use/, 'Allow');
    await notifications.waitFor(/In new terminals/);
    await take('allowed-second');
    await window.runCommand('Notifications: Clear All Notifications');
    const before = await openTerminalFor(stage);
    await before('clear; sso-token --list; sso-token Nowhere');
    await take('printed');
    await before('clear; sso-token --scope admin; sso-token --jsno; sso-token a b');
    await take('refused');
    await before('clear; sso-token --help');
    await take('help');
    await before('clear; sso-token --scope admin --sign-in');
    await dialogs.waitFor(/with more permissions\?/);
    await take('sign-in');
    await dialogs.answer(/with more permissions\?/, 'Cancel');
    await window.runCommand(COMMANDS.useInTerminal);
    await quickInput.waitFor({ item: /ana@/ });
    await take('which-now');
    await quickInput.pick(/Sandbox Identity Center/);
    await dialogs.waitFor(/^Programs in the terminal can already/);
    await take('stop-or-prefer');
    await dialogs.answer(/^Programs in the terminal can already/, 'Stop');
    await window.runCommand(COMMANDS.useInTerminal);
    await quickInput.pick(/ana@/);
    await dialogs.waitFor(/^Programs in the terminal can already/);
    await take('stop');
    await dialogs.answer(/^Programs in the terminal can already/, 'Stop');
    await before('sso-token');
    await take('printed-at-the-end');
    await window.runCommand('Terminal: Kill All Terminals');
  },

  awsAccount: async (stage) => {
    const { scene, window, probe, take } = stage;
    const { quickInput, dialogs, notifications, page } = window;
    await signInToBoth(stage);
    await scene.forgetPeople();
    await window.runCommand('SSO: Use an AWS Account…');
    await dialogs.waitFor(/with more permissions\?/);
    await take('more-permissions');
    await dialogs.answer(/with more permissions\?/, 'Sign In');
    await finishSignIn(window, 'identityCenter');
    await page.bringToFront();
    await dialogs.waitFor(/^Let programs in the terminal use/);
    await take('question');
    await dialogs.answer(/^Let programs in the terminal use/, 'Allow');
    await quickInput.waitFor({ item: 'Development' });
    await take('accounts');
    await quickInput.pick('Development');
    await quickInput.waitFor({ item: 'ReadOnly' });
    await take('roles');
    await quickInput.untilItTakesChoices();
    await quickInput.pick('ReadOnly');
    await dialogs.waitFor(/^Add this profile/);
    await take('add');
    await dialogs.answer(/^Add this profile/, 'Add');
    await notifications.waitFor(/New terminals use the AWS profile/);
    await take('added');
    await window.runCommand('Notifications: Clear All Notifications');
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.pick(/Sandbox Identity Center/);
    await quickInput.waitFor({ item: 'Sign Out' });
    await take('status');
    await quickInput.hide();
    const folder = join(scene.host.folders.home, '.aws');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config'), OWN_PROFILE);
    await window.runCommand('SSO: Use an AWS Account…');
    await quickInput.pick('Development');
    await quickInput.waitFor({ item: 'ReadOnly' });
    await quickInput.untilItTakesChoices();
    await quickInput.pick('ReadOnly');
    await dialogs.waitFor(/^Replace the profile/);
    await take('replace');
    await dialogs.answer(/^Replace the profile/, 'Replace');
    await notifications.waitFor(/New terminals use the AWS profile/);
    await window.runCommand('Notifications: Clear All Notifications');
    await probe.openLink(pathToFileURL(join(folder, 'config')).href);
    await page.locator('.tab', { hasText: 'config' }).waitFor();
    await take('replaced');
    await window.runCommand('View: Close All Editors');
    // AWS rejects the token, and the session is over: the message offers to sign in again.
    scene.sandbox.faults.add(
      { at: 'identityCenter.portal.assignment.accounts', times: Infinity, status: 401, body: '{}' },
      {
        at: 'identityCenter.createToken:refresh_token',
        times: Infinity,
        status: 400,
        headers: { 'x-amzn-errortype': 'InvalidGrantException' },
        body: '{"error":"invalid_grant"}',
      },
    );
    await window.runCommand('SSO: Use an AWS Account…');
    await notifications.waitFor(/Sign in again/);
    await take('sign-in-again');
    scene.sandbox.faults.clear();
    await scene.forgetPeople();
    await notifications.press(/Sign in again/, 'Sign In Again');
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await quickInput.accept();
    const browser = await dialogs.openExternal();
    await allowAtIdentityCenter(browser);
    await browser.close();
    await page.bringToFront();
    await quickInput.waitFor({ item: 'Development' }); // The command goes on.
    await take('signed-in-again');
    await quickInput.hide();
  },

  taskToken: async (stage) => {
    const { window, probe, take } = stage;
    const { quickInput, dialogs } = window;
    await signInToBoth(stage);
    const asked = probe.executeCommand('developerSignIn.token').catch(() => undefined);
    await quickInput.waitFor({ item: /ana@/ });
    await take('which');
    await quickInput.pick(/ana@/);
    await dialogs.waitFor(/^Let .+ use /);
    await take('question');
    await dialogs.answer(/^Let .+ use /, 'Cancel');
    await asked;
  },
};

/** A user's existing profile for the same role, with custom settings. */
const OWN_PROFILE = `[default]
region = us-east-1

[profile development-readonly]
region = eu-west-1
output = json
# Mine
s3 =
  max_concurrent_requests = 20
sso_session = old
sso_account_id = 111122223333
sso_role_name = ReadOnly

[profile other]
region = us-west-2
`;

/** Also for a chapter that runs alone. */
async function signInToBoth({ window, probe }: Stage): Promise<void> {
  for (const [provider, kind] of [
    ['okta', 'okta'],
    ['iam-identity-center', 'identityCenter'],
  ] as const)
    if ((await probe.getAccounts(provider)).length === 0) await signIn(window, kind);
}

/** A terminal to type in; its output is complete when the prompt returns. */
async function openTerminalFor({ window }: Stage) {
  await window.runCommand('Terminal: Create New Terminal');
  const screen = window.page.locator('.terminal-wrapper.active .xterm-screen').first();
  await screen.waitFor();
  return async (command: string): Promise<void> => {
    await screen.click();
    await window.page.keyboard.type(command);
    await window.page.keyboard.press('Enter');
    await window.page.waitForTimeout(3000);
  };
}
