import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { projectRoot } from '../tools/lib/paths.ts';
import { checkKiro } from './asAdministrator.ts';
import { ACCOUNTS, signIn, signOut, statusShows } from './asPerson.ts';
import { chosenEditor } from './editors.ts';
import { eventually } from './eventually.ts';
import { shareScene } from './scene.ts';
import { setupViewOf } from './setupView.ts';
import { openWalkthrough } from './walkthrough.ts';
import type { Workbench } from './workbench.ts';

/** One way through everything, short enough to be gone in every editor of editors.ts. Each part needs the one before. */
const scene = shareScene({ connected: true, browser: { size: { width: 1280, height: 1800 } } });
let window: Workbench;

const SCOPES = ['codewhisperer:completions', 'codewhisperer:conversations'];
const accounts = {
  identityCenter: /\(IAM Identity Center\)/,
  okta: /ana@example\.com .*\(Okta\)/,
} as const;

beforeAll(async () => {
  window = await scene().openWindow();
});

describe(`a journey in VS Code ${chosenEditor().codeServer.replace(/^4/, '1')}`, () => {
  it('begins with a sign-in to IAM Identity Center', async () => {
    await signIn(window, 'identityCenter');
    await accountsMenuHas(accounts.identityCenter);
  });

  it('goes on with a sign-in to Okta', async () => {
    await signIn(window, 'okta');
    await accountsMenuHas(accounts.identityCenter, accounts.okta);
    expect(await window.notifications.shown()).toEqual([]);
  });

  it('gives another extension a token that the service accepts', async () => {
    const probe = await window.probe();
    const asked = probe.getSession({
      providerId: 'okta',
      scopes: SCOPES,
      options: { createIfNone: true },
      use: { url: scene().sandbox.okta.protectedUrl, headers: { TokenType: 'EXTERNAL_IDP' } },
    });
    await window.dialogs.allowSignIn();
    await window.quickInput.waitFor({ title: /wants to access/ });
    await window.quickInput.accept();
    expect(await asked).toMatchObject({
      account: { label: expect.stringContaining(ACCOUNTS.okta) as string },
      use: { status: 200 },
    });
  });

  it('keeps both sign-ins over a reload', async () => {
    await window.reload();
    await window.probe();
    await accountsMenuHas(accounts.identityCenter, accounts.okta);
  });

  it('checks a setup, and finds nothing wrong', async () => {
    const { chain } = scene();
    if (chain === undefined) throw new Error('The scene was asked for connected.');
    const { run } = await checkKiro(window, chain);
    await run();
    const view = setupViewOf(window.page);
    await view.messageFits(/passed$/);
    expect(await view.message()).not.toMatch(/failed/);
    const icons = (await view.rows()).map(({ icon }) => icon);
    expect(icons).toContain('pass');
    expect(icons).not.toContain('error');
  });

  it('reads the walkthroughs', async () => {
    for (const { id, steps } of walkthroughs()) {
      const walkthrough = await openWalkthrough(window, id);
      expect(await walkthrough.steps()).toHaveLength(steps.length);
    }
    await (await window.probe()).executeCommand('workbench.action.closeAllEditors');
  });

  it('signs out of both', async () => {
    await signOut(window, new RegExp(ACCOUNTS.okta));
    await accountsMenuHas(accounts.identityCenter);
    await signOut(window);
    await statusShows(window, /Sign in$/i);
    const left = (await window.accounts.entries()).filter((entry) =>
      Object.values(accounts).some((account) => account.test(entry)),
    );
    expect(left).toEqual([]);
  });
});

async function accountsMenuHas(...wanted: readonly RegExp[]): Promise<void> {
  await eventually(`${wanted.join(' and ')} in the Accounts menu`, async () => {
    const entries = await window.accounts.entries();
    const known = entries.filter((entry) => Object.values(accounts).some((one) => one.test(entry)));
    return known.length === wanted.length && wanted.every((one) => known.some((entry) => one.test(entry)))
      ? true
      : undefined;
  });
}

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly { readonly id: string; readonly steps: readonly unknown[] }[];
  };
}

function walkthroughs(): Manifest['contributes']['walkthroughs'] {
  const manifest = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as Manifest;
  return manifest.contributes.walkthroughs;
}
