import { createHash } from 'node:crypto';
import { AccessDeniedException } from '@aws-sdk/client-sso-oidc';
import { expect, test } from 'vitest';
import { ANA, useIdentityCenter } from './identityCenterWorld.ts';
import { createPageBrowser, type Seen } from './pageBrowser.ts';

const world = useIdentityCenter();
const { register, startDevice, poll, createToken, endpoint } = world;

const createBrowser = () =>
  createPageBrowser({
    inside: () => [world.standIn.origin],
    onCookie: (set) => expect(set).toContain('; HttpOnly; SameSite=Lax'),
  });

const ANAS_PASSWORD = { Username: ANA, Password: 'sandbox-ana' };

test('from the link with the code to the page that may be closed', async () => {
  const credentials = await register();
  const device = await startDevice(credentials);
  const browser = createBrowser();

  const code = await browser.open(`${world.standIn.origin}/device?user_code=${device.userCode}`);
  expect([code.heading, code.labels]).toEqual(['Authorization requested', ['Code']]);
  expect(code.text).toContain(`value="${device.userCode}"`);

  const signIn = await browser.press('Confirm and continue');
  expect([signIn.heading, signIn.labels]).toEqual(['Sign in', ['Username', 'Password']]);

  const consent = await browser.press('Sign in', ANAS_PASSWORD);
  expect(consent.heading).toBe('Allow Developer Sign-In to access your data?');
  expect(consent.text).toContain('<li>codewhisperer:completions</li>');
  expect(consent.text).toContain('Signed in as Ana Alves (ana@example.com).');
  expect(consent.buttons).toEqual(['Allow access', 'Deny', 'Sign in as someone else']);

  const approved = await browser.press('Allow access');
  expect(approved.heading).toBe('Request approved');
  expect(approved.text).toContain('You can close this window.');
  const { accessToken } = await poll(credentials, device);
  expect(world.standIn.sessionOf(accessToken)?.username).toBe(ANA);
});

test('a code that is typed in lower case and without its dash', async () => {
  const { userCode } = await startDevice(await register());
  const browser = createBrowser();
  await browser.open(`${world.standIn.origin}/device`);
  const typed = userCode.toLowerCase().replace('-', '');
  expect((await browser.press('Confirm and continue', { Code: typed })).heading).toBe('Sign in');
});

test('a wrong or expired code shows an error, and can be typed again', async () => {
  const { userCode } = await startDevice(await register());
  const browser = createBrowser();
  await browser.open(`${world.standIn.origin}/device`);
  const wrong = await browser.press('Confirm and continue', { Code: 'XXXX-XXX' });
  expect([wrong.status, wrong.alert]).toEqual([400, 'The code is wrong or has expired.']);
  world.passSeconds(600);
  const expired = await browser.press('Confirm and continue', { Code: userCode });
  expect(expired.alert).toBe('The code is wrong or has expired.');
});

test('a wrong password shows an error, keeps the username, and creates no session', async () => {
  const { userCode } = await startDevice(await register());
  const browser = createBrowser();
  await browser.open(`${world.standIn.origin}/device?user_code=${userCode}`);
  const asked = await browser.press('Confirm and continue');
  expect(asked.text).toMatch(/name="username"[^>]*\sautofocus\s/);
  const wrong = await browser.press('Sign in', { Username: ANA, Password: 'sandbox-ben' });
  expect([wrong.status, wrong.heading]).toEqual([401, 'Sign in']);
  expect(wrong.alert).toBe('The username or password is incorrect.');
  expect(wrong.text).toContain(`value="${ANA}"`);
  expect(wrong.text).toMatch(/name="password"[^>]*\sautofocus\s/);
  expect(wrong.headers.getSetCookie()).toEqual([]);
  expect((await browser.press('Sign in', ANAS_PASSWORD)).heading).toMatch(/^Allow/);
});

test('the second sign-in skips the password, unless another user wants to sign in', async () => {
  const credentials = await register();
  const browser = createBrowser();
  const confirmNewCode = async (): Promise<Seen> => {
    const { userCode } = await startDevice(credentials);
    await browser.open(`${world.standIn.origin}/device?user_code=${userCode}`);
    return browser.press('Confirm and continue');
  };

  expect((await confirmNewCode()).heading).toBe('Sign in');
  await browser.press('Sign in', ANAS_PASSWORD);
  await browser.press('Allow access');
  expect((await confirmNewCode()).heading).toMatch(/^Allow/);

  expect((await browser.press('Sign in as someone else')).heading).toBe('Sign in');
  const ben = { Username: 'BEN@example.com', Password: 'sandbox-ben' };
  expect((await browser.press('Sign in', ben)).text).toContain('Signed in as Ben Berg');
});

test('a denial is shown, reaches the client, and cannot be undone by going back', async () => {
  const credentials = await register();
  const device = await startDevice(credentials);
  const browser = createBrowser();
  await browser.open(`${world.standIn.origin}/device?user_code=${device.userCode}`);
  await browser.press('Confirm and continue');
  await browser.press('Sign in', ANAS_PASSWORD);
  expect((await browser.press('Deny')).heading).toBe('Request denied');
  await expect(poll(credentials, device)).rejects.toBeInstanceOf(AccessDeniedException);
  const again = await browser.open(`${world.standIn.origin}/allow?for=${device.userCode}`);
  expect([again.status, again.alert]).toEqual([
    400,
    'This request has already been answered, or it has expired.',
  ]);
});

test('only a signed-in user can approve', async () => {
  const credentials = await register();
  const device = await startDevice(credentials);
  const body = new URLSearchParams({ for: device.userCode, decision: 'allow' });
  const response = await fetch(`${world.standIn.origin}/allow`, { method: 'POST', body });
  expect(await response.text()).toContain('<h1>Sign in</h1>');
  await expect(poll(credentials, device)).rejects.toMatchObject({ name: 'AuthorizationPendingException' });
});

test('from /authorize back to the redirect URI, with a code that yields a token', async () => {
  const redirectUri = 'http://127.0.0.1:49152/oauth/callback';
  const codeVerifier = 'v'.repeat(64);
  const credentials = await register({
    grantTypes: ['authorization_code', 'refresh_token'],
    redirectUris: ['http://127.0.0.1/oauth/callback'],
    issuerUrl: world.standIn.startUrl,
  });
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: credentials.clientId,
    redirect_uri: redirectUri,
    scopes: 'codewhisperer:completions',
    state: 'the-state',
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  });

  const browser = createBrowser();
  expect((await browser.open(`${endpoint()}/authorize?${query}`)).heading).toBe('Sign in');
  await browser.press('Sign in', ANAS_PASSWORD);
  expect(browser.left()).toBeUndefined();
  await browser.press('Allow access');

  const callback = new URL(browser.left() ?? '');
  expect(callback.origin + callback.pathname).toBe(redirectUri);
  expect(callback.searchParams.get('state')).toBe('the-state');
  const code = callback.searchParams.get('code') ?? '';
  const grant = { grantType: 'authorization_code', code, redirectUri, codeVerifier };
  const { accessToken } = await createToken(credentials, grant);
  expect(world.standIn.sessionOf(accessToken)?.username).toBe(ANA);
});

test('external text is escaped', async () => {
  const browser = createBrowser();
  const attack = '"><script>alert(1)</script>';
  const page = await browser.open(`${world.standIn.origin}/device?user_code=${encodeURIComponent(attack)}`);
  expect(page.text).not.toContain('<script');
  const { userCode } = await startDevice(await register({ clientName: '<b>Bold & co</b>' }));
  await browser.open(`${world.standIn.origin}/device?user_code=${userCode}`);
  await browser.press('Confirm and continue');
  const consent = await browser.press('Sign in', ANAS_PASSWORD);
  expect(consent.text).toContain('Allow &lt;b&gt;Bold &amp; co&lt;/b&gt; to access your data?');
});

test('a page allows no script, and its style only by hash', async () => {
  const page = await createBrowser().open(`${world.standIn.origin}/device`);
  const style = /<style>([\s\S]*?)<\/style>/.exec(page.text)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`style-src 'sha256-${hash}'`);
  expect(style).toContain('prefers-color-scheme: dark');
});
