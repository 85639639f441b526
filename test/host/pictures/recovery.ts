// What a person sees when a sign-in goes wrong, or asks first:   node test/tools/package.ts && node test/host/pictures/recovery.ts [theme]
import { finishSignIn, signIn, startSignIn, statusShows, typeCredentials } from '../asPerson.ts';
import { EXTENSION_ID, openScene } from '../scene.ts';
import { cameraFor, pictureSize, themes, type Theme } from './camera.ts';

const JSON_ERRORS = {
  key: {
    at: 'identityCenter.startDeviceAuthorization',
    body: {
      error: 'invalid_request',
      reason: 'KMS_DisabledException',
      error_description: 'The KMS key is disabled.',
    },
  },
} as const;
const OKTA_ERRORS = {
  dpop: { error: 'invalid_dpop_proof', error_description: 'The DPoP proof JWT header is missing.' },
  code: { error: 'invalid_grant', error_description: 'The authorization code is invalid or has expired.' },
  idToken: {
    error: 'access_denied',
    error_description: 'Der Benutzer ist der Clientanwendung nicht zugewiesen.',
  },
} as const;

async function takeRecoveryPictures(theme: Theme): Promise<void> {
  const scene = await openScene({
    browser: { theme, size: pictureSize },
    sandbox: { okta: { ownRedirectUris: false } },
  });
  try {
    const camera = cameraFor(theme);
    const window = await scene.openWindow('my-project');
    const { quickInput, dialogs, notifications, page } = window;
    const take = (what: string) => camera(`recovery-${what}`, page);
    const probe = await window.probe();
    const clear = async () => {
      await page.keyboard.press('Escape');
      await window.runCommand('Notifications: Clear All Notifications');
    };
    const { issuer, clientId } = scene.sandbox.okta;

    await statusShows(window, /^Sign in$/);
    const called = probe
      .executeCommand('developerSignIn.signInOkta', [{ issuer, clientId, scopes: ['okta.users.manage'] }])
      .catch(() => undefined);
    await dialogs.waitFor(/other permissions/);
    await take('question-beyond');
    await dialogs.answer(/other permissions/, 'Cancel');
    await called;

    await startSignIn(window, 'okta');
    await dialogs.waitFor(/./);
    await take('question-issuer');
    await dialogs.answer(/./, 'Cancel');

    for (const [name, { at, body }] of Object.entries(JSON_ERRORS)) {
      scene.sandbox.faults.add({
        at,
        status: 400,
        body: JSON.stringify(body),
        headers: {
          'x-amzn-errortype': 'InvalidRequestException',
          'x-amzn-requestid': 'f3b2c1d0-0000-4000-8000-000000000000',
        },
      });
      await startSignIn(window, 'identityCenter');
      await notifications.waitFor(/./);
      await take(`error-${name}`);
      await clear();
    }
    scene.sandbox.faults.add({
      at: 'identityCenter.startDeviceAuthorization',
      status: 200,
      body: '<html><title>Sign in to the Wi-Fi</title></html>',
      headers: { 'content-type': 'text/html' },
    });
    await startSignIn(window, 'identityCenter');
    await notifications.waitFor(/./);
    await take('error-proxy');
    await clear();

    await signIn(window, 'identityCenter');
    await scene.forgetPeople();
    await startSignIn(window, 'identityCenter');
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

    const wider = probe
      .getSession({
        providerId: 'iam-identity-center',
        scopes: ['sso:account:access'],
        options: { createIfNone: true },
      })
      .catch(() => undefined);
    await dialogs.allowSignIn();
    await dialogs.waitFor(/other permissions/);
    await take('question-wider');
    await dialogs.answer(/other permissions/, 'Cancel');
    await wider;
    await clear();

    for (const [name, body] of Object.entries(OKTA_ERRORS)) {
      await scene.forgetPeople();
      scene.sandbox.faults.add({ at: 'okta.token', status: 400, body: JSON.stringify(body) });
      await startSignIn(window, 'okta');
      if (name === 'dpop') await dialogs.answer(/Do you trust/, 'Trust and Continue');
      const browserPage = await dialogs.openExternal();
      await typeCredentials(browserPage);
      await browserPage.getByRole('heading').first().waitFor();
      await browserPage.close();
      await page.bringToFront();
      await notifications.waitFor(/./);
      await take(`error-okta-${name}`);
      await clear();
    }
  } finally {
    await scene.close();
  }
}

for (const theme of themes) await takeRecoveryPictures(theme);
