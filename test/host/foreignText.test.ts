import type { Locator } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { jwt } from '../unit/fakes/jwt.ts';
import { COMMANDS, finishSignIn, statusShows } from './asPerson.ts';
import { detailsPageShows } from './detailsPage.ts';
import { eventually } from './eventually.ts';
import type { Probe } from './probe.ts';
import { EXTENSION_ID, shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

/**
 * Text of a stranger in the real workbench (04.01 to 04.05, 04.13): no link is drawn, and a click where it would be runs
 * nothing. The command of each would leave a mark: a new untitled document.
 */

const COMMAND = 'workbench.action.files.newUntitledFile';
const LINK = `[Sign in again](command:${COMMAND})`;
const FOREIGN = '[Get help](https://evil.example/help)';
const BADGE = '$(verified-filled)';
/** How each begins as it is shown: with the space that takes it apart. */
const SHOWN = '[Sign in again] (command:';

const scene = shareScene();
let window: Workbench;
let probe: Probe;

beforeAll(async () => {
  window = await scene().openWindow();
  probe = await window.probe();
  const { issuer, clientId } = scene().sandbox.okta;
  const name = `${LINK} ${BADGE} Sandbox`;
  await probe.updateSetting('developerSignIn.connections', [{ type: 'okta', name, issuer, clientId }]);
});

afterEach(async () => {
  await window.quickInput.hide();
  await probe.executeCommand('notifications.clearAll');
});

describe('foreign text', () => {
  it('04.04: a connection’s name is text in a list', async () => {
    await window.runCommand('Sign-In: Manage connections');
    await window.quickInput.waitFor({ item: new RegExp(escaped(SHOWN)) });
    await isText(window.page.locator('.quick-input-widget'));
    expect(await badges(window.page.locator('.quick-input-widget'))).toBe(0);
  });

  it('04.13: an account’s name is text in the status bar, its hover, the list and the details', async () => {
    const sub = `${BADGE} Ana ${LINK}`;
    const answer = {
      access_token: jwt({ iss: scene().sandbox.okta.issuer, sub, uid: '00uforeign', scp: [LINK] }),
      refresh_token: 'foreign-text-refresh-token-1',
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'codewhisperer:completions codewhisperer:conversations offline_access',
    };
    scene().sandbox.faults.add({ at: 'okta.token:authorization_code', body: JSON.stringify(answer) });
    await window.runCommand(COMMANDS.okta);
    await finishSignIn(window, 'okta');
    const item = await statusShows(window, /Ana/);
    expect(item.text).toContain(SHOWN);
    expect(item.icons).toEqual(['account']);
    const place = window.page.locator(`.statusbar-item[id^="${EXTENSION_ID}"]`).first();
    await isText(place);

    await place.hover();
    const hover = window.page.locator('.monaco-hover:visible').filter({ hasText: 'Ana' }).first();
    await hover.waitFor();
    await isText(hover);
    expect(await badges(hover)).toBe(0);
    await window.page.mouse.move(600, 300);

    await window.statusBar.click(EXTENSION_ID);
    await window.quickInput.waitFor({ item: /Ana/ });
    await isText(window.page.locator('.quick-input-widget'));
    expect(await badges(window.page.locator('.quick-input-widget'))).toBe(0);
    await pictures('list');

    await window.quickInput.pick(/Ana/);
    await window.quickInput.pick('Details');
    await detailsPageShows(window.page, /Ana/);
    const page = window.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    expect(await page.locator('main a, main img, main script').count()).toBe(0);
  });

  it('04.01: a server’s words are text in an error', async () => {
    const words = `Your session is over. ${LINK} ${FOREIGN} ${BADGE}`;
    const body = JSON.stringify({ error: 'invalid_request', error_description: words });
    scene().sandbox.faults.add({ at: 'okta.token:refresh_token', status: 400, body });
    await window.runCommand(COMMANDS.refresh);
    const { message } = await window.notifications.waitFor(/Your session is over/);
    expect(message).toContain(SHOWN);
    await pictures('error');
    await runsNothing(window.page.locator('.notifications-toasts .notification-list-item-message').first());
  });

  it('04.03: a connection link’s parameter is not said back', async () => {
    const { uriScheme } = (await probe.environment()) as { readonly uriScheme: string };
    const { issuer, clientId } = scene().sandbox.okta;
    const asked = `type=okta&issuer=${issuer}&clientId=${clientId}&${encodeURIComponent(LINK)}=1`;
    await probe.openLink(`${uriScheme}://${EXTENSION_ID}/connect?${asked}`);
    await window.page.keyboard.press('Enter').catch(() => undefined); // Where VS Code asks before it opens it.
    await window.notifications.waitFor(/connection link cannot be used|link is not valid/i);
    await runsNothing(window.page.locator('.notifications-toasts .notification-list-item-message').first());
  });

  it('each command would have left its mark', async () => {
    expect(await marks()).toBe(0);
    await probe.executeCommand(COMMAND);
    await eventually('a new document', async () => ((await marks()) === 1 ? true : undefined));
  });
});

/** No link is in it, and a click where the label of one stands runs nothing. */
async function runsNothing(place: Locator): Promise<void> {
  await isText(place);
  const pagesBefore = window.page.context().pages().length;
  for (const label of ['Sign in again', 'Get help', 'command:', 'evil.example']) {
    const box = await place.evaluate((element, text) => {
      const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
        const at = node.textContent?.indexOf(text) ?? -1;
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + text.length);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }
      return undefined;
    }, label);
    if (box !== undefined) await window.page.mouse.click(box.x, box.y);
  }
  await window.page.waitForTimeout(500);
  expect(await marks()).toBe(0);
  expect(window.page.context().pages()).toHaveLength(pagesBefore);
}

async function isText(place: Locator): Promise<void> {
  const links = await place
    .locator('a[href], a[data-href]')
    .evaluateAll((all) => all.map((one) => one.outerHTML));
  expect(links.filter((link) => /command:|evil\.example|Sign in again|Get help/.test(link))).toEqual([]);
}

function badges(place: Locator): Promise<number> {
  return place.locator('.codicon-verified-filled').count();
}

/** The new documents that are open. */
function marks(): Promise<number> {
  return window.page
    .locator('.tab')
    .filter({ hasText: /Untitled-\d/ })
    .count();
}

/** For who looks: pictures in light and dark, where a folder for them is named. */
async function pictures(name: string): Promise<void> {
  const folder = process.env['FOREIGN_TEXT_PICTURES'];
  if (folder === undefined) return;
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.page.emulateMedia({ colorScheme });
    await window.page.waitForTimeout(700);
    await window.screenshot(`${folder}/${name}-${colorScheme}.png`);
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
