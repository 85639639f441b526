import { afterAll, beforeAll, expect, it } from 'vitest';
import { CLIENT_ID, type OidcProvider } from '../sandbox/oidc/provider.ts';
import { checkOpenIdConnect } from './asAdministrator.ts';
import { COMMANDS, signInAtOkta, statusShows } from './asPerson.ts';
import { startOpenIdConnect } from './openIdConnect.ts';
import { shareScene } from './scene.ts';
import { setupViewOf } from './setupView.ts';
import type { Workbench } from './workbench.ts';

const scene = shareScene({ settings: { 'developerSignIn.connections': [] }, host: { isLean: true } });
let window: Workbench;
let provider: OidcProvider;

beforeAll(async () => {
  provider = await startOpenIdConnect(scene());
  window = await scene().openWindow();
});
afterAll(() => provider.close());

it('a user enters an issuer and a client ID, signs in, appears as an account, and also signs out in the browser', async () => {
  const { quickInput } = window;
  await window.runCommand(COMMANDS.oidc);
  await quickInput.waitFor({ title: /Sign In with OpenID Connect/, message: /issuer URL/ });
  await quickInput.submit(`${provider.issuer}/.well-known/openid-configuration`);
  await quickInput.waitFor({ message: /client ID/ });
  await quickInput.submit(CLIENT_ID);

  const page = await window.dialogs.openExternal();
  await signInAtOkta(page);
  await page.close();
  await quickInput.waitUntilClosed();
  await statusShows(window, /ana@example\.com/);
  const [asked] = provider.authorizeRequests;
  expect(asked?.get('scope')).toBe('openid profile offline_access');
  expect(asked?.get('redirect_uri')).toMatch(/^http:\/\/localhost:\d+\/oauth\/callback\/[0-9a-f]{16}$/);

  expect(await window.accounts.entries()).toContainEqual(
    expect.stringMatching(/ana@example\.com · \S+ \(OpenID Connect\)/),
  );
  expect(await window.notifications.shown()).toEqual([]);

  const live = provider.liveRefreshTokens();
  await window.runCommand(COMMANDS.signOut);
  const question = await window.dialogs.answer(/^Sign out of /, 'Sign Out in the Browser Too');
  expect(question.buttons.toSorted()).toEqual(['Cancel', 'Sign Out', 'Sign Out in the Browser Too']);
  const goodbye = await window.dialogs.openExternal();
  expect([...new URL(goodbye.url()).searchParams.keys()]).toEqual(['client_id']);
  await goodbye.getByRole('button', { name: 'Sign out' }).click();
  await goodbye.getByRole('heading', { name: 'Signed out' }).waitFor();
  await statusShows(window, /: Sign In$/);
  await expect.poll(() => provider.liveRefreshTokens()).toBe(live - 1);
});

it('an administrator checks the provider and sees what is wrong with its client', async () => {
  const view = setupViewOf(window.page);
  const { run } = await checkOpenIdConnect(window, provider, { testSignIn: true });
  await run();
  const page = await window.dialogs.openExternal();
  await signInAtOkta(page);
  await page.close();
  await view.messageFits(/: No problems found in what was checked \(12 of 12\) · 12 passed$/);
  // The tree is updated after the message above it.
  const steps = async () => (await view.rows()).map(({ label, description }) => `${label}: ${description}`);
  await expect
    .poll(steps, { timeout: 10_000 })
    .toEqual([
      '1. The provider: 4 passed',
      '2. The application: 5 passed',
      '3. Sign-in from the editor: 3 passed',
    ]);

  const mistyped = await checkOpenIdConnect(window, { ...provider, clientId: `${CLIENT_ID}x` });
  await mistyped.run();
  await view.revealed('Public client');
  await view.shows('Public client', /Failed/);
});
