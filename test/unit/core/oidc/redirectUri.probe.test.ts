import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { findRedirectUriStatus } from '../../../../src/core/oidc/redirectUri.ts';
import type { HttpFetch } from '../../../../src/core/ports.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { authorizationServer, oktaConnection } from '../../fakes/examples.ts';

const never = new AbortController().signal;
const uri = (port: number) => `http://localhost:${port}/oauth/callback`;
const application = {
  server: authorizationServer,
  clientId: oktaConnection.clientId,
  scopes: ['codewhisperer:completions', 'offline_access'],
};
const errorPage = () => new Response('<p>400', { status: 400, headers: { 'content-type': 'text/html' } });

const registrationOf = async (http: HttpFetch, signal = never) =>
  (await findRedirectUriStatus(http, application, [uri(8008)], signal)).registration;

/** An Okta organization with these registered redirect URIs. */
const okta = (...registered: readonly string[]) =>
  answeringHttp((url) => {
    const asked = url.searchParams.get('redirect_uri') ?? '';
    return registered.includes(asked) ? redirectTo(`${asked}?error=login_required`) : errorPage();
  });

describe('findRedirectUriStatus: a redirect URI', () => {
  test.each<readonly [string, string, () => Response | Error]>([
    [
      'registered',
      'the browser would come to it with login_required',
      () => redirectTo(`${uri(8008)}?error=login_required&state=x`),
    ],
    ['registered', 'with whatever other error', () => redirectTo(`${uri(8008)}?error=access_denied`)],
    ['registered', 'as it is', () => redirectTo(uri(8008), 303)],
    ['notRegistered', 'an error page says 400', errorPage],
    ['notKnown', 'a sign-in page comes instead', () => redirectTo('https://example.okta.com/login')],
    [
      'notKnown',
      'a longer path only begins alike',
      () => redirectTo(`${uri(8008)}/other?error=login_required`),
    ],
    ['notKnown', 'another host only begins alike', () => redirectTo('http://localhost:80080/oauth/callback')],
    ['notKnown', 'a redirect leads nowhere', () => new Response(null, { status: 302 })],
    ['notKnown', 'a page says 200', () => new Response('<form>', { status: 200 })],
    [
      'notKnown',
      'a page names our address and says 200',
      () => new Response(null, { status: 200, headers: { location: uri(8008) } }),
    ],
    ['notKnown', 'it is forbidden', () => new Response('', { status: 403 })],
    ['notKnown', 'it is not found', () => new Response('', { status: 404 })],
    ['notKnown', 'a proxy answers', () => new SignInError('proxy', { status: 403 })],
    ['notKnown', 'the network is down', () => new SignInError('network')],
    ['notKnown', 'the server is busy', () => new SignInError('rateLimited')],
    ['notKnown', 'something of ours breaks', () => new TypeError('broken')],
  ])('is %s: %s', async (registration, _, answer) => {
    const { http } = answeringHttp(answer);
    expect(await registrationOf(http)).toBe(registration);
  });

  test("is probed with the browser's request, without a user or cookies", async () => {
    const { http, asked } = okta();
    await registrationOf(http);
    const [[url, request] = []] = asked;
    expect(asked).toHaveLength(1);
    expect(`${url?.origin ?? ''}${url?.pathname ?? ''}`).toBe(authorizationServer.authorizationEndpoint);
    expect(Object.fromEntries(url?.searchParams ?? [])).toMatchObject({
      client_id: oktaConnection.clientId,
      response_type: 'code',
      redirect_uri: uri(8008),
      scope: 'codewhisperer:completions offline_access',
      code_challenge_method: 'S256',
      prompt: 'none',
    });
    expect(url?.searchParams.get('state')).toMatch(/^[\w-]{20,}$/);
    expect(request).toMatchObject({ method: 'GET', headers: { accept: 'text/html' }, signal: never });
    expect(JSON.stringify(request?.headers)).not.toMatch(/cookie/i);
  });

  test('is unknown after canceling, without a rejection', async () => {
    const { http, asked } = okta(uri(8008));
    const over = AbortSignal.abort(new SignInError('cancelled'));
    expect(await registrationOf(http, over)).toBe('notKnown');
    expect(asked).toEqual([]);
  });
});

describe('findRedirectUriStatus: the status of the redirect URIs', () => {
  const others = [uri(9091), uri(4649), uri(6588)];

  test('that are registered: the others are not probed', async () => {
    const { http, asked } = okta(uri(8008), uri(9091));
    expect(await findRedirectUriStatus(http, application, [uri(8008), ...others], never)).toEqual({
      redirectUri: uri(8008),
      registration: 'registered',
    });
    expect(asked).toHaveLength(1);
  });

  test('that are not: includes the first of the others that is, in order', async () => {
    const { http, asked } = okta(uri(6588), uri(4649));
    expect(await findRedirectUriStatus(http, application, [uri(8008), ...others], never)).toEqual({
      redirectUri: uri(8008),
      registration: 'notRegistered',
      registered: uri(4649),
    });
    expect(asked.map(([url]) => url.searchParams.get('redirect_uri'))).toEqual([uri(8008), ...others]);
  });

  test('with none registered: includes no other', async () => {
    const { http } = okta();
    const finding = await findRedirectUriStatus(http, application, [uri(8008), ...others], never);
    expect(finding).toEqual({ redirectUri: uri(8008), registration: 'notRegistered' });
  });

  test('with an unknown one: unknown, and the others are not probed', async () => {
    const { http, asked } = answeringHttp(() => new SignInError('network'));
    const finding = await findRedirectUriStatus(http, application, [uri(8008), ...others], never);
    expect(finding).toEqual({ redirectUri: uri(8008), registration: 'notKnown' });
    expect(asked).toHaveLength(1);
  });
});

describe('findRedirectUriStatus: finding 13: an error page reports', () => {
  const page = (text: string) =>
    new Response(text, { status: 400, headers: { 'content-type': 'text/html' } });
  const findingOf = (...answers: readonly string[]) => {
    const list = [...answers];
    const { http } = answeringHttp(() => page(list.shift() ?? ''));
    return findRedirectUriStatus(
      http,
      application,
      [uri(8008), ...answers.slice(1).map((_, index) => uri(9000 + index))],
      never,
    );
  };

  test.each([
    ['client_id', `<p class="o-form-explain">Invalid value for 'client_id' parameter.</p>`],
    ['client_id', '<p>Ung&uuml;ltiger Wert f&uuml;r den Parameter &#39;client_id&#39;.</p>'],
    ['client_id', '<p>「‘client_id’」パラメーターの値が無効です。</p>'],
    [
      'redirect_uri',
      `<p>The &#x27;redirect_uri&#x27; parameter must be a Login redirect URI in the client app settings: https://example-admin.okta.com/</p>`,
    ],
    ['redirect_uri', `<script>var request = {"client_id": "0oa1"};</script><p>The 'redirect_uri' is wrong`],
    [undefined, `<p>Your request resulted in an error.</p>`],
    [undefined, `<p>Check 'client_id' and 'redirect_uri'.</p>`],
    [undefined, `<a href="/authorize?client_id=0oa1&redirect_uri=x">Back</a>`],
    [undefined, ''],
  ])('%s', async (wrongParameter, text) => {
    expect(await findingOf(text)).toEqual({
      redirectUri: uri(8008),
      registration: 'notRegistered',
      ...(wrongParameter === undefined ? {} : { wrongParameter }),
    });
  });

  test('nothing if the pages of two ports differ', async () => {
    expect(await findingOf(`'client_id'`, `'redirect_uri'`)).not.toHaveProperty('wrongParameter');
  });

  test('a parameter only if no other port is registered', async () => {
    const { http } = answeringHttp((url) => {
      const asked = url.searchParams.get('redirect_uri') ?? '';
      return asked === uri(9000) ? redirectTo(`${asked}?error=login_required`) : page(`'redirect_uri'`);
    });
    expect(await findRedirectUriStatus(http, application, [uri(8008), uri(9000)], never)).toEqual({
      redirectUri: uri(8008),
      registration: 'notRegistered',
      registered: uri(9000),
    });
  });

  test('10.01: in linear time', async () => {
    const pages = [
      '<script>'.repeat(125_000),
      '<script'.repeat(140_000),
      `'client_id`.repeat(100_000),
      '<style>'.repeat(140_000),
    ];
    for (const text of pages) {
      const before = performance.now();
      await findingOf(text);
      expect(performance.now() - before).toBeLessThan(1000);
    }
  });
});
