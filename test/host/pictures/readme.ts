// Takes the README's pictures, cropped to their subject: node test/tools/pictures.ts -> media/*.png
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Page } from 'playwright-core';

import { projectRoot } from '../../tools/lib/paths.ts';
import { checkIdentityCenter } from '../asAdministrator.ts';
import {
  allowAtIdentityCenter,
  COMMANDS,
  CONNECTIONS,
  meanConnection,
  signIn,
  statusShows,
} from '../asPerson.ts';
import { EXTENSION_ID, openScene } from '../scene.ts';
import { setupViewOf } from '../setupView.ts';

/** Tall enough for all inputs of a check: a row that is scrolled into view would be under the input box. */
const size = { width: 1100, height: 1000 };
const margin = 14;

await signInAndStatus();
await setupCheck();

async function signInAndStatus(): Promise<void> {
  const scene = await openScene({ browser: { theme: 'light', size } });
  try {
    const window = await scene.openWindow('my-project');
    const { page, quickInput } = window;
    // By keyboard: a pointer left at the palette would draw a tooltip over the code.
    await page.mouse.move(size.width - 1, size.height / 2);
    await page.keyboard.press('F1');
    await quickInput.type(`>${COMMANDS.identityCenter}`);
    await quickInput.waitFor({ item: COMMANDS.identityCenter });
    await quickInput.accept();
    await meanConnection(window, CONNECTIONS.identityCenter);
    await quickInput.waitFor({ item: 'Copy Code and Proceed' });
    await crop(page, '.quick-input-widget', 'sign-in-identity-center');
    await quickInput.accept();
    const devicePage = await window.dialogs.openExternal();
    await allowAtIdentityCenter(devicePage);
    await devicePage.close();
    await quickInput.waitUntilClosed();
    await signIn(window, 'okta');
    await statusShows(window, /^2 accounts$/);
    await window.statusBar.click(EXTENSION_ID);
    await quickInput.waitFor({ item: /ana@/ });
    await crop(page, '.quick-input-widget', 'sign-in-status');
  } finally {
    await scene.close();
  }
}

async function setupCheck(): Promise<void> {
  const narrow = { ...size, width: 960 }; // As wide as the README is shown.
  const scene = await openScene({ connected: true, browser: { theme: 'dark', size: narrow } });
  try {
    const { chain } = scene;
    if (chain === undefined) throw new Error('The scene was created with `connected`.');
    const window = await scene.openWindow('my-project');
    const metadataFile = join(scene.host.folders.workspaces, 'my-project', 'metadata.xml');
    writeFileSync(metadataFile, chain.describe().okta.saml.metadataXml);
    const check = await checkIdentityCenter(window, chain, {
      metadataFile,
      scimEndpoint: `${chain.describe().identityCenter.federated.scim.endpoint}/`,
      userName: 'eli@example.com',
    });
    await check.run();
    await setupViewOf(window.page).messageFits(/: [1-9]\d* failed/);
    const probe = await window.probe();
    await probe.executeCommand('workbench.action.closeSidebar');
    await window.runCommand('View: Toggle Maximized Panel'); // All steps, none of them cut in half.
    await crop(window.page, '.part.panel', 'check-setup', '.part.panel .monaco-list-row');
  } finally {
    await scene.close();
  }
}

/**
 * Waits until animations have finished and the pointer hovers over nothing.
 * @param within elements inside that end the picture, if it fills the window and the rest is empty
 */
async function crop(page: Page, selector: string, name: string, within = selector): Promise<void> {
  await page.mouse.move(size.width - 1, size.height / 2);
  await page.waitForTimeout(1000);
  const around = await page.locator(selector).boundingBox();
  if (around === null) throw new Error(`Nothing to photograph: ${selector}`);
  const ends = await page
    .locator(within)
    .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().bottom));
  const box = { ...around, height: Math.max(...ends) - around.y };
  const edge = within === selector ? margin : 0;
  const x = Math.max(0, box.x - edge);
  const y = Math.max(0, box.y - edge);
  const clip = {
    x,
    y,
    width: box.width + box.x - x + edge,
    height: box.height + box.y - y + edge,
  };
  await page.screenshot({ path: join(projectRoot, 'media', `${name}.png`), clip });
}
