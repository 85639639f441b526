import { finishSignIn, startSignIn, statusShows } from '../asPerson.ts';
import { EXTENSION_ID } from '../scene.ts';
import type { Chapter } from './recoveryChapter.ts';

const headers = {
  'x-amzn-errortype': 'InvalidRequestException',
  'x-amzn-requestid': 'f3b2c1d0-0000-4000-8000-000000000000',
};
const refusals = {
  key: {
    error: 'invalid_request',
    reason: 'KMS_DisabledException',
    error_description: 'The key is disabled.',
  },
  'key-access': {
    error: 'access_denied',
    reason: 'KMS_AccessDeniedException',
    error_description: 'No access.',
  },
} as const;

/** Obstacles to a sign-in at IAM Identity Center. */
export const identityCenterChapters: Readonly<Record<string, Chapter>> = {
  refused: async ({ scene, window, take, clear }) => {
    await statusShows(window, /: Sign In$/);
    for (const [name, body] of Object.entries(refusals)) {
      const at = 'identityCenter.startDeviceAuthorization';
      scene.sandbox.faults.add({ at, status: 400, body: JSON.stringify(body), headers });
      await startSignIn(window, 'identityCenter');
      await window.notifications.waitFor(/./);
      await take(`error-${name}`);
      await clear();
    }
  },

  proxy: async ({ scene, window, take, clear }) => {
    const body = '<html><title>Sign in to the Wi-Fi</title></html>';
    const page = { status: 200, body, headers: { 'content-type': 'text/html' } };
    scene.sandbox.faults.add({ at: 'identityCenter.startDeviceAuthorization', ...page });
    await startSignIn(window, 'identityCenter');
    await window.notifications.waitFor(/./);
    await take('error-proxy');
    await clear();
    scene.sandbox.faults.add({ at: 'okta.metadata', ...page });
    await startSignIn(window, 'okta');
    await window.notifications.waitFor(/./);
    await take('error-okta-proxy');
  },

  wrongStartUrl: async ({ scene, window, probe, take }) => {
    const { startUrl, region } = scene.sandbox.identityCenter;
    const wrong = startUrl.replace(/d-\w+/, 'd-0000000000');
    const connection = { type: 'identityCenter', name: 'Acme', startUrl: wrong, region };
    await probe.updateSetting('developerSignIn.connections', [connection]);
    await window.runCommand('SSO: Sign In with AWS IAM Identity Center');
    await window.notifications.waitFor(/start URL/);
    await take('error-start-url');
    await window.notifications.press(/start URL/, 'Edit Start URL…');
    await window.quickInput.waitFor({ message: /start URL/ });
    await take('edit-start-url');
    await window.quickInput.submit(startUrl);
    await window.quickInput.waitFor({ placeholder: /AWS Region/ });
    await take('edit-start-url-region');
    await window.quickInput.type(region);
    await window.quickInput.accept();
    await finishSignIn(window, 'identityCenter');
    await take('start-url-edited');
  },

  people: async ({ scene, window, take }) => {
    const { quickInput } = window;
    await window.runCommand('SSO: Sign In with AWS IAM Identity Center');
    await quickInput.waitFor({ item: 'Keep Both' });
    await take('replace-or-keep');
    await quickInput.pick('Keep Both');
    await quickInput.waitFor({ message: /Name this account/ });
    await take('name-account');
    await quickInput.submit('Admin');
    await finishSignIn(window, 'identityCenter');
    await statusShows(window, /^2 /);
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /Admin/ });
    await take('two-people');
    await quickInput.hide();
    await scene.forgetPeople();
    await window.page.locator('.activitybar .action-item[aria-label^="Accounts"]').click();
    await take('two-people-accounts');
    await window.page.keyboard.press('Escape');
  },

  wider: async ({ window, probe, take }) => {
    const providerId = 'iam-identity-center';
    const scopes = ['sso:account:access'];
    const asked = probe
      .getSession({ providerId, scopes, options: { createIfNone: true } })
      .catch(() => undefined);
    await window.dialogs.allowSignIn();
    await window.dialogs.waitFor(/different permissions/);
    await take('question-wider');
    await window.dialogs.answer(/different permissions/, 'Sign In');
    await window.quickInput.waitFor({ item: /./ });
    await take('wider');
    await window.quickInput.hide();
    await asked;
  },
};
