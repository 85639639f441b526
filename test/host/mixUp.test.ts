import { createHash } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';

import { ACCOUNTS, finishSignIn, signOut, startSignIn, statusShows } from './asPerson.ts';
import { shareScene } from './scene.ts';
import type { Workbench } from './workbench.ts';

/** An issuer outside Okta's domains without `iss` and without an issuer-specific redirect URI (RFC 9700, 4.4). */
const scene = shareScene({ sandbox: { okta: { ownRedirectUris: false } }, host: { isLean: true } });
const QUESTION = /^Do you trust /;
let window: Workbench;

beforeAll(async () => {
  window = await scene().openWindow();
});

it('asks in a modal dialog that names the host, the issuer and how to avoid the question', async () => {
  const { issuer } = scene().sandbox.okta;
  await startSignIn(window, 'okta');
  const { message, detail, buttons } = await window.dialogs.waitFor(QUESTION);
  expect(message).toBe(`Do you trust ${new URL(issuer).host}?`);
  expect(detail).toContain(`You’re asked once for this issuer: ${issuer}`);
  const own = createHash('sha256').update(issuer).digest('hex').slice(0, 16);
  expect(detail).toContain(`registering http://localhost:2128/oauth/callback/${own} as a redirect URI`);
  expect(buttons.toSorted()).toEqual(['Cancel', 'Trust and Continue']);
});

it('opens nothing after a no, and asks again', async () => {
  const pages = scene().browser.context.pages().length;
  await window.dialogs.answer(QUESTION, 'Cancel');
  await window.quickInput.waitUntilClosed();
  await statusShows(window, /: Sign In$/);
  expect(await window.dialogs.state()).toBeUndefined();
  expect(await window.notifications.shown()).toEqual([]);
  expect(scene().browser.context.pages()).toHaveLength(pages);
  expect(scene().sandbox.requestLog.count('okta.signIn')).toBe(0);
  await startSignIn(window, 'okta');
  await window.dialogs.waitFor(QUESTION);
});

it('continues after a yes', async () => {
  await window.dialogs.answer(QUESTION, 'Trust and Continue');
  await finishSignIn(window, 'okta');
  await statusShows(window, new RegExp(`^${ACCOUNTS.okta}$`));
});

it('does not ask again after a yes, even in a new window', async () => {
  await signOut(window);
  await statusShows(window, /: Sign In$/);
  await scene().forgetPeople();
  await window.reload();
  await window.probe();
  await startSignIn(window, 'okta');
  await finishSignIn(window, 'okta');
  await statusShows(window, new RegExp(`^${ACCOUNTS.okta}$`));
});
