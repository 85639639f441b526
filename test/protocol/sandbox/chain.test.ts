import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ANA, SCOPES } from './identityCenterWorld.ts';
import { credentialsOf, useChain } from './chainWorld.ts';

const REDIRECT_URI = 'http://localhost:2128/oauth/callback';

const world = useChain();

/** An authorization request to the OIDC application. */
function oktaAuthorization(changes: Readonly<Record<string, string>> = {}): string {
  const { clientId, issuer } = world.chain.okta;
  const query = new URLSearchParams({
    client_id: clientId,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: 'codewhisperer:completions',
    state: 'state',
    code_challenge: 'A'.repeat(43),
    code_challenge_method: 'S256',
    ...changes,
  });
  return `${issuer}/v1/authorize?${query}`;
}

describe('signing in with an IAM Identity Center whose identity source is Okta', () => {
  it('goes from the code through Okta to consent, and from the token to a suggestion', async () => {
    const { startSignIn, complete } = world;
    const device = await startSignIn();
    const browser = world.browser();

    const code = await browser.open(device.verificationUriComplete);
    expect(code.heading).toBe('Authorization requested');
    const okta = await browser.press('Confirm and continue');
    expect([okta.heading, okta.labels]).toEqual(['Sign In', ['Username', 'Password']]);
    expect(okta.text).toContain('Okta');

    const wrong = await browser.press('Sign in', { Username: ANA, Password: 'wrong' });
    expect([wrong.heading, wrong.alert]).toEqual(['Sign In', 'Unable to sign in']);
    const consent = await browser.press('Sign in', credentialsOf(ANA));
    expect(consent.heading).toBe('Allow Developer Sign-In to access your data?');
    expect(consent.text).toContain('Signed in as Ana Alves (ana@example.com).');
    expect((await browser.press('Allow access')).heading).toBe('Request approved');

    expect(await complete(await device.poll())).toEqual({
      status: 200,
      body: { suggestion: 'return a + b;', scopes: SCOPES },
    });
  });

  it('skips the sign-in in a browser that is signed in to Okta, but not for another user', async () => {
    const browser = world.browser();
    await browser.open((await world.startSignIn()).verificationUriComplete);
    await browser.press('Confirm and continue');
    await browser.press('Sign in', credentialsOf(ANA));
    world.chain.requestLog.clear();

    const again = await browser.press('Sign in as someone else');
    expect(again.heading).toBe('Sign In');
    const other = await browser.press('Sign in', credentialsOf('ben@example.com'));
    expect(other.text).toContain('Signed in as Ben Berg');
  });

  it('reuses a sign-in at one Okta application for the other', async () => {
    const samlFirst = world.browser();
    await samlFirst.open((await world.startSignIn()).verificationUriComplete);
    await samlFirst.press('Confirm and continue');
    await samlFirst.press('Sign in', credentialsOf(ANA));
    await samlFirst.open(oktaAuthorization({ prompt: 'none' }));
    expect(samlFirst.left()).toMatch(/^http:\/\/localhost:2128\/oauth\/callback\?.*code=/);

    const oidcFirst = world.browser();
    await oidcFirst.open(oktaAuthorization());
    await oidcFirst.press('Sign in', credentialsOf(ANA));
    await oidcFirst.open((await world.startSignIn()).verificationUriComplete);
    const page = await oidcFirst.press('Confirm and continue');
    expect(page.text).toContain('Signed in as Ana Alves');

    // *Clear user sessions* applies to all applications too.
    world.chain.okta.endSessions(ANA);
    expect((await oidcFirst.press('Sign in as someone else')).heading).toBe('Sign In');
  });

  it('leads from the authorization endpoint through Okta back to the application', async () => {
    const { chain, browser } = world;
    const endpoint = chain.identityCenter.endpoint.replace('{region}', chain.federated.region);
    const redirectUri = 'http://127.0.0.1/oauth/callback';
    const registered = await fetch(`${endpoint}/client/register`, {
      method: 'POST',
      body: JSON.stringify({
        clientName: 'Developer Sign-In',
        clientType: 'public',
        scopes: SCOPES,
        grantTypes: ['authorization_code', 'refresh_token'],
        redirectUris: [redirectUri],
        issuerUrl: chain.federated.startUrl,
      }),
    });
    const { clientId } = (await registered.json()) as { clientId: string };
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: redirectUri,
      scopes: SCOPES.join(' '),
      state: 'state',
      code_challenge: 'A'.repeat(43),
      code_challenge_method: 'S256',
    });
    const person = browser();
    const okta = await person.open(`${endpoint}/authorize?${query}`);
    expect(okta.text).toContain('to continue to AWS IAM Identity Center');
    await person.press('Sign in', credentialsOf(ANA));
    await person.press('Allow access');
    expect(person.left()).toMatch(/^http:\/\/127\.0\.0\.1\/oauth\/callback\?code=[^&]+&state=state$/);
  });

  it.each([
    ['fay@example.com', /fay@example\.com is not known here: .* has not provisioned/],
    ['eli@example.com', /account eli@example\.com is deactivated/],
    ['cho@example.com', /cho@example\.com is not assigned to AWS IAM Identity Center/],
  ])('rejects %s with an explanation, and keeps the code open for another user', async (username, words) => {
    const device = await world.startSignIn();
    const browser = world.browser();
    await browser.open(device.verificationUriComplete);
    await browser.press('Confirm and continue');
    const refused = await browser.press('Sign in', credentialsOf(username));
    expect(refused).toMatchObject({
      status: 403,
      alert: expect.stringMatching(words) as string,
    });
    await expect(device.poll()).rejects.toMatchObject({ name: 'AuthorizationPendingException' });
  });

  it.each(['fay@example.com', 'cho@example.com'])(
    'lets %s, who was rejected, sign in as someone else',
    async (username) => {
      const browser = world.browser();
      await browser.open((await world.startSignIn()).verificationUriComplete);
      await browser.press('Confirm and continue');
      await browser.press('Sign in', credentialsOf(username));
      expect((await browser.press('Sign in as someone else')).heading).toBe('Sign In');
      expect((await browser.press('Sign in', credentialsOf(ANA))).text).toContain('Signed in as Ana Alves');
    },
  );

  it('rejects a user who is deactivated between sign-in and consent', async () => {
    const { chain, startSignIn } = world;
    const browser = world.browser();
    const device = await startSignIn();
    await browser.open(device.verificationUriComplete);
    await browser.press('Confirm and continue');
    await browser.press('Sign in', credentialsOf('ben@example.com'));
    chain.okta.assignments.unassign('saml', 'Developers');
    await chain.provisioning.run();
    try {
      const refused = await browser.press('Allow access');
      expect(refused.alert).toBe('The account ben@example.com is deactivated here.');
      await expect(device.poll()).rejects.toMatchObject({ name: 'AuthorizationPendingException' });
    } finally {
      chain.okta.assignments.assign('saml', 'Developers');
      await chain.provisioning.run();
      chain.deactivate('eli@example.com');
    }
  });

  it('keeps its users separate from those of an instance with its own directory', async () => {
    const { chain } = world;
    const browser = world.browser();
    await browser.open((await world.startSignIn()).verificationUriComplete);
    await browser.press('Confirm and continue');
    await browser.press('Sign in', credentialsOf(ANA));
    const own = chain.identityCenter.endpoint.replace('{region}', chain.identityCenter.region);
    const registered = (await (
      await fetch(`${own}/client/register`, {
        method: 'POST',
        body: JSON.stringify({ clientName: 'Other', clientType: 'public', scopes: SCOPES }),
      })
    ).json()) as Record<string, unknown>;
    const { clientId, clientSecret } = registered;
    const { startUrl } = chain.identityCenter;
    const started = (await (
      await fetch(`${own}/device_authorization`, {
        method: 'POST',
        body: JSON.stringify({ clientId, clientSecret, startUrl }),
      })
    ).json()) as { verificationUriComplete: string };
    await browser.open(started.verificationUriComplete);
    const page = await browser.press('Confirm and continue');
    expect([page.heading, page.labels]).toEqual(['Sign in', ['Username', 'Password']]);
    expect(page.text).toContain('action="/sign-in"');
  });
});

describe('the service behind', () => {
  it('rejects a user who is assigned only to the OIDC application, even though the sign-in works', async () => {
    const { okta } = world.chain;
    const verifier = 'verifier-that-is-long-enough-for-the-specification';
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const signIn = async (username: string): Promise<number> => {
      const arrival = await okta.authorize(oktaAuthorization({ code_challenge: challenge }), username);
      const body = new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: okta.clientId,
        redirect_uri: REDIRECT_URI,
        code: new URL(arrival.location ?? '').searchParams.get('code') ?? '',
        code_verifier: verifier,
      });
      const answer = await fetch(`${okta.issuer}/v1/token`, { method: 'POST', body });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      const headers = { authorization: `Bearer ${token}`, tokentype: 'EXTERNAL_IDP' };
      return (await fetch(okta.protectedUrl, { headers })).status;
    };
    expect(await signIn(ANA)).toBe(200);
    expect(await signIn('dee@example.com')).toBe(403);
  });

  it('rejects a user whose group does not have access', async () => {
    const { chain, startSignIn, complete } = world;
    const device = await startSignIn();
    const browser = world.browser();
    await browser.open(device.verificationUriComplete);
    await browser.press('Confirm and continue');
    await browser.press('Sign in', credentialsOf(ANA));
    await browser.press('Allow access');
    const token = await device.poll();
    expect((await complete(token)).status).toBe(200);
    chain.federated.entitledGroups.delete('Developers');
    expect(await complete(token)).toEqual({
      status: 403,
      body: { error: 'access_denied', message: 'User is not subscribed to this service.' },
    });
    chain.federated.entitledGroups.add('Developers');
    expect((await complete('aoaAAAAAwrong')).status).toBe(401);
  });
});
