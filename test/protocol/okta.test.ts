import { describe, expect, test } from 'vitest';
import { defaultScopesOf } from '../../src/core/connection/connection.ts';
import { ownRedirectPath, redirectUriAt } from '../../src/core/oidc/redirectUri.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { headless } from './headless.ts';
import { ana, ben, cho, personWho, signingInAtOkta } from './people.ts';
import { areFree, holdPort } from './ports.ts';
import { noSignal, useSandbox } from './scene.ts';
import { until, whileTimeFlies } from './testClock.ts';

const scene = useSandbox({ okta: { ownRedirectUris: true } });
/** The issuer-specific redirect URI of a port. */
const ownUri = async (port = 0) => redirectUriAt(port, await ownRedirectPath(scene.sandbox.okta.issuer));

describe('a first sign-in', () => {
  test('sends two requests after probing the redirect URI, and its token works', async () => {
    using product = scene.window();
    const { tokenSet, account } = await scene.signIn(product, 'okta');
    expect(scene.requests()).toEqual(['okta.metadata', 'okta.token:authorization_code']);
    expect(scene.sandbox.requestLog.count('okta.authorize')).toBe(2); // The probe, and Ana's browser.
    expect(tokenSet.scopes.toSorted()).toEqual(defaultScopesOf('okta').toSorted());
    const { issuer } = product.okta;
    expect(account).toEqual({ id: `${issuer} 00uana1sandbox5d7`, label: `${ana} (${issuer})`, name: ana });
    const headers = { authorization: `Bearer ${tokenSet.accessToken}`, TokenType: 'EXTERNAL_IDP' };
    const response = await fetch(scene.sandbox.okta.protectedUrl, { headers });
    expect(await response.json()).toMatchObject({ sub: ana });
  });

  test('requests exactly the three scopes, with PKCE S256 and only parameters that Okta supports', async () => {
    using product = scene.window();
    const person = signingInAtOkta(scene.sandbox, ana);
    await product.sessions.signIn(product.okta, {}, person, noSignal);
    const { searchParams, search } = new URL(person.turns[0]?.url ?? '');
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: 'code',
      client_id: product.okta.clientId,
      redirect_uri: await ownUri(scene.ports[0]),
      scope: 'codewhisperer:completions codewhisperer:conversations offline_access',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    });
    expect(search).not.toContain('+');
  });

  test('uses the login hint of its connection, or of its request', async () => {
    using product = scene.window();
    const person = signingInAtOkta(scene.sandbox, ana);
    const connection = { ...product.okta, loginHint: ana };
    await product.sessions.signIn(connection, {}, person, noSignal);
    await product.sessions.signIn(connection, { loginHint: 'a+n&a@example.com' }, person, noSignal);
    const hints = person.turns.map(({ url }) => new URL(url).searchParams.get('login_hint'));
    expect(hints).toEqual([ana, 'a+n&a@example.com']);
  });

  test('leaves no port and no UI behind', async () => {
    using product = scene.window();
    const person = signingInAtOkta(scene.sandbox, ana);
    await product.sessions.signIn(product.okta, {}, person, noSignal);
    expect([person.open, scene.clock.sleeping]).toEqual([0, 0]);
    expect(await areFree(scene.ports)).toBe(true);
  });

  test('ends on a page without the code in its address', async () => {
    using product = scene.window();
    let shown: Response | undefined;
    const person = personWho(async ({ url }) => {
      const { location } = await scene.sandbox.okta.authorize(url, ana);
      shown = await fetch(location ?? '');
    });
    await product.sessions.signIn(product.okta, {}, person, noSignal);
    expect(shown?.url).toBe(`${redirectUriAt(scene.ports[0] ?? 0, '/oauth/callback')}/signed-in`);
  });
});

describe('the redirect URI', () => {
  test('uses the first port that is free on both loopback addresses', async () => {
    await using _first = await holdPort('127.0.0.1', scene.ports[0]);
    await using _second = await holdPort('::1', scene.ports[1]);
    using product = scene.window();
    const person = signingInAtOkta(scene.sandbox, ana);
    await product.sessions.signIn(product.okta, {}, person, noSignal);
    const { searchParams } = new URL(person.turns[0]?.url ?? '');
    expect(searchParams.get('redirect_uri')).toBe(await ownUri(scene.ports[2]));
  });

  test('fails if every port is in use: reports each port, and asks nothing', async () => {
    await using _first = await holdPort('127.0.0.1', scene.ports[0]);
    await using _second = await holdPort('::1', scene.ports[1]);
    await using _third = await holdPort('127.0.0.1', scene.ports[2]);
    using product = scene.window();
    const person = personWho();
    const failure = await product.failureOf(product.sessions.signIn(product.okta, {}, person, noSignal));
    expect(failure.kind).toBe('portsUnavailable');
    expect(failure.details.ports).toEqual([
      { port: scene.ports[0], address: '127.0.0.1', code: 'EADDRINUSE' },
      { port: scene.ports[1], address: '::1', code: 'EADDRINUSE' },
      { port: scene.ports[2], address: '127.0.0.1', code: 'EADDRINUSE' },
    ]);
    expect(person.turns).toEqual([]);
  });

  /** Skips all waits except those for the user. */
  const flying = async (happened: () => boolean): Promise<void> => {
    await until(() => {
      scene.clock.wakeNext(5000);
      return happened();
    });
  };

  // Regression: the sign-in waited up to twenty seconds for the result of the redirect URI probe.
  test('switches to the next port as soon as the user asks for it', { timeout: 5000 }, async () => {
    scene.sandbox.faults.add({ at: 'okta.authorize', hang: true });
    using product = scene.window();
    const person = personWho();
    const failing = product.failureOf(product.sessions.signIn(product.okta, {}, person, noSignal));
    await flying(() => person.open === 1);
    person.choose('nextPort');
    await flying(() => person.turns.length === 2);
    const uris = person.turns.map(({ redirectUri }) => redirectUri);
    const shared = scene.ports.slice(0, 2).map((port) => redirectUriAt(port, '/oauth/callback'));
    expect(uris).toEqual(shared);
    person.giveUp();
    expect((await failing).kind).toBe('cancelled');
    await until(() => product.inFlight === 0);
  });

  test('that is not registered shows a page without a redirect, and times out after ten minutes', async () => {
    using product = scene.window();
    const held = await holdPort('127.0.0.1');
    const { port } = held;
    await held[Symbol.asyncDispose]();
    const arrived = Promise.withResolvers<number>();
    const person = personWho(async ({ url }) =>
      arrived.resolve((await scene.sandbox.okta.authorize(url, ana)).status),
    );
    const connection = { ...product.okta, redirectPorts: [port] };
    const signingIn = product.sessions.signIn(connection, {}, person, noSignal);
    const failing = product.failureOf(signingIn);
    expect(await arrived.promise).toBe(400);
    const before = scene.clock.now();
    expect((await whileTimeFlies(scene.clock, failing, Infinity)).kind).toBe('codeExpired');
    expect(scene.clock.now() - before).toBe(600_000);
    expect([person.open, await areFree([port])]).toEqual([0, true]);
  });
});

describe('errors from the organization', () => {
  test.each([
    ['a scope beyond the three', { scopes: [...defaultScopesOf('okta'), 'openid'] }, ana, 'policy'],
    ['a person the application is not assigned to', {}, cho, 'notAssigned'],
    ['a scope that is not configured', { scopes: ['codewhisperer:nonsense'] }, ana, 'scopeRefused'],
  ])('%s, without a token request', async (_what, change, username, kind) => {
    using product = scene.window();
    const person = signingInAtOkta(scene.sandbox, username);
    const connection = { ...product.okta, ...change };
    const failure = await product.failureOf(product.sessions.signIn(connection, {}, person, noSignal));
    expect(failure.kind).toBe(kind);
    expect(failure.details.description).not.toBeUndefined();
    expect(scene.requests()).toEqual(['okta.metadata']);
    expect([person.open, await areFree(scene.ports)]).toEqual([0, true]);
  });
});

describe('the user', () => {
  test('is asked again with prompt=login, which is not sent otherwise', async () => {
    using product = scene.window();
    const person = signingInAtOkta(scene.sandbox, ana);
    await product.sessions.signIn(product.okta, {}, person, noSignal);
    await product.sessions.signIn(product.okta, { prompt: 'login' }, person, noSignal);
    const prompts = person.turns.map(({ url }) => new URL(url).searchParams.get('prompt'));
    expect(prompts).toEqual([null, 'login']);
  });

  test('two users of one issuer have two sessions', async () => {
    using product = scene.window();
    const one = await scene.signIn(product, 'okta', ana);
    const other = await scene.signIn(product, 'okta', ben);
    expect(other.id).not.toBe(one.id);
    const { sessions } = await product.sessions.list();
    expect(sessions.map(({ account }) => account.name).toSorted()).toEqual([ana, ben]);
  });

  test('a second sign-in of the same user updates the one session', async () => {
    using product = scene.window();
    const first = await scene.signIn(product, 'okta', ana);
    const second = await scene.signIn(product, 'okta', ana);
    expect(second.id).toBe(first.id);
    const { sessions } = await product.sessions.list();
    expect(sessions.map(({ tokenSet }) => tokenSet)).toEqual([second.tokenSet]);
  });

  test('the same login at two issuers has two labels', async () => {
    const elsewhere = await startSandbox({ okta: scene.sandbox.okta.settings });
    try {
      using product = scene.window();
      using other = headless(elsewhere, { folder: product.folder, secrets: product.secrets });
      const here = await scene.signIn(product, 'okta', ana);
      const person = signingInAtOkta(elsewhere, ana);
      const { account } = await other.sessions.signIn(other.okta, {}, person, noSignal);
      expect(account.label).toBe(`${ana} (${other.okta.issuer})`);
      expect(here.account.label).toBe(`${ana} (${product.okta.issuer})`);
    } finally {
      await elsewhere.close();
    }
  });
});
