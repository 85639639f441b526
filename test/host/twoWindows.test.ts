import { setTimeout as sleep } from 'node:timers/promises';

import { beforeAll, describe, expect, it } from 'vitest';

import {
  ACCOUNTS,
  LABELS,
  COMMANDS,
  finishSignIn,
  signIn,
  signOut,
  startSignIn,
  statusShows,
} from './asPerson.ts';
import { eventually } from './eventually.ts';
import type { Probe } from './probe.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

const IDENTITY_CENTER = 'iam-identity-center';
const SCOPES = ['codewhisperer:completions', 'codewhisperer:conversations'];
/** How soon another window must see a change. */
const SOON_MS = 2000;
const OKTA_SECONDS = 8;

const scene = shareScene({ sandbox: { okta: { accessTokenSeconds: OKTA_SECONDS } }, host: { isLean: true } });
let one: Workbench;
let two: Workbench;
let probes: readonly [Probe, Probe];

beforeAll(async () => {
  one = await scene().openWindow('one');
  two = await scene().openWindow('two');
  probes = [await one.probe(), await two.probe()];
});

// This test must be first: half a minute after the first token request, each window refreshes in the
// background.
it('two windows that ask at expiry send one request', async () => {
  await two.page.bringToFront();
  const providerId = 'okta';
  const asked = probes[1].getSession({ providerId, scopes: SCOPES, options: { createIfNone: true } });
  await two.dialogs.allowSignIn();
  await finishSignIn(two, 'okta');
  const tokens = [(await asked)?.tokenHash, await tokenOf(one, providerId)];
  for (let round = 1; round <= 2; round++) {
    await sleep(OKTA_SECONDS * 1000);
    scene().sandbox.requestLog.clear();
    const request = { providerId, scopes: SCOPES, options: { silent: true } };
    const sessions = await Promise.all(probes.map((probe) => probe.getSession(request)));
    expect(sessions[0]?.tokenHash).toBe(sessions[1]?.tokenHash);
    expect(tokens).not.toContain(sessions[0]?.tokenHash);
    expect(refreshes('okta.token')).toBe(1);
    tokens.push(sessions[0]?.tokenHash);
  }
  const { reusesInsideGrace, reusesAfterGrace } = scene().sandbox.okta.stats();
  expect({ reusesInsideGrace, reusesAfterGrace }).toEqual({ reusesInsideGrace: 0, reusesAfterGrace: 0 });
  await signOut(two);
  await statusShows(one, /: Sign In$/, SOON_MS);
});

describe('a second window sees within two seconds', () => {
  it('a sign-in', async () => {
    const seen = await changesIn(probes[1], IDENTITY_CENTER);
    await one.page.bringToFront();
    await signIn(one, 'identityCenter');
    await statusShows(two, new RegExp(`^${ACCOUNTS.identityCenter}$`), SOON_MS);
    await untilMoreChanges(probes[1], IDENTITY_CENTER, seen);
    expect(await probes[1].getAccounts(IDENTITY_CENTER)).toMatchObject([{ label: LABELS.identityCenter }]);
  });

  it('a refresh', async () => {
    const before = [await tokenOf(one, IDENTITY_CENTER), await tokenOf(two, IDENTITY_CENTER)];
    expect(before[0]).toBe(before[1]);
    const seen = await changesIn(probes[1], IDENTITY_CENTER);
    scene().sandbox.requestLog.clear();
    await one.page.bringToFront();
    await one.runCommand(COMMANDS.refresh);
    await eventually('the refresh', () => (refreshes('identityCenter.createToken') > 0 ? true : undefined));
    await untilMoreChanges(probes[1], IDENTITY_CENTER, seen);
    const after = [await tokenOf(one, IDENTITY_CENTER), await tokenOf(two, IDENTITY_CENTER)];
    expect(after[0]).toBe(after[1]);
    expect(after[0]).not.toBe(before[0]);
    expect(refreshes('identityCenter.createToken')).toBe(1);
  });

  it('a sign-out', async () => {
    const seen = await changesIn(probes[1], IDENTITY_CENTER);
    await one.page.bringToFront();
    await signOut(one);
    await statusShows(one, /: Sign In$/);
    await statusShows(two, /: Sign In$/, SOON_MS);
    await untilMoreChanges(probes[1], IDENTITY_CENTER, seen);
    expect(await probes[1].getAccounts(IDENTITY_CENTER)).toEqual([]);
    const silent = { providerId: IDENTITY_CENTER, scopes: SCOPES, options: { silent: true } };
    expect(await probes[1].getSession(silent)).toBeNull();
  });
});

it("a sign-in in another window closes this window's prompt for the same connection", async () => {
  await scene().forgetPeople();
  await one.page.bringToFront();
  await startSignIn(one, 'identityCenter');
  await one.quickInput.waitFor({ item: 'Copy Code and Proceed' });
  await two.page.bringToFront();
  await signIn(two, 'identityCenter');
  await one.quickInput.waitUntilClosed({ timeoutMs: SOON_MS });
  const item = await statusShows(one, new RegExp(`^${ACCOUNTS.identityCenter}$`), SOON_MS);
  expect(item.spins).toBe(false);
  expect(await one.notifications.shown()).toEqual([]);
  await signOut(two);
  await statusShows(one, /: Sign In$/, SOON_MS);
});

/** SHA-256 of a token in a window; grants access if VS Code asks. */
async function tokenOf(window: Workbench, providerId: string): Promise<string | undefined> {
  const probe = await window.probe();
  // A browser draws pages in the background rarely.
  await window.page.bringToFront();
  const request = { providerId, scopes: SCOPES };
  const session = await probe.getSession({ ...request, options: { silent: true } });
  if (session) return session.tokenHash;
  const asked = probe.getSession({ ...request, options: { createIfNone: true } });
  const progress = { isOver: false };
  const over = (): void => {
    progress.isOver = true;
  };
  asked.then(over, over);
  // The other window's consent may arrive in between; then VS Code does not ask.
  await eventually('a token, or all questions about it answered', async () => {
    if (progress.isOver) return true;
    if (await window.dialogs.state()) await window.dialogs.allowSignIn();
    if ((await window.quickInput.state())?.title.includes('wants to access') === true) {
      await window.quickInput.accept();
      await window.quickInput.waitUntilClosed();
    }
    return undefined;
  });
  return (await asked)?.tokenHash;
}

function refreshes(operation: string): number {
  return scene().sandbox.requestLog.count(`${operation}:refresh_token`);
}

async function changesIn(probe: Probe, providerId: string): Promise<number> {
  return (await probe.sessionChanges()).filter((id) => id === providerId).length;
}

async function untilMoreChanges(probe: Probe, providerId: string, before: number): Promise<void> {
  await eventually(
    `a change of the sessions of ${providerId}`,
    async () => ((await changesIn(probe, providerId)) > before ? true : undefined),
    { timeoutMs: SOON_MS },
  );
}
