import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { ACCOUNTS, LABELS, finishSignIn, signOut, statusShows } from './asPerson.ts';
import { EXTENSION_ID, shareScene } from './scene.ts';
import { untilStored } from './storedState.ts';
import type { Workbench } from './workbench.ts';

const PROVIDERS = { identityCenter: 'iam-identity-center', okta: 'okta' } as const;
const SCOPES = ['codewhisperer:completions', 'codewhisperer:conversations'];
/** The window signs out first, and then notifies the server. */
const PATIENTLY = { timeout: 10_000 };

const scene = shareScene({ host: { isLean: true } });
let window: Workbench;
let tokens: Record<string, string | undefined>;

beforeAll(async () => {
  window = await scene().openWindow();
  const probe = await window.probe();
  for (const kind of ['identityCenter', 'okta'] as const) {
    const options = { createIfNone: true };
    const asked = probe.getSession({ providerId: PROVIDERS[kind], scopes: SCOPES, options });
    await window.dialogs.allowSignIn();
    await finishSignIn(window, kind);
    await asked;
  }
  tokens = await tokensNow();
  for (const providerId of [PROVIDERS.identityCenter, PROVIDERS.okta])
    await untilStored(window.page, `${providerId}-`);
});

/** SHA-256 of each provider's token, which another extension gets without a question. */
async function tokensNow(): Promise<Record<string, string | undefined>> {
  const probe = await window.probe();
  const of = async (providerId: string) =>
    (await probe.getSession({ providerId, scopes: SCOPES, options: { silent: true } }))?.tokenHash;
  return { identityCenter: await of(PROVIDERS.identityCenter), okta: await of(PROVIDERS.okta) };
}

describe('a session survives', () => {
  it('a reload of the window', async () => {
    scene().sandbox.requestLog.clear();
    await reload();
    await statusShows(window, /^2 accounts$/);
    expect(await tokensNow()).toEqual(tokens);
    expect(scene().sandbox.requestLog.count()).toBe(0);
  });

  it('a restart of the server', async () => {
    await scene().host.restart();
    await reload();
    await statusShows(window, /^2 accounts$/);
    expect(await tokensNow()).toEqual(tokens);
    expect(scene().sandbox.requestLog.count()).toBe(0);
    expect(await window.accounts.entries()).toEqual(
      expect.arrayContaining([
        expect.stringContaining(LABELS.identityCenter),
        expect.stringContaining(ACCOUNTS.okta),
      ]),
    );
  });

  it('in a sealed record without readable content', () => {
    const records = stateFiles();
    expect(records).toHaveLength(2);
    for (const record of records) {
      expect(record).toMatchObject({ removed: false });
      expect(Object.values(record).join(' ')).not.toMatch(/aoaAAAAA|aorAAAAA|eyJ[\w-]+\.eyJ|accessToken/);
    }
  });
});

describe('sign-out', () => {
  it('ends the session here and at IAM Identity Center, by command', async () => {
    await signOut(window, ACCOUNTS.identityCenter);
    await statusShows(window, new RegExp(`^${ACCOUNTS.okta}$`));
    await expect.poll(() => scene().sandbox.identityCenter.stats().liveSessions, PATIENTLY).toBe(0);
    expect(await tokensNow()).toEqual({ okta: tokens['okta'], identityCenter: undefined });
  });

  it('ends the session here and at Okta, from the Accounts menu', async () => {
    await window.accounts.pick(new RegExp(ACCOUNTS.okta), 'Sign Out');
    await window.dialogs.answer(/./, 'Sign Out');
    await statusShows(window, /: Sign In$/);
    await expect.poll(() => scene().sandbox.okta.stats().liveGrants, PATIENTLY).toBe(0);
    expect(scene().sandbox.okta.stats().revocations).toBeGreaterThan(0);
    expect(await tokensNow()).toEqual({ okta: undefined, identityCenter: undefined });
  });

  it('leaves no account, question or message', async () => {
    const entries = (await window.accounts.entries()).join('\n');
    expect(entries).not.toContain(LABELS.identityCenter);
    expect(entries).not.toContain(ACCOUNTS.okta);
    expect(await window.quickInput.state()).toBeUndefined();
    expect(await window.notifications.shown()).toEqual([]);
    const probe = await window.probe();
    for (const providerId of Object.values(PROVIDERS))
      expect(await probe.getAccounts(providerId)).toEqual([]);
    expect(await probe.unhandledErrors()).toEqual([]);
  });

  it('leaves a removal record, and no secret', async () => {
    const records = stateFiles();
    expect(records).toHaveLength(2);
    // A seal over nothing: only the key's owner can remove a session.
    const text = expect.any(String) as string;
    const seal = { key: text, iv: text, tag: text, data: '' };
    for (const record of records)
      expect(record).toEqual({
        version: 1,
        generation: expect.any(Number) as number,
        removed: true,
        ...seal,
      });
    // Without the removal record, a forgotten secret would restore the session.
    rmSync(stateFolder(), { recursive: true });
    await reload();
    await statusShows(window, /: Sign In$/);
    expect(await tokensNow()).toEqual({ okta: undefined, identityCenter: undefined });
  });
});

/** The status bar item appears with the extension, which starts at about the same time as the probe. */
async function reload(): Promise<void> {
  await window.reload();
  await window.probe();
}

function stateFolder(): string {
  return join(scene().host.folders.userData, 'User/globalStorage', EXTENSION_ID, 'sessions');
}

function stateFiles(): object[] {
  return readdirSync(stateFolder())
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(stateFolder(), name), 'utf8')) as object);
}
