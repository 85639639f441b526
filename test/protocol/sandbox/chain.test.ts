import { describe, expect, it } from 'vitest';
import { ANA, SCOPES } from './identityCenterWorld.ts';
import { credentialsOf, useChain } from './chainWorld.ts';

const world = useChain();

describe('signing in with an IAM Identity Center whose identity source is Okta', () => {
  it('goes from the code over Okta to the question, and from the token to the suggestion', async () => {
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

  it('asks nothing at Okta in a browser that is signed in there, and everything for somebody else', async () => {
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

  it('takes a sign-in at one application of Okta for the other', async () => {
    const { okta } = world.chain;
    const browser = world.browser();
    await browser.open((await world.startSignIn()).verificationUriComplete);
    await browser.press('Confirm and continue');
    await browser.press('Sign in', credentialsOf(ANA));
    const query = new URLSearchParams({
      client_id: okta.clientId,
      redirect_uri: 'http://localhost:2128/oauth/callback',
      response_type: 'code',
      scope: 'codewhisperer:completions',
      state: 'state',
      code_challenge: 'A'.repeat(43),
      code_challenge_method: 'S256',
      prompt: 'none',
    });
    await browser.open(`${okta.issuer}/v1/authorize?${query}`);
    expect(browser.left()).toMatch(/^http:\/\/localhost:2128\/oauth\/callback\?.*code=/);
  });

  it.each([
    ['fay@example.com', /fay@example\.com is not known here: .* has not provisioned/],
    ['eli@example.com', /account eli@example\.com is deactivated/],
    ['cho@example.com', /cho@example\.com is not assigned to AWS IAM Identity Center/],
  ])('refuses %s in words, and the code stays open for somebody else', async (username, words) => {
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
    'lets %s, who was refused, sign in as someone else',
    async (username) => {
      const browser = world.browser();
      await browser.open((await world.startSignIn()).verificationUriComplete);
      await browser.press('Confirm and continue');
      await browser.press('Sign in', credentialsOf(username));
      expect((await browser.press('Sign in as someone else')).heading).toBe('Sign In');
      expect((await browser.press('Sign in', credentialsOf(ANA))).text).toContain('Signed in as Ana Alves');
    },
  );

  it('refuses somebody who is deactivated between the sign-in and the answer', async () => {
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

  it('keeps its people apart from those of an instance with a directory of its own', async () => {
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
  it('answers nobody whose group it has not been given to', async () => {
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
