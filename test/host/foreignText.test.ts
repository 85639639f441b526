import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Locator } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { GUIDE_SCOPES } from '../sandbox/okta/settings.ts';
import { jwt } from '../unit/fakes/jwt.ts';
import { COMMANDS, finishSignIn, statusShows } from './asPerson.ts';
import { detailsPageShows } from './detailsPage.ts';
import { eventually } from './eventually.ts';
import type { Probe } from './probe.ts';
import { EXTENSION_ID, shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

/**
 * Untrusted text in the real workbench (04.01 to 04.06, 04.13, 07.02, 08.11): no link is drawn, and a click on
 * its place runs nothing. Each command would leave a mark: a new untitled document.
 */

const COMMAND = 'workbench.action.files.newUntitledFile';
const LINK = `[Sign in again](command:${COMMAND})`;
const FOREIGN = '[Get help](https://evil.example/help)';
const BADGE = '$(verified-filled)';
const SCOPE = `[Allow](command:${COMMAND})`;
const PICTURE = '<img src="https://evil.example/beacon.png"> ![y](https://evil.example/z.png)';
/** Invisible characters and those that change text direction; labels must not contain any. */
const UNSEEN = '\u202e\u200b\u2066\u00ad\ufe0f';
const CENTER = {
  type: 'identityCenter',
  startUrl: 'https://d-1234567890.awsapps.com/start',
  region: 'us-east-1',
};
const POLICY = '/etc/developer-sign-in/policy.json';
/** The place of a link: its label or its target. */
const LABELS = ['Sign in again', 'Allow', 'Get help', 'command:', 'evil.example'];
/** The displayed start of each text, with the space that breaks the link. */
const SHOWN = '[Sign in again] (command:';

const scene = shareScene({ sandbox: { okta: { allowedScopes: [...GUIDE_SCOPES, SCOPE] } } });
let window: Workbench;
let probe: Probe;

beforeAll(async () => {
  window = await scene().openWindow();
  probe = await window.probe();
  const { issuer, clientId } = scene().sandbox.okta;
  const name = `${LINK} ${BADGE} Sandbox`;
  const scopes = [...GUIDE_SCOPES, SCOPE];
  await probe.updateSetting('developerSignIn.connections', [
    { type: 'okta', name, issuer, clientId, scopes },
    { ...CENTER, name: LINK },
    { ...CENTER, region: 'eu-west-1', name: PICTURE },
  ]);
});

/** Opens a webview. Headless Chromium sometimes draws none in a window; a reloaded window does. */
async function untilDrawn(open: () => Promise<void>): Promise<void> {
  await open().catch(async () => {
    await window.reload();
    probe = await window.probe();
    await open();
  });
}

afterEach(async () => {
  await window.quickInput.hide();
  await probe.executeCommand('notifications.clearAll');
});

describe('untrusted text', () => {
  it('04.04: a connection’s name stays text in a list', async () => {
    await window.runCommand('SSO: Manage Connections');
    await window.quickInput.waitFor({ item: new RegExp(escaped(SHOWN)) });
    await isText(window.page.locator('.quick-input-widget'));
    expect(await badges(window.page.locator('.quick-input-widget'))).toBe(0);
    // A click anywhere in the row selects it and opens the connection's actions.
    await runsNothing(window.page.locator('.quick-input-widget'), ['Sign in again']);
  });

  it('04.04: a connection’s name stays text in a notification', async () => {
    await openLink(CENTER);
    const { message } = await window.notifications.waitFor(/already have this connection/);
    expect(message).toContain(SHOWN);
    await runsNothing(toast());
  });

  it('04.13, 04.05, 07.02: an account’s name stays text in the status bar, its hover, the list and the details', async () => {
    const sub = `${UNSEEN}${BADGE} Ana${UNSEEN} ${LINK}`;
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
    // Not granted, as the response says (04.05).
    const { message } = await window.notifications.waitFor(/didn’t grant/);
    expect(message).toContain('[Allow] (command:');
    await runsNothing(toast());
    await probe.executeCommand('notifications.clearAll');

    const item = await statusShows(window, /Ana/);
    expect(item.text).toContain(SHOWN);
    expect(item.text).not.toMatch(/\p{Cf}|\ufe0f/u);
    expect(item.icons).toEqual(['account']);
    const place = window.page.locator(`.statusbar-item[id^="${EXTENSION_ID}"]`).first();
    await isText(place);

    const hover = window.page.locator('.monaco-hover:visible').filter({ hasText: 'Ana' }).first();
    const showHover = async () => {
      await window.page.mouse.move(600, 300);
      await place.hover();
      await hover.waitFor();
    };
    await showHover();
    await isText(hover);
    expect(await badges(hover)).toBe(0);
    await runsNothing(hover, LABELS, showHover);
    await window.page.mouse.move(600, 300);
    await window.quickInput.hide();

    await window.statusBar.click(EXTENSION_ID);
    await window.quickInput.waitFor({ item: /Ana/ });
    await isText(window.page.locator('.quick-input-widget'));
    expect(await badges(window.page.locator('.quick-input-widget'))).toBe(0);
    await pictures('list');
    await window.quickInput.hide();

    await untilDrawn(async () => {
      await window.statusBar.click(EXTENSION_ID);
      await window.quickInput.pick(/Ana/);
      await window.quickInput.pick('Details');
      await detailsPageShows(window.page, /Ana/);
    });
    const page = window.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    expect(await page.locator('main a, main img, main script').count()).toBe(0);
    expect(await page.locator('main').innerText()).not.toMatch(/[\u200b\u202e\u2066]/);
    await runsNothing(page.locator('main'));
  });

  it('04.01: a server’s message stays text in an error', async () => {
    const words = `Your session is over. ${LINK} ${FOREIGN} ${BADGE}`;
    const body = JSON.stringify({ error: 'invalid_request', error_description: words });
    scene().sandbox.faults.add({ at: 'okta.token:refresh_token', status: 400, body });
    await window.runCommand(COMMANDS.refresh);
    const { message } = await window.notifications.waitFor(/Your session is over/);
    expect(message).toContain(SHOWN);
    await pictures('error');
    await runsNothing(toast());
  });

  it('04.03: a connection link’s parameters are not repeated', async () => {
    const { issuer, clientId } = scene().sandbox.okta;
    await openLink({ type: 'okta', issuer, clientId, [LINK]: '1' });
    const { message } = await window.notifications.waitFor(
      /connection link can’t be used|link is not valid/i,
    );
    expect(message).not.toContain('Sign in again');
    await runsNothing(toast(), ['connection link']);
  });

  /** As root, a test can create a file owned by the administrator. */
  it.runIf(process.getuid?.() === 0)('04.06: an issuer that the organization blocks stays text', async () => {
    if (existsSync(POLICY)) throw new Error('This machine has rules of its own.');
    mkdirSync(dirname(POLICY), { recursive: true });
    try {
      writeFileSync(POLICY, '{ "allowedIssuers": ["https://example.okta.com"] }', { mode: 0o644 });
      const clientId = '0oaEvil';
      // VS Code decodes an address once, and its query twice.
      const encoded = SCOPE.replace('[', '%255B').replace(']', '%255D');
      await openLink({ type: 'okta', issuer: `https://evil.example/${encoded}`, clientId });
      const { message } = await window.notifications.waitFor(/doesn’t allow sign-in to/);
      expect(message).toContain('evil.example/%5BAllow%5D(command:');
      await runsNothing(toast());
      // An address with brackets is invalid, and is not repeated.
      await openLink({ type: 'okta', issuer: `https://evil.example/${SCOPE}`, clientId });
      await window.notifications.waitFor(/connection link can’t be used/);
      await runsNothing(toast(), ['connection link']);
    } finally {
      rmSync(POLICY, { force: true });
    }
  });

  it('08.11: a report pasted elsewhere has neither links nor pictures', async () => {
    await window.runCommand('SSO: Copy Diagnostics');
    await window.notifications.waitFor(/^Diagnostics copied/);
    const report = await window.clipboard();
    expect(report).toMatch(/evil\.example/);
    const file = join(scene().host.folders.workspaces, 'one', 'report.md');
    writeFileSync(file, report);
    const page = window.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await untilDrawn(async () => {
      await probe.openLink(`file://${file}`);
      await window.runCommand('Markdown: Open Preview');
      await page.locator('h1', { hasText: 'Developer Sign-In diagnostics' }).waitFor();
    });
    const drawn = await page
      .locator('body')
      .locator('a[href], img')
      .evaluateAll((all) => all.map(({ outerHTML }) => outerHTML));
    expect(drawn.filter((one) => /command:|evil\.example/.test(one))).toEqual([]);
    await probe.executeCommand('notifications.clearAll');
    await runsNothing(page.locator('body'));
  });

  it('each command would have left its mark', async () => {
    expect(await marks()).toBe(0);
    await probe.executeCommand(COMMAND);
    await eventually('a new document', async () => ((await marks()) === 1 ? true : undefined));
  });
});

/** Opens a connection link, and confirms if VS Code asks. */
async function openLink(query: Readonly<Record<string, string>>): Promise<void> {
  const { uriScheme } = (await probe.environment()) as { readonly uriScheme: string };
  const asked = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  await probe.openLink(`${uriScheme}://${EXTENSION_ID}/connect?${asked.join('&')}`);
}

/** The newest message. */
function toast(): Locator {
  return window.page.locator('.notifications-toasts .notification-list-item-message').first();
}

/**
 * Asserts that the text has no link, and that a click on the place of one runs nothing.
 * @param showAgain reopens what disappears: a list closes on a click, a hover when its item is redrawn
 */
async function runsNothing(
  place: Locator,
  labels: readonly string[] = LABELS,
  showAgain?: () => Promise<void>,
): Promise<void> {
  await isText(place);
  const pagesBefore = window.page.context().pages().length;
  let clicks = 0;
  for (const label of labels) if (await clickOn(place, label, showAgain)) clicks += 1;
  expect(clicks).toBeGreaterThan(0);
  await window.page.waitForTimeout(500);
  expect(await marks()).toBe(0);
  expect(window.page.context().pages()).toHaveLength(pagesBefore);
  expect(await window.dialogs.state()).toBeUndefined(); // As when VS Code asks before it opens a page.
  expect(await window.page.locator('.terminal-wrapper').count()).toBe(0);
}

/** @returns whether the label existed and was clicked */
async function clickOn(place: Locator, label: string, showAgain?: () => Promise<void>): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    if (!(await place.isVisible())) {
      if (showAgain === undefined) return false;
      await showAgain();
    }
    try {
      const position = await middleOf(place, label);
      if (position === undefined) return false;
      await place.click({ position, force: true, timeout: 5000 });
      return true;
    } catch (error) {
      if (showAgain === undefined || attempt === 3) throw error;
    }
  }
}

/** The center of a text, relative to its element. */
function middleOf(place: Locator, text: string): Promise<{ x: number; y: number } | undefined> {
  return place.evaluate(
    (element, wanted) => {
      const nodes = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = nodes.nextNode(); node !== null; node = nodes.nextNode()) {
        const at = node.textContent?.indexOf(wanted) ?? -1;
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const [drawn] = range.getClientRects();
        if (drawn === undefined) continue;
        const { x, y } = element.getBoundingClientRect();
        return { x: drawn.x - x + drawn.width / 2, y: drawn.y - y + drawn.height / 2 };
      }
      return undefined;
    },
    text,
    { timeout: 5000 },
  );
}

async function isText(place: Locator): Promise<void> {
  const links = await place
    .locator('a[href], a[data-href]')
    .evaluateAll((all) => all.map((one) => one.outerHTML));
  expect(links.filter((link) => /command:|evil\.example|Sign in again|Get help|Allow/.test(link))).toEqual(
    [],
  );
}

function badges(place: Locator): Promise<number> {
  return place.locator('.codicon-verified-filled').count();
}

/** The open untitled documents. */
function marks(): Promise<number> {
  return window.page
    .locator('.tab')
    .filter({ hasText: /Untitled-\d/ })
    .count();
}

/** For visual inspection: saves light and dark pictures if a folder for them is configured. */
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
