import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { projectRoot } from '../tools/lib/paths.ts';
import { ACCOUNTS, finishSignIn, meanConnection, statusShows } from './asPerson.ts';
import { eventually } from './eventually.ts';
import { shareScene } from './scene.ts';
import { openWalkthrough } from './walkthrough.ts';
import type { Workbench } from './workbench.ts';

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly { readonly title: string; readonly media: { readonly altText: string } }[];
    }[];
  };
}

const read = (file: string): unknown => JSON.parse(readFileSync(join(projectRoot, file), 'utf8'));
const { walkthroughs } = (read('package.json') as Manifest).contributes;
const nls = read('package.nls.json') as Record<string, string>;
const word = (placeholder: string): string => nls[placeholder.slice(1, -1)] ?? placeholder;

const scene = shareScene({ host: { isLean: true } });
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

describe.each(walkthroughs)('the walkthrough $id', ({ id, steps }) => {
  it('has a picture with alternative text for every step', async () => {
    const walkthrough = await openWalkthrough(window, id);
    expect((await walkthrough.steps()).map(({ title }) => title)).toEqual(
      steps.map(({ title }) => word(title)),
    );
    for (const { title, media } of steps) {
      await walkthrough.select(word(title));
      await (await walkthrough.picture(word(media.altText))).waitFor();
    }
  });
});

describe('values that an administrator types', () => {
  const issuer = () => scene().sandbox.okta.issuer;

  it('are copied by a button, which completes the step', async () => {
    const walkthrough = await openWalkthrough(window, 'kiroWithOkta');
    const copies = async (label: string, text: string) => {
      await walkthrough.press(label);
      await copied(text);
    };
    await walkthrough.select('1. Okta: the sign-in application');
    await copies('Kiro-OIDC', 'Kiro-OIDC');
    expect(await isDone('1. Okta: the sign-in application')).toBe(false);
    await walkthrough.press('Copy Redirect URIs');
    await walkthrough.waitUntilDone('1. Okta: the sign-in application');
    const uris = await eventually('twenty addresses', async () => {
      const lines = (await window.clipboard()).split('\n');
      return lines.length === 20 ? lines : undefined;
    });
    expect(uris).toContain('http://localhost:2128/oauth/callback');

    await walkthrough.select('4. Okta: server and scopes');
    await copies('Copy codewhisperer:completions', 'codewhisperer:completions');
    await copies('Copy codewhisperer:conversations', 'codewhisperer:conversations');
    await walkthrough.waitUntilDone('4. Okta: server and scopes');

    async function isDone(title: string): Promise<boolean | undefined> {
      return (await walkthrough.steps()).find((one) => one.title === title)?.done;
    }
  });

  it('are derived from console values: the metadata address with and without its suffix', async () => {
    const walkthrough = await openWalkthrough(window, 'kiroWithOkta');
    await walkthrough.select('7. Kiro: the profile');
    await walkthrough.press('Copy Metadata URL');
    const { value } = await window.quickInput.waitFor({ title: /authorization server/ });
    expect(value).toBe(issuer()); // Uses the only Okta connection in the settings.
    await window.quickInput.submit(`${issuer()}/.well-known/oauth-authorization-server`);
    await copied(`${issuer()}/.well-known/openid-configuration`);
    await walkthrough.waitUntilDone('7. Kiro: the profile');
    await walkthrough.press('issuer');
    await window.quickInput.waitFor({ title: /authorization server/ });
    await window.quickInput.accept();
    await copied(issuer());
  });

  it('are derived from console values: the SCIM endpoint without its slash', async () => {
    const walkthrough = await openWalkthrough(window, 'identityCenterWithOkta');
    await walkthrough.select('3. AWS and Okta: provisioning');
    await walkthrough.press('Copy SCIM Endpoint');
    await window.quickInput.waitFor({ title: /SCIM endpoint/ });
    await window.quickInput.type('scim.example.com');
    await window.quickInput.accept();
    await window.quickInput.waitFor({ message: /starts with https/ });
    await window.quickInput.submit('https://scim.us-east-1.amazonaws.com/1a2b/scim/v2/');
    await copied('https://scim.us-east-1.amazonaws.com/1a2b/scim/v2');
    await walkthrough.waitUntilDone('3. AWS and Okta: provisioning');
  });
});

it('a user who follows the walkthrough signs in and completes its steps', async () => {
  const walkthrough = await openWalkthrough(window, 'getStarted');
  await walkthrough.select('Choose how you sign in');
  await walkthrough.press('Sign In with Okta');
  await meanConnection(window, 'Sandbox Okta');
  await walkthrough.waitUntilDone('Choose how you sign in');
  await finishSignIn(window, 'okta');
  await statusShows(window, new RegExp(ACCOUNTS.okta));
  await walkthrough.waitUntilDone('Finish in your browser');
  await walkthrough.waitUntilDone('Trouble signing in?');
  await walkthrough.select('Manage your accounts');
  await walkthrough.press('Manage Accounts');
  await window.quickInput.waitFor({ item: new RegExp(ACCOUNTS.okta) });
  await window.quickInput.hide();
  await walkthrough.waitUntilDone('Manage your accounts');
  expect(await window.notifications.shown()).toEqual([]);
});

it('Check SSO Setup opens the administrators’ guides, which are separate', async () => {
  await window.runCommand('SSO: Check SSO Setup');
  const { items } = await window.quickInput.waitFor({ item: /^Setup guide: / });
  expect(items.filter(({ label }) => label.startsWith('Setup guide: '))).toHaveLength(2);
  await window.quickInput.pick(items.find(({ label }) => label.startsWith('Setup guide: '))?.label ?? '');
  await window.page.locator('.getting-started-step[data-step-id*="#kiroWithOkta#"]').first().waitFor();
});

async function copied(text: string): Promise<void> {
  await eventually(`"${text}" in the clipboard`, async () =>
    (await window.clipboard()) === text ? true : undefined,
  );
}
