import { afterEach, beforeAll, expect, it } from 'vitest';

import {
  ACCOUNTS,
  activateAtOkta,
  COMMANDS,
  CONNECTIONS,
  finishSignIn,
  signInWithoutWayBack,
  signOut,
  startSignIn,
  statusShows,
} from './asPerson.ts';
import { standingOf } from './oneLine.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

// As in Codespaces: the extension and the browser run on different machines.
const scene = shareScene({
  hostName: 'code.example.com',
  host: { isLean: true },
  browser: { size: { width: 900, height: 700 } },
  sandbox: { okta: { deviceIntervalSeconds: 1 }, openIdConnect: {} },
});
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

afterEach(async () => {
  scene().sandbox.okta.patchMetadata((document) => document);
  await scene().forgetPeople();
});

it('detects that it is served from another machine', async () => {
  const { remoteName } = await (await window.probe()).environment();
  expect(remoteName).toMatch(/^code\.example\.com:\d+$/);
});

it('starts with a device code at Okta', async () => {
  await startSignIn(window, 'okta');
  await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
  await window.quickInput.untilItTakesChoices();
  await window.quickInput.pick('Trouble signing in?');
  const { items } = await window.quickInput.waitFor({ item: 'Sign In Without a Code' });
  // V4: the browser cannot reach this machine, and the text does not claim that it can.
  expect(items.find(({ label }) => label === 'Sign In Without a Code')?.description).toBe(
    'You paste the URL from your browser’s address bar',
  );
  await window.quickInput.pressButton(/^Back/);
  await expectCodeInOneLine();
  await window.quickInput.untilItTakesChoices();
  await window.quickInput.pick('Copy Code and Proceed'); // Back has selected the row that it came from.
  const page = await window.dialogs.openExternal();
  await window.page.bringToFront();
  await expectCodeInOneLine('Open Browser Again');
  await activateAtOkta(page);
  await page.close();
  await signedInAndOut(ACCOUNTS.okta);
});

it.each([COMMANDS.builderId, COMMANDS.oidc])('shows the code of %s on one line', async (command) => {
  await window.runCommand(command);
  await expectCodeInOneLine();
  await window.page.waitForTimeout(600); // A list that has just changed ignores input.
  await window.quickInput.pick('Cancel');
  await window.quickInput.waitUntilClosed();
});

it('says before it starts, if device codes are off, that the final URL must be pasted', async () => {
  const { quickInput, page: screen } = window;
  scene().sandbox.okta.patchMetadata((document) => {
    const { device_authorization_endpoint: _left, ...others } = document;
    return others;
  });
  await startSignIn(window, 'okta');
  const before = await quickInput.waitFor({ item: 'Open Browser' });
  expect(before.placeholder).toMatch(/^Your browser can’t redirect to this editor/);
  expect(before.items[0]?.detail).toMatch(/won’t load\. Copy its URL and paste it here/);
  expect(await window.dialogs.state()).toBeUndefined();

  await quickInput.accept();
  const page = await window.dialogs.openExternal();
  const address = await signInWithoutWayBack(page);
  await page.close();
  await screen.bringToFront();
  expect((await quickInput.waitFor({ placeholder: /address bar/ })).active).toBe('Paste Callback URL…');
  await quickInput.accept();
  await quickInput.waitFor({ message: /full URL/ });
  await quickInput.type(address);
  await quickInput.accept();
  await signedInAndOut(ACCOUNTS.okta);
});

it('explains at Identity Center why it uses a code when a loopback redirect was configured', async () => {
  const { startUrl, region } = scene().sandbox.identityCenter;
  await (
    await window.probe()
  ).updateSetting('developerSignIn.connections', [
    {
      type: 'identityCenter',
      name: CONNECTIONS.identityCenter,
      startUrl,
      region,
      flow: 'authorizationCode',
    },
  ]);
  await startSignIn(window, 'identityCenter');
  const { items, active } = await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
  expect(items[0]?.label).toMatch(/^Uses a code, because your browser can’t redirect/);
  expect(active).toBe('Copy Code and Proceed');
  await expectCodeInOneLine();
  await finishSignIn(window, 'identityCenter');
  await signedInAndOut(ACCOUNTS.identityCenter);
});

/** The code in the title, and next to the row that copies it while it is visible. */
async function expectCodeInOneLine(item = 'Copy Code and Proceed'): Promise<void> {
  const { title } = await window.quickInput.waitFor({ item });
  expect(title).toMatch(/^[A-Z]{4}-?[A-Z]{4}$/);
  const isOffered = item === 'Copy Code and Proceed';
  expect(await standingOf(window.page, title)).toEqual(
    Array.from({ length: isOffered ? 2 : 1 }, () => ({ text: title, lines: 1, isCut: false })),
  );
}

async function signedInAndOut(label: string): Promise<void> {
  await window.quickInput.waitUntilClosed();
  await statusShows(window, new RegExp(`^${label}$`));
  await signOut(window);
  await statusShows(window, /: Sign In$/);
}
