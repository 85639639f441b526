import { createHash } from 'node:crypto';
// Takes pictures of the sign-in methods and their errors in each theme:
// node test/tools/package.ts && node test/host/pictures/waysIn.ts [light|dark|highContrast]   ->
// dist/pictures/ways/<theme>-<what>.png
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { GUIDE_PORTS, GUIDE_SCOPES } from '../../sandbox/okta/settings.ts';
import { distFolder } from '../../tools/lib/paths.ts';
import {
  COMMANDS,
  CONNECTIONS,
  chooseInTrouble,
  signInAtOkta,
  startSignIn,
  typeCredentials,
} from '../asPerson.ts';
import { holdPorts } from '../foreignProgram.ts';
import { openScene, type Scene, type SceneOptions } from '../scene.ts';
import type { Workbench } from '../workbench.ts';
import { themes, type Theme } from './camera.ts';

const folder = join(distFolder, 'pictures/ways');
mkdirSync(folder, { recursive: true });
const uriOf = (port: number) => `http://localhost:${port}/oauth/callback`;
for (const theme of themes) {
  await inScene(theme, {}, takeAll);
  await inScene(theme, { hostName: 'code.example.com' }, takeElsewhere);
}
console.log(`Pictures: ${folder}`);

interface Camera {
  readonly scene: Scene;
  readonly window: Workbench;
  readonly take: (what: string, page?: Page) => Promise<void>;
  readonly set: (name: string, value: unknown) => Promise<void>;
}

async function inScene(
  theme: Theme,
  options: SceneOptions,
  act: (camera: Camera) => Promise<void>,
): Promise<void> {
  const scene = await openScene({
    ...options,
    browser: { theme, size: { width: 1100, height: 700 } },
    sandbox: { okta: { redirectUris: GUIDE_PORTS.slice(2).map(uriOf) } },
  });
  try {
    const window = await scene.openWindow('my-project');
    const probe = await window.probe();
    await act({
      scene,
      window,
      take: async (what, page = window.page) => {
        await page.waitForTimeout(700); // Wait for animations to finish.
        await page.screenshot({ path: join(folder, `${theme}-${what}.png`) });
      },
      set: (name, value) => probe.updateSetting(name, value),
    });
  } finally {
    await scene.close();
  }
}

async function takeAll(camera: Camera): Promise<void> {
  const { scene, window, take, set } = camera;
  const { quickInput, dialogs, notifications } = window;
  const { faults } = scene.sandbox;
  const clear = () => window.runCommand('Notifications: Clear All Notifications');
  const cancel = async () => {
    await window.page.waitForTimeout(600);
    await quickInput.pick('Cancel');
    await quickInput.waitUntilClosed();
  };
  const withoutBrowser = () => dialogs.answer(/open the external/, 'Cancel');

  // Okta: an unregistered port, twenty seconds without a response, pasting, the QR code.
  await startSignIn(window, 'okta');
  await withoutBrowser();
  await quickInput.waitFor({ item: /is not registered/ });
  await take('not-registered');
  await cancel();
  await set('developerSignIn.okta.redirectPorts', [2128, 4649]);
  await startSignIn(window, 'okta');
  await withoutBrowser();
  await quickInput.waitFor({ item: /is not registered/ });
  await take('none-registered');
  await cancel();
  await set('developerSignIn.okta.redirectPorts', GUIDE_PORTS.slice(2));
  await startSignIn(window, 'okta');
  await withoutBrowser();
  await quickInput.waitFor({ item: /error page/ });
  await take('silent-registered');
  await chooseInTrouble(window, 'Paste Callback URL…');
  await quickInput.waitFor({ message: /full URL/ });
  await take('paste');
  await quickInput.submit('https://example.com/');
  await quickInput.waitFor({ message: /isn’t a callback URL/ });
  await take('paste-no-callback');
  await quickInput.type(`${uriOf(6588)}?code=1&state=1`);
  await quickInput.accept();
  await quickInput.waitFor({ message: /another/ });
  await take('paste-another');
  await quickInput.pressButton(/^Back/);
  await quickInput.waitFor({ item: 'Try the Next Port' });
  await take('trouble');
  await cancel();
  faults.add({ at: 'okta.authorize', status: 503 });
  await startSignIn(window, 'okta');
  await withoutBrowser();
  await quickInput.waitFor({ item: /error page/ });
  await take('silent-unknown');
  await cancel();

  // Pages of the listener.
  await startSignIn(window, 'okta');
  const page = await dialogs.openExternal();
  const other = await scene.browser.context.newPage();
  await other.goto(`${uriOf(6588)}?code=1&state=1`);
  await take('page-another', other);
  await other.goto('http://localhost:6588/favicon.ico');
  await take('page-nothing', other);
  await other.close();
  await signInAtOkta(page);
  await take('page-signed-in', page);
  await page.close();
  await quickInput.waitUntilClosed();
  await scene.forgetPeople();

  // Errors from Okta.
  const refusals = [
    [
      'policy',
      {
        error: 'access_denied',
        error_description:
          'Policy evaluation failed for this request, please check the policy configurations.',
      },
    ],
    [
      'scope',
      {
        error: 'invalid_scope',
        error_description: 'One or more scopes are not configured for the authorization server resource.',
      },
    ],
    [
      'login-required',
      {
        error: 'login_required',
        error_description: 'The client specified not to prompt, but the user is not logged in.',
      },
    ],
    ['denied', { error: 'access_denied', error_description: 'User denied access.' }],
  ] as const;
  for (const [name, parameters] of refusals) {
    await startSignIn(window, 'okta');
    const refused = await dialogs.openExternal();
    const state = new URL(refused.url()).searchParams.get('state') ?? (await stateOf(window));
    const own = createHash('sha256').update(scene.sandbox.okta.issuer).digest('hex').slice(0, 16);
    await refused.goto(`${uriOf(6588)}/${own}?${new URLSearchParams({ ...parameters, state })}`);
    await refused.getByRole('heading', { name: /Sign-in failed/ }).waitFor();
    if (name === 'policy') await take('page-failed', refused);
    await refused.close();
    await notifications.waitFor(/./);
    await take(`error-${name}`);
    await clear();
  }

  // Without a port, network or metadata; fewer scopes than requested.
  {
    await using _ = await holdPorts(GUIDE_PORTS.map((port) => ['127.0.0.1', port] as const));
    await startSignIn(window, 'okta');
    await notifications.waitFor(/callback ports/);
    await take('error-ports');
    await clear();
  }
  faults.add({ at: 'okta.metadata', times: Infinity, drop: 'before' });
  await startSignIn(window, 'okta');
  await notifications.waitFor(/couldn’t be reached/);
  await take('error-network');
  await clear();
  faults.clear();
  scene.sandbox.okta.patchMetadata((document) => ({
    ...document,
    token_endpoint: 'https://elsewhere.example/token',
  }));
  await startSignIn(window, 'okta');
  await notifications.waitFor(/another host/);
  await take('error-foreign-endpoint');
  await clear();
  scene.sandbox.okta.patchMetadata((document) => document);
  faults.add({
    at: 'okta.token:authorization_code',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      access_token: 'opaque',
      token_type: 'Bearer',
      expires_in: 3600,
      scope: GUIDE_SCOPES[0],
    }),
  });
  await startSignIn(window, 'okta');
  const less = await dialogs.openExternal();
  await signInAtOkta(less);
  await less.close();
  await notifications.waitFor(/refresh token/);
  await take('less-than-asked');
  await clear();
  await scene.forgetPeople();

  // Identity Center: connecting, the code, its expiry, the other flow, the Region.
  faults.add({ at: 'identityCenter.startDeviceAuthorization', delayMs: 1500 });
  await startSignIn(window, 'identityCenter');
  await quickInput.waitFor({ placeholder: /^Contacting/ });
  await take('contacting');
  await quickInput.waitFor({ item: 'Copy Code and Proceed' });
  await take('code');
  await window.page.waitForTimeout(600);
  await chooseInTrouble(window, 'Show QR Code');
  await window.page.locator('.tab', { hasText: 'QR code' }).waitFor();
  await take('qr-code');
  await window.page.locator('.tab', { hasText: 'QR code' }).locator('.tab-actions .action-label').click();
  await quickInput.waitFor({ item: 'Copy Code and Proceed' });
  faults.add({
    at: 'identityCenter.createToken:device_code',
    status: 400,
    headers: { 'x-amzn-errortype': 'ExpiredTokenException' },
    body: '{"error":"expired_token"}',
  });
  await quickInput.waitFor({ item: 'Get a New Code' });
  await take('code-expired');
  await window.page.waitForTimeout(600);
  await quickInput.accept();
  await quickInput.waitFor({ item: 'Copy Code and Proceed' });
  await window.page.waitForTimeout(600);
  await chooseInTrouble(window, 'Sign In Without a Code');
  await withoutBrowser();
  await quickInput.waitFor({ item: /error page/ });
  await take('silent-identity-center');
  await cancel();

  await startSignIn(window, 'identityCenter');
  await quickInput.waitFor({ item: 'Copy Code and Proceed' });
  await quickInput.accept();
  const denying = await dialogs.openExternal();
  await denying.getByRole('button', { name: 'Confirm and continue' }).click();
  await typeCredentials(denying);
  await denying.getByRole('button', { name: 'Deny' }).click();
  await denying.close();
  await quickInput.waitUntilClosed();
  await take('code-denied');

  const { startUrl } = scene.sandbox.identityCenter;
  const connection = { type: 'identityCenter', name: CONNECTIONS.identityCenter, startUrl };
  await set('developerSignIn.connections', [{ ...connection, region: 'us-east-1' }]);
  await startSignIn(window, 'identityCenter');
  await notifications.waitFor(/find this start URL/);
  await take('region-wrong');
  await notifications.press(/find this start URL/, 'Detect Region');
  await dialogs.waitFor(/Detect the AWS Region/);
  await take('region-ask');
  faults.add({ at: 'identityCenter.registerClient', times: 4, delayMs: 4000 });
  await dialogs.answer(/Detect the AWS Region/, 'Detect Region');
  await notifications.waitFor(/Detecting the AWS Region/);
  await take('region-looking');
  await quickInput.waitFor({ item: 'Copy Code and Proceed' });
  await take('region-found');
  await cancel();
  await set('developerSignIn.connections', []);
  await window.runCommand(COMMANDS.identityCenter);
  await quickInput.submit('https://d-0000000000.awsapps.com/start');
  await quickInput.pick('Detect Region Automatically');
  await dialogs.waitFor(/wasn’t found in any Region/);
  await take('region-none');
  await dialogs.answer(/wasn’t found in any Region/, 'OK');
  await quickInput.waitFor({ placeholder: /AWS Region/ });
  await quickInput.hide();
}

/** A browser that cannot reach the editor. */
async function takeElsewhere({ scene, window, take, set }: Camera): Promise<void> {
  const { quickInput, dialogs } = window;
  scene.sandbox.okta.patchMetadata((document) => {
    const { device_authorization_endpoint: _left, ...others } = document;
    return others;
  });
  await set('developerSignIn.okta.redirectPorts', GUIDE_PORTS.slice(2));
  await startSignIn(window, 'okta');
  await quickInput.waitFor({ item: 'Open Browser' });
  await take('elsewhere-before');
  await quickInput.accept();
  await dialogs.answer(/open the external/, 'Cancel');
  await quickInput.waitFor({ placeholder: /address/ });
  await take('elsewhere-paste');
  await window.page.waitForTimeout(600);
  await quickInput.pick('Cancel');
  await quickInput.waitUntilClosed();
  const { startUrl, region } = scene.sandbox.identityCenter;
  await set('developerSignIn.connections', [
    { type: 'identityCenter', name: CONNECTIONS.identityCenter, startUrl, region, flow: 'authorizationCode' },
  ]);
  await startSignIn(window, 'identityCenter');
  await quickInput.waitFor({ item: 'Copy Code and Proceed' });
  await take('elsewhere-code');
}

/** The `state` parameter of the link. */
async function stateOf(window: Workbench): Promise<string> {
  await window.quickInput.pick('Copy Link');
  await window.page.waitForTimeout(300);
  return new URL(await window.clipboard()).searchParams.get('state') ?? '';
}
