import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, it } from 'vitest';

import { COMMANDS, CONNECTIONS, codeIn, listConnections, startSignIn, statusShows } from './asPerson.ts';
import { heldPorts } from './callbackPorts.ts';
import { eventually } from './eventually.ts';
import { EXTENSION_ID, shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

/** The row for a connection that is not listed. */
const differentPlace = { identityCenter: 'Use a Different Start URL…', okta: 'Use a Different Issuer…' };

const scene = shareScene({ host: { isLean: true } });
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

describe.each(['identityCenter', 'okta'] as const)('canceling %s', (kind) => {
  it('while choosing the connection', async () => {
    await listConnections(window, kind);
    const { items } = (await window.quickInput.state()) ?? { items: [] };
    expect(items.at(-1)?.label).toBe(differentPlace[kind]);
    await window.quickInput.hide();
    await expectNothing();
  });
});

describe('canceling IAM Identity Center', () => {
  it('while requesting a code', async () => {
    scene().sandbox.faults.add({ at: 'identityCenter.startDeviceAuthorization', delayMs: 1500 });
    await startSignIn(window, 'identityCenter');
    await window.quickInput.waitFor({ placeholder: /^Contacting/ });
    await window.quickInput.untilItTakesChoices();
    await window.quickInput.pick('Cancel');
    await window.quickInput.waitUntilClosed({ timeoutMs: 1000 });
    await expectNoPolls();
    await expectNothing();
  });

  it('while waiting for a browser that was not opened', async () => {
    await startSignIn(window, 'identityCenter');
    await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await window.quickInput.accept();
    await window.dialogs.answer(/open the external website/, 'Cancel');
    await window.quickInput.waitFor({ item: 'Open Browser Again' });
    await window.quickInput.untilItTakesChoices();
    await window.quickInput.untilItTakesChoices();
    await window.quickInput.pick('Cancel');
    await expectNoPolls();
    await expectNothing();
  });

  it('after Escape, from the list that the status bar reopened', async () => {
    await startSignIn(window, 'identityCenter');
    const { title } = await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
    const code = codeIn(title) ?? 'no code';
    await window.quickInput.accept();
    await (await window.dialogs.openExternal()).close();
    await window.quickInput.waitFor({ item: 'Open Browser Again' });
    await window.page.bringToFront();
    await window.quickInput.hide();
    await window.quickInput.waitUntilClosed();
    await window.page.getByText('Sign-in continues in the background').waitFor();
    const item = await statusShows(window, /^Signing in/);
    expect(item.spins).toBe(true);
    await window.statusBar.click(EXTENSION_ID);
    await window.quickInput.pick(`Signing in to ${CONNECTIONS.identityCenter}…`);
    await window.quickInput.waitFor({ title: new RegExp(code), item: 'Open Browser Again' });
    await window.quickInput.hide();
    await window.quickInput.waitUntilClosed();
    await window.runCommand(COMMANDS.showStatus);
    await window.quickInput.waitFor({ item: `Signing in to ${CONNECTIONS.identityCenter}…` });
    await window.quickInput.pressButton('Cancel', `Signing in to ${CONNECTIONS.identityCenter}…`);
    await eventually('the row to go', async () =>
      (await window.quickInput.state())?.items.some(({ label }) => label.startsWith('Signing in'))
        ? undefined
        : true,
    );
    await window.quickInput.hide();
    await expectNothing();
  });
});

describe('canceling Okta', () => {
  it('while discovery runs', async () => {
    await another('okta');
    scene().sandbox.requestLog.clear();
    scene().sandbox.faults.add({ at: 'okta.metadata', delayMs: 1500 });
    await window.quickInput.type(`${scene().sandbox.okta.issuer}/`);
    await window.quickInput.accept();
    await eventually('the request', () =>
      scene().sandbox.requestLog.count('okta.metadata') > 0 ? true : undefined,
    );
    await window.quickInput.hide();
    await sleep(1500);
    await expectNothing();
  });

  it('while waiting for the browser', async () => {
    await startSignIn(window, 'okta');
    const page = await window.dialogs.openExternal();
    await window.quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    expect(await heldPorts()).toEqual(['127.0.0.1:2128', '::1:2128']);
    await window.quickInput.untilItTakesChoices();
    await window.quickInput.pick('Cancel');
    await page.close();
    await expectNothing();
  });

  it('after Escape, from the list that the status bar reopened', async () => {
    await startSignIn(window, 'okta');
    await (await window.dialogs.openExternal()).close();
    await window.quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    await window.quickInput.hide();
    await window.quickInput.waitUntilClosed();
    const item = await statusShows(window, /^Signing in/);
    expect(item.spins).toBe(true);
    await window.statusBar.click(EXTENSION_ID);
    await window.quickInput.pick(`Signing in to ${CONNECTIONS.okta}…`);
    await window.quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    await window.quickInput.untilItTakesChoices();
    await window.quickInput.pick('Cancel');
    await expectNothing();
  });
});

/** To the first question for a connection that is not configured. */
async function another(kind: 'identityCenter' | 'okta'): Promise<void> {
  await listConnections(window, kind);
  await window.quickInput.pick(differentPlace[kind]);
  await window.quickInput.waitFor({ message: kind === 'okta' ? /issuer/ : /start URL/ });
}

/** Expected state after every canceled step. */
async function expectNothing(): Promise<void> {
  await window.quickInput.waitUntilClosed({ timeoutMs: 2000 });
  await eventually('no callback port to be held', async () =>
    (await heldPorts()).length === 0 ? true : undefined,
  );
  const signedOut = async () => statusShows(window, /: Sign In$/);
  await expect.poll(signedOut).toMatchObject({ spins: false, kind: 'standard' });
  expect(await window.statusBar.items(EXTENSION_ID)).toHaveLength(1);
  expect(await window.dialogs.state()).toBeUndefined();
  expect(await window.notifications.shown()).toEqual([]);
  expect(await (await window.probe()).unhandledErrors()).toEqual([]);
}

/** The sandbox allows one poll per second. */
async function expectNoPolls(): Promise<void> {
  await window.quickInput.waitUntilClosed();
  await sleep(200);
  scene().sandbox.requestLog.clear();
  await sleep(1800);
  expect(scene().sandbox.requestLog.list()).toEqual([]);
}
