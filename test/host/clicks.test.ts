import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { ACCOUNTS, allowAtIdentityCenter, COMMANDS, signInAtOkta, signOut, statusShows } from './asPerson.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

/**
 * Counts a user's actions in the editor from the first key to the completed sign-in. An action is a key or click
 * that needs a decision: opening the palette, choosing a command or row, submitting a value, answering a
 * question.
 */

const scene = shareScene({ host: { isLean: true } });
let window: Workbench;
const table: { readonly way: string; readonly actions: readonly string[]; readonly most: number }[] = [];

beforeAll(async () => {
  window = await scene().openWindow();
});

beforeEach(async () => {
  await scene().forgetPeople();
});

afterAll(() => {
  const rows = table.map(
    ({ way, actions, most }) => `${way}: ${actions.length} of at most ${most} (${actions.join(', ')})`,
  );
  process.stdout.write(`\nActions in the editor from the first key to signed in\n${rows.join('\n')}\n`);
});

/** Counts actions; every action of these tests goes through it. */
function counting() {
  const actions: string[] = [];
  const { quickInput, dialogs, statusBar } = window;
  return {
    actions,
    /** F1, then the typed command. */
    command: async (title: string) => {
      actions.push('F1', 'command');
      await window.runCommand(title);
    },
    status: async () => {
      actions.push('status bar');
      await statusBar.click('developer-sign-in.developer-sign-in');
    },
    row: async (label: string) => {
      await quickInput.waitFor({ item: label });
      await quickInput.untilItTakesChoices();
      actions.push(label);
      await quickInput.pick(label);
    },
    submit: async (what: string, message: RegExp, text: string) => {
      await quickInput.waitFor({ message });
      actions.push(what);
      await quickInput.submit(text);
    },
    /** VS Code's question before it opens an external page, as for real identity providers. */
    open: async () => {
      actions.push('Open');
      return dialogs.openExternal();
    },
  };
}

async function settings(connections: unknown): Promise<void> {
  const probe = await window.probe();
  await probe.updateSetting('developerSignIn.connections', connections);
}

async function done(way: string, actions: readonly string[], most: number, account: RegExp): Promise<void> {
  await statusShows(window, account);
  table.push({ way, actions, most });
  expect(await window.notifications.shown()).toEqual([]);
  expect(actions.length, actions.join(', ')).toBeLessThanOrEqual(most);
  await signOut(window);
  await statusShows(window, /: Sign In$/);
}

const okta = new RegExp(`^${ACCOUNTS.okta}$`);

describe('a known connection', () => {
  beforeEach(() => settings(scene().connections));

  it('Okta, from the palette: 3', async () => {
    const { actions, command, open } = counting();
    await command(COMMANDS.okta);
    const page = await open();
    await signInAtOkta(page);
    await page.close();
    await done('Okta, known connection', actions, 3, okta);
  });

  it('Okta, from the status bar: 3', async () => {
    const { actions, status, row, open } = counting();
    await status();
    await row('Sandbox Okta');
    const page = await open();
    await signInAtOkta(page);
    await page.close();
    await done('Okta, known connection, from the status bar', actions, 3, okta);
  });

  it('Identity Center, from the palette: 4', async () => {
    const { actions, command, row, open } = counting();
    await command(COMMANDS.identityCenter);
    await row('Copy Code and Proceed');
    const page = await open();
    await allowAtIdentityCenter(page);
    await page.close();
    await done('Identity Center, known connection', actions, 4, /^Sandbox Identity Center$/);
  });
});

describe('the first time', () => {
  beforeEach(() => settings([]));

  it('Okta: 5', async () => {
    const { issuer, clientId } = scene().sandbox.okta;
    const { actions, command, submit, open } = counting();
    await command(COMMANDS.okta);
    await submit('issuer', /issuer/, issuer);
    await submit('client ID', /client id/i, clientId);
    const page = await open();
    await signInAtOkta(page);
    await page.close();
    await done('Okta, first time', actions, 6, okta);
  });

  it('Identity Center, without knowing the Region: 6', async () => {
    const { actions, command, submit, row, open } = counting();
    await command(COMMANDS.identityCenter);
    await submit('start URL', /start URL/, scene().sandbox.identityCenter.startUrl);
    await row('Detect Region Automatically');
    await row('Copy Code and Proceed');
    const page = await open();
    await allowAtIdentityCenter(page);
    await page.close();
    await done('Identity Center, first time', actions, 6, /^IAM Identity Center \(d-9067642ac7\)$/);
  });
});
