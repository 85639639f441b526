import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, it } from 'vitest';

import { connectionKey, type Connection } from '../../src/core/connection/connection.ts';
import { normalConnection } from '../../src/input/addresses.ts';
import { sessionId } from '../../src/core/session/account.ts';
import { people, type Person } from '../sandbox/people.ts';
import { ACCOUNTS, finishSignIn, signIn, signInAtOkta, startSignIn, statusShows } from './asPerson.ts';
import { detailsPageShows } from './detailsPage.ts';
import { eventually } from './eventually.ts';
import type { Probe } from './probe.ts';
import { EXTENSION_ID, shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const [ana, ben] = people as unknown as readonly [Person, Person];
/** The final fifth, after the warning, must be long enough for a sign-in on a slow machine. */
const OKTA_SECONDS = 80;
const SOON_MS = 2000;
/** Minimum duration of each ended session. */
const SPAN_MS = 5000;
/** Longer than any ID or path here, and shorter than the tokens of both identity providers. */
const TOKEN = /[\w-]{40,}|eyJ/;

const scene = shareScene({ sandbox: { okta: { accessTokenSeconds: OKTA_SECONDS } }, host: { isLean: true } });
let one: Workbench;
let two: Workbench;
let probe: Probe;
let ids: Record<string, string> = {};

beforeAll(async () => {
  one = await scene().openWindow('one');
  two = await scene().openWindow('two');
  probe = await one.probe();
  await one.page.bringToFront();
});

describe('the status bar item', () => {
  it('names its providers, without and with connections', async () => {
    await probe.updateSetting('developerSignIn.connections', []);
    // With a connection of each, the text is the same, but the screen reader text differs.
    const bare = await eventually('the item without a connection', async () =>
      (await items(one)).find(
        ({ ariaLabel }) => ariaLabel === 'Developer Sign-In: Not signed in to AWS or Okta. Click to sign in.',
      ),
    );
    expect(bare).toMatchObject({ text: 'AWS/Okta: Sign In', side: 'left', kind: 'standard' });
    expect(bare.icons).toEqual(['account']);
    const [first] = scene().connections as readonly { readonly name: string }[];
    await probe.updateSetting('developerSignIn.connections', [first]);
    await statusShows(one, new RegExp(`^${first?.name ?? ''}: Sign In$`));
    await probe.updateSetting('developerSignIn.connections', scene().connections);
    await statusShows(one, /^(AWS\/Okta|Okta\/AWS): Sign In$/);
  });

  it('spins during a sign-in, and then shows the account, the connection and the expiry', async () => {
    await startSignIn(one, 'okta');
    expect((await statusShows(one, /^Signing in…$/)).spins).toBe(true);
    await finishSignIn(one, 'okta');
    const item = await statusShows(one, new RegExp(`^${ACCOUNTS.okta}$`));
    expect(item.kind).toBe('standard');
    await eventually('the words of the item', async () => {
      const [shown] = await items(one);
      return /ana@example\.com: Sandbox Okta · 127.*, Renews automatically/.test(shown?.ariaLabel ?? '')
        ? true
        : undefined;
    });
    expect(await tooltip(one)).toMatch(
      /^Click to manage accounts\..*ana@example\.com.*Sandbox Okta.*Renews automatically$/s,
    );
  });

  it('counts several accounts', async () => {
    await signIn(one, 'identityCenter');
    await statusShows(one, /^2 accounts$/);
    await statusShows(two, /^2 accounts$/, SOON_MS);
  });
});

describe('the picker', () => {
  it('shows account and connection, and no countdown for an account that renews automatically', async () => {
    await one.statusBar.click(EXTENSION_ID);
    const { items: rows } = await one.quickInput.waitFor({ item: ACCOUNTS.identityCenter });
    expect(rows.find(({ label }) => label === ACCOUNTS.identityCenter)).toMatchObject({
      description: 'IAM Identity Center · eu-central-1',
      detail: 'Renews automatically',
    });
    await one.page.waitForTimeout(1500); // A countdown would be visible by now.
    expect(await one.quickInput.state()).toMatchObject({
      title: 'Accounts',
      placeholder: 'Select an account to manage',
    });
    expect(rows.map(({ label }) => label)).toEqual(expect.arrayContaining(['Switch Account…', 'Sign In…']));
    await one.quickInput.hide();
  });

  it('refreshes a token, and shows the session without secrets in Details', async () => {
    await act(one, ACCOUNTS.identityCenter, 'Refresh Token');
    await refreshed('identityCenter.createToken:refresh_token');
    const shown = await details(ACCOUNTS.identityCenter, /refreshed\b/);
    const [facts] = scene().sandbox.identityCenter.stats().sessions;
    expect(shown).toContain(scene().sandbox.identityCenter.startUrl);
    expect(shown).toMatch(/codewhisperer:completions\s+Requested and granted/);
    expect(shown.replaceAll(facts?.clientId ?? '', '')).not.toMatch(TOKEN);

    const okta = await details(ACCOUNTS.okta, /ana@example\.com[^]*scp/);
    const { issuer, clientId } = scene().sandbox.okta;
    for (const claim of [`iss\t${issuer}`, `sub\t${ana.username}`, `cid\t${clientId}`, 'scp\tcodewhisperer:'])
      expect(okta).toContain(claim);
    expect(okta).toContain(`Client ID\t${clientId}`);
    expect(okta).toMatch(/offline_access\s+Requested and granted/);
    expect(okta).not.toMatch(TOKEN);
  });

  it('sets the default account in every window', async () => {
    await act(one, ACCOUNTS.okta, 'Use a Different Account');
    const page = await one.dialogs.openExternal();
    await signInAtOkta(page, ben);
    await page.close();
    await statusShows(one, /^3 accounts$/);
    const probes = [probe, await two.probe()];
    const order = async () =>
      (await Promise.all(probes.map((each) => each.getAccounts('okta')))).map((all) =>
        all.map(({ label }) => label),
      );
    const [before = []] = await order();
    const last = before.at(-1) ?? '';
    await act(one, shortName(last), 'Set as Default Account');
    const wanted = [last, ...before.slice(0, -1)];
    await eventually('the preferred account to be the first', async () =>
      JSON.stringify(await order()) === JSON.stringify([wanted, wanted]) ? true : undefined,
    );
    await one.statusBar.click(EXTENSION_ID);
    await one.quickInput.waitFor({ item: `${shortName(last)} (default)` });
    await one.quickInput.hide();
  });
});

describe('offline', () => {
  it('shows being offline quietly, and recovers automatically', async () => {
    ids = await sessionIds();
    const at = ['okta.token:refresh_token', 'identityCenter.createToken:refresh_token'];
    scene().sandbox.faults.add(...at.map((each) => ({ at: each, drop: 'before' as const, times: Infinity })));
    for (const sessionId of Object.values(ids)) {
      const refresh = probe.executeCommand('developerSignIn.refresh', [{ sessionId }]);
      await expect(refresh).rejects.toMatchObject({ kind: 'network' });
    }
    const item = await statusShows(one, /^3 accounts \(offline\)$/);
    expect(item).toMatchObject({ kind: 'standard', icons: ['debug-disconnect'] });
    expect(item.ariaLabel).toMatch(/You stay signed in/);
    expect(await one.notifications.shown()).toEqual([]);
    scene().sandbox.faults.clear();
    await statusShows(one, /^3 accounts$/, 40_000);
  });
});

describe('an organization that ends two sessions', () => {
  it('warns once before each token expires, in one of the windows', async () => {
    for (const { username } of [ana, ben]) {
      await probe.executeCommand('developerSignIn.refresh', [{ sessionId: ids[username] }]);
      scene().sandbox.okta.endSessions(username);
      const refresh = probe.executeCommand('developerSignIn.refresh', [{ sessionId: ids[username] }]);
      await expect(refresh).rejects.toMatchObject({ kind: 'grantRevoked' });
    }
    await one.statusBar.click(EXTENSION_ID);
    // The first row has ended, so it does not have a countdown.
    await one.quickInput.waitFor({ title: /^Accounts$/, item: new RegExp(`^\\s*${ana.username}`) });
    await one.quickInput.pick(new RegExp(`^\\s*${ana.username}`));
    const { items: rows } = await one.quickInput.waitFor({
      item: /^Ended .*Your session at 127\.0\.0\.2.* has expired/,
    });
    expect(rows[0]?.detail).toMatch(/Sign in again/);
    await one.quickInput.hide();

    const needed = await statusShows(one, /^Sign In Again$/, OKTA_SECONDS * 1000);
    expect(needed.kind).toBe('warning');
    await eventually('both to be needed', async () => {
      const [shown] = await items(one);
      return shown?.ariaLabel.startsWith('Developer Sign-In: 2 sessions have ended') ? true : undefined;
    });
    await eventually('a warning for each', async () => ((await warnings()).length === 2 ? true : undefined));
    const saying = (await one.notifications.shown()).length > 0 ? one : two;
    await saying.page.bringToFront();
    await saying.notifications.follow(/can’t be renewed/, 'Sign In Again');
    await saying.quickInput.waitFor({ title: /^Sign In with Okta: Sandbox Okta, (ana|ben)@example\.com/ });
    await saying.dialogs.answer(/open the external website/, 'Cancel');
    await saying.quickInput.pick('Cancel');
    expect((await warnings()).toSorted()).toEqual([
      expect.stringMatching(
        /^Your session for ana@example\.com \(Sandbox Okta\) expires at .* Sign In Again$/,
      ),
      expect.stringMatching(
        /^Your session for ben@example\.com \(Sandbox Okta\) expires at .* Sign In Again$/,
      ),
    ]);
  });

  it('signs in again to all, one after another, and clears the messages', async () => {
    await two.page.bringToFront();
    await two.statusBar.click(EXTENSION_ID);
    const { items: rows } = await two.quickInput.waitFor({ item: 'Sign In Again' });
    expect(rows[0]).toMatchObject({ label: 'Sign In Again', detail: '2 accounts, one after another' });
    await two.quickInput.accept();
    const asked: Person[] = [];
    for (let turn = 0; turn < 2; turn++) {
      const { title } = await two.quickInput.waitFor({
        title: /^Sign In with Okta/,
        placeholder: /^Complete sign-in/,
      });
      const person = title.includes(ana.username) ? ana : ben;
      expect(title).toContain(`Sandbox Okta, ${person.username}`);
      expect(asked).not.toContain(person);
      asked.push(person);
      const page = await two.dialogs.openExternal();
      await signInAtOkta(page, person);
      await page.close();
      await eventually('the warning to be taken back', async () =>
        (await warnings()).some((message) => message.includes(person.username)) ? undefined : true,
      );
    }
    await statusShows(two, /^3 accounts$/);
    await statusShows(one, /^3 accounts$/, SOON_MS);
  });
});

it('predicts the next expiry after three sessions of the same length, and offers a full session before it', async () => {
  scene().sandbox.okta.endSessions(ana.username);
  await sleep(SPAN_MS);
  const refresh = probe.executeCommand('developerSignIn.refresh', [{ sessionId: ids[ana.username] }]);
  await expect(refresh).rejects.toMatchObject({ kind: 'grantRevoked' });
  await one.page.bringToFront();
  await act(one, ana.username, 'Sign In Again');
  const page = await one.dialogs.openExternal();
  await signInAtOkta(page, ana);
  await page.close();
  await eventually('the usual end', async () =>
    (await items(one))[0]?.ariaLabel.includes('usually expires at') ? true : undefined,
  );
  await one.statusBar.click(EXTENSION_ID);
  await one.quickInput.pick(/^\s*ana@/);
  const { items: rows } = await one.quickInput.waitFor({ item: /^Sign In Again to Extend \(1 min\)$/ });
  expect(rows.find(({ label }) => label.startsWith('Sign In Again to'))?.detail).toMatch(
    /^This session usually expires at /,
  );
  await one.quickInput.hide();
});

function items(window: Workbench) {
  return window.statusBar.items(EXTENSION_ID);
}

async function tooltip({ page }: Workbench): Promise<string> {
  await page.locator(`.statusbar-item[id^="${EXTENSION_ID}"]`).hover();
  const hover = page.locator('.workbench-hover').last();
  await hover.waitFor();
  const text = await hover.innerText();
  await page.mouse.move(600, 300);
  return text;
}

/** Opens an account's actions from the status bar. */
/**
 * The content of Details in the first window. Headless Chromium sometimes draws no webview at all in a window
 * whose other pages were closed; reloading the window fixes it.
 */
async function details(account: string, text: RegExp): Promise<string> {
  for (let reloads = 0; reloads < 2; reloads++) {
    await act(one, account, 'Details');
    try {
      return await detailsPageShows(one.page, text, { timeoutMs: 10_000 });
    } catch {
      await one.reload();
      probe = await one.probe();
    }
  }
  await act(one, account, 'Details');
  return detailsPageShows(one.page, text);
}

async function act(window: Workbench, account: string, action: string): Promise<void> {
  // A page in the background does not draw what opens in it.
  await window.page.bringToFront();
  await window.statusBar.click(EXTENSION_ID);
  await window.quickInput.pick(new RegExp(`^\\s*${account.replaceAll('.', '\\.')}`));
  await window.quickInput.pick(action);
}

function refreshed(operation: string): Promise<unknown> {
  return eventually('a refresh', () => scene().sandbox.requestLog.count(operation) || undefined);
}

/** An account's name in the extension's own lists; VS Code's label appends the issuer. */
function shortName(label: string): string {
  return label.replace(/(?: · | \()\S+$/, '');
}

/** Session IDs by account. */
async function sessionIds(): Promise<Record<string, string>> {
  const known = new Map<string, string>();
  for (const connection of scene().connections as readonly Connection[]) {
    const provider = connection.type === 'okta' ? 'okta' : 'iam-identity-center';
    for (const { id, label } of await probe.getAccounts(provider))
      known.set(shortName(label), await sessionId(connectionKey(normalConnection(connection)), id));
  }
  return Object.fromEntries(known);
}

/** Messages about expiring sessions in both windows. */
async function warnings(): Promise<string[]> {
  const shown = await Promise.all([one, two].map((window) => window.notifications.shown()));
  return shown.flat().map(({ message }) => message);
}
