import { createHash } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { GUIDE_PORTS } from '../sandbox/okta/settings.ts';
import {
  ACCOUNTS,
  activateAtOkta,
  chooseInTrouble,
  signInAtOkta,
  signInWithoutWayBack,
  signOut,
  startSignIn,
  statusShows,
} from './asPerson.ts';
import { heldPorts } from './callbackPorts.ts';
import { eventually } from './eventually.ts';
import { holdPort, holdPorts, isForeign } from './foreignProgram.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const [, , third, fourth] = GUIDE_PORTS;
const uriOf = (port: number) => `http://localhost:${port}/oauth/callback`;

// The administrator forgot the first two ports.
/** The issuer-specific redirect URI of a port. */
const ownUriOf = (port: number, issuer: string) =>
  `${uriOf(port)}/${createHash('sha256').update(issuer).digest('hex').slice(0, 16)}`;
const redirectUris = GUIDE_PORTS.slice(2).map(uriOf);
const scene = shareScene({
  sandbox: { okta: { redirectUris, deviceIntervalSeconds: 1 } },
  host: { isLean: true },
});
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

beforeEach(async () => {
  await setPorts(GUIDE_PORTS.slice(2));
});

afterEach(async () => {
  await scene().forgetPeople();
});

describe('an unregistered redirect URI', () => {
  beforeEach(() => setPorts(GUIDE_PORTS));

  it('makes way for the one that is, and no error page opens', async () => {
    await startSignIn(window, 'okta');
    await finishAt(third);
  });
});

describe('a port in use', () => {
  it('on ::1 only is skipped, and the program that holds it receives no requests', async () => {
    await using foreign = await holdPort('::1', third);
    await startSignIn(window, 'okta');
    await finishAt(fourth);
    expect(foreign.requests).toEqual([]);
  });

  it('on all ten ports is reported with the reasons and the setting, and a device code still works', async () => {
    await setPorts(GUIDE_PORTS);
    await using _ = await holdPorts([
      ...GUIDE_PORTS.slice(0, 8).map((port) => ['127.0.0.1', port] as const),
      ...GUIDE_PORTS.slice(8).map((port) => ['::1', port] as const),
    ]);
    await startSignIn(window, 'okta');
    const { message, severity, buttons } = await window.notifications.waitFor(
      /No callback port is available/,
    );
    const [onFirst, onSecond] = [GUIDE_PORTS.slice(0, 8).join(', '), GUIDE_PORTS.slice(8).join(', ')];
    expect(message).toContain(`${onFirst} on 127.0.0.1 (in use by another program)`);
    expect(message).toContain(`${onSecond} on ::1 (in use by another program)`);
    expect(severity).toBe('error'); // A question, so it stays until answered.
    expect(buttons).toEqual(['Use a Device Code', 'Open Settings', 'Show Log']);
    await window.notifications.press(/No callback port is available/, 'Open Settings');
    await window.page
      .locator('.settings-editor .setting-item-label', { hasText: 'Redirect Ports' })
      .waitFor();
    await window.page.keyboard.press('Escape');
    await window.page.locator('.settings-editor').waitFor({ state: 'detached' });

    await startSignIn(window, 'okta');
    await window.notifications.press(/No callback port is available/, 'Use a Device Code');
    await finishWithCode();
  });
});

describe('an alternative', () => {
  it('pasting: reports an invalid address in place, and signs in with the right one', async () => {
    await startSignIn(window, 'okta');
    const page = await window.dialogs.openExternal();
    const address = await signInWithoutWayBack(page);
    await page.close(); // The browser's own error page shows the address.
    await window.page.bringToFront();
    await chooseInTrouble(window, 'Paste Callback URL…');
    await window.quickInput.waitFor({ message: /full URL/ });
    for (const [text, words] of [
      ['', /isn’t a callback URL/],
      ['https://example.com/?code=1', /isn’t a callback URL/],
      [address.replace(/state=[^&]+/, 'state=of-another'), /belongs to another sign-in/],
      [`${address}&state=twice`, /belongs to another sign-in/],
    ] as const) {
      await window.quickInput.type(text);
      await window.quickInput.accept();
      expect((await window.quickInput.waitFor({ message: words })).severity).toBe('error');
    }
    await window.quickInput.type(`  ${address} `);
    await window.quickInput.accept();
    await signedInAndOut();
  });

  it('a device code', async () => {
    await startSignIn(window, 'okta');
    await (await window.dialogs.openExternal()).close();
    await chooseInTrouble(window, 'Use a Device Code');
    await finishWithCode();
  });
});

describe('while waiting for the browser', () => {
  it('offers everything by keyboard', async () => {
    const { quickInput, page: screen } = window;
    await startSignIn(window, 'okta');
    // *Copy* and *Cancel* have `false` here: the error does not mention giving up.
    await window.dialogs.answer(/open the external website/, 'Cancel');
    const { title, placeholder, items } = await quickInput.waitFor({ placeholder: /^Complete sign-in/ });
    expect(title).toBe('Sign In with Okta: Sandbox Okta');
    expect(placeholder).toMatch(/^Complete sign-in in your browser… · (10|9) min left$/);
    expect(items.map(({ label }) => label).filter(Boolean)).toEqual([
      'Open Browser Again',
      'Copy Link',
      'Cancel',
      'Trouble signing in?',
    ]);

    await quickInput.untilItTakesChoices();
    await goTo('Copy Link');
    await screen.keyboard.press('Enter');
    const link = await eventually('the link on the clipboard', async () => {
      const text = await window.clipboard();
      return text.includes('/v1/authorize?') ? text : undefined;
    });
    expect(new URL(link).searchParams.get('redirect_uri')).toBe(ownUriOf(third, scene().sandbox.okta.issuer));
    await goTo('Trouble signing in?');
    await screen.keyboard.press('Enter');
    const others = await quickInput.waitFor({ item: 'Paste Callback URL…' });
    // A phone cannot complete a redirect to this machine, so this list has no QR code.
    expect(others.items.map(({ label }) => label)).toEqual([
      'Paste Callback URL…',
      'Try the Next Port',
      'Use a Device Code',
      'The Browser Shows an Error…',
      'Use a Different Account',
      'Use a Different Connection…',
      'Cancel',
    ]);
    await quickInput.untilItTakesChoices();
    await goTo('Paste Callback URL…');
    await screen.keyboard.press('Enter');
    await quickInput.waitFor({ message: /full URL/ });
    await quickInput.pressButton(/^Back/); // From the input to the alternatives, and from there to the first list.
    await quickInput.waitFor({ item: 'Try the Next Port' });
    await quickInput.pressButton(/^Back/);
    await quickInput.waitFor({ item: 'Open Browser Again' });
    await quickInput.untilItTakesChoices();

    await goTo('Copy Link');
    const later = await quickInput.waitFor({ item: 'Open Browser Again' });
    expect(later.items[0]?.label).toBe('Open Browser Again');
    expect(later.active).toBe('Copy Link');
    expect(await window.notifications.shown()).toEqual([]);
    await goTo('Cancel');
    await screen.keyboard.press('Enter');
    await quickInput.waitUntilClosed({ timeoutMs: 1000 });
    await statusShows(window, /: Sign In$/);
  });

  it('a second sign-in takes the port of the first, whose late redirect does not end it', async () => {
    await startSignIn(window, 'okta');
    const early = await window.dialogs.openExternal();
    const earlier = await signInWithoutWayBack(early);
    await early.close();
    await window.page.bringToFront();
    await startSignIn(window, 'okta');
    await window.dialogs.waitFor(/open the external website/);
    expect(await heldPorts()).toEqual([`127.0.0.1:${third}`, `::1:${third}`]);
    const late = await scene().browser.context.newPage();
    await late.goto(earlier.replace(/code=[^&]+/, 'code=of-the-first'));
    await late.getByRole('heading', { name: 'This sign-in has ended' }).waitFor();
    await late.close();
    await scene().forgetPeople();
    await window.page.bringToFront();
    await finishAt(third);
  });
});

/** Moves to a row with the arrow keys only. */
async function goTo(label: string): Promise<void> {
  const { items } = await window.quickInput.waitFor({ item: label });
  for (let step = 0; step <= items.length; step++) {
    if ((await window.quickInput.state())?.active === label) return;
    await window.page.keyboard.press('ArrowDown');
  }
  throw new Error(`No way to ${label} by keyboard.`);
}

/** From VS Code's question to the callback page on this port, then signs out. */
async function finishAt(port: number): Promise<void> {
  const page = await window.dialogs.openExternal();
  await signInAtOkta(page);
  expect(page.url()).toBe(`${uriOf(port)}/signed-in#`);
  await page.close();
  await signedInAndOut();
}

/** Completes Okta's device flow, then signs out. */
async function finishWithCode(): Promise<void> {
  await window.quickInput.waitFor({ item: 'Copy Code and Proceed' });
  await window.quickInput.accept();
  const page = await window.dialogs.openExternal();
  await activateAtOkta(page);
  await page.close();
  await signedInAndOut();
}

async function signedInAndOut(): Promise<void> {
  await window.quickInput.waitUntilClosed();
  await statusShows(window, new RegExp(`^${ACCOUNTS.okta}$`));
  const areOurs = async () => (await heldPorts()).filter((place) => !isForeign(place));
  await eventually(
    'the callback port to be free',
    async () => ((await areOurs()).length === 0 ? true : undefined),
    { timeoutMs: 2000 },
  );
  await signOut(window);
  await statusShows(window, /: Sign In$/);
}

async function setPorts(ports: readonly number[]): Promise<void> {
  await (await window.probe()).updateSetting('developerSignIn.okta.redirectPorts', ports);
}
