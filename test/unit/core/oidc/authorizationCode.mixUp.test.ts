import { describe, expect, test } from 'vitest';
import type { SignInError } from '../../../../src/core/oauth/errors.ts';
import { dialects } from '../../../../src/core/oauth/errorMeanings.ts';
import { authorizationCodeGrant } from '../../../../src/core/oidc/authorizationCode.ts';
import { ownRedirectPath } from '../../../../src/core/oidc/redirectUri.ts';
import { takePasted } from '../../../../src/input/pastedCallback.ts';
import { oktaClient } from '../../fakes/oktaClient.ts';
import { answeringHttp, redirectTo } from '../../fakes/answeringHttp.ts';
import { doneOf } from '../../fakes/doneOf.ts';
import { authorizationServer, january } from '../../fakes/examples.ts';
import { fakeClock } from '../../fakes/fakeClock.ts';
import { fakeLog } from '../../fakes/fakeLog.ts';
import { fakeLoopback } from '../../fakes/fakeLoopback.ts';
import { fakePerson } from '../../fakes/fakePerson.ts';
import { settleUntil } from '../../fakes/settle.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const custom = 'https://login.example.com/oauth2/aus1';
const server = {
  issuer: custom,
  authorizationEndpoint: `${custom}/v1/authorize`,
  tokenEndpoint: `${custom}/v1/token`,
  issParameter: false,
};
const own = await ownRedirectPath(custom);
const shared = '/oauth/callback';
const uri = (path: string, port = 8008) => `http://localhost:${port}${path}`;

interface Case {
  readonly server?: Partial<typeof server>;
  readonly registered?: readonly string[];
  readonly allowedIssuers?: readonly string[];
  readonly ports?: readonly number[];
  /** The server's page for an unknown request. */
  readonly page?: string;
}

/** A sign-in that runs automatically; the server knows the redirect URIs in `registered`. */
function begin({
  registered = [],
  ports: redirectPorts = [8008],
  allowedIssuers,
  page = '400',
  ...given
}: Case = {}) {
  const { http, asked } = answeringHttp((url, { method }) => {
    if (method === 'POST')
      return Response.json({ token_type: 'Bearer', access_token: 'access-1', expires_in: 3600 });
    const redirectUri = url.searchParams.get('redirect_uri') ?? '';
    return registered.includes(redirectUri)
      ? redirectTo(`${redirectUri}?error=login_required`)
      : new Response(page, { status: 400 });
  });
  const ports = {
    clock: fakeClock(january),
    http,
    log: fakeLog(),
    loopback: fakeLoopback(),
    user: fakePerson(),
  };
  const asker = new AbortController();
  const at = { ...server, ...given.server };
  const request = { dialect: dialects.okta, scopes: ['offline_access'], redirectPorts, allowedIssuers };
  const outcome = authorizationCodeGrant(oktaClient(ports, at), request, asker.signal);
  const done = outcome.then(doneOf);
  done.catch(() => undefined);
  const shown = async () => {
    await settleUntil(() => ports.user.open === 1);
    const { searchParams } = new URL(ports.user.turns.at(-1)?.url ?? '');
    return {
      redirectUri: searchParams.get('redirect_uri'),
      state: searchParams.get('state') ?? '',
      finding: await ports.user.turns.at(-1)?.redirectStatus,
    };
  };
  const posts = () => asked.filter(([, { method }]) => method === 'POST').length;
  const probed = () =>
    asked.flatMap(([url, { method }]) =>
      method === 'GET' ? [new URL(url).searchParams.get('redirect_uri')] : [],
    );
  return { ...ports, asker, done, shown, posts, probed };
}

describe('authorizationCodeGrant: 01.20: before the browser is opened', () => {
  test('uses an issuer-specific redirect URI if there is one, without a question', async () => {
    const { user, loopback, shown, done, probed } = begin({ registered: [uri(own)] });
    const { redirectUri, state, finding } = await shown();
    expect(redirectUri).toBe(uri(own));
    expect(finding).toEqual({ redirectUri: uri(own), registration: 'registered' });
    expect(user.asked).toEqual([]);
    expect(probed()).toEqual([uri(own)]); // Already known, so it is not probed again.
    loopback.arrive({ code: 'code-1', state }, own);
    expect((await done).redirect).toEqual({ uri: uri(own), defense: 'ownRedirectUri' });
  });

  test('asks to confirm an issuer without one', async () => {
    const { user, loopback, shown, done } = begin({ registered: [uri(shared)] });
    const { redirectUri, state } = await shown();
    expect(user.asked).toEqual([{ issuer: custom, ownRedirectUri: uri(own), mayAsk: true }]);
    expect(redirectUri).toBe(uri(shared));
    loopback.arrive({ code: 'code-1', state });
    expect((await done).redirect).toEqual({ uri: uri(shared), defense: 'confirmed' });
  });

  test('cancels without opening anything if the user does not trust the issuer', async () => {
    const begun = begin({ registered: [uri(shared)] });
    begun.user.distrust();
    expect(await rejectionOf(begun.done)).toMatchObject({
      kind: 'cancelled',
      details: { reason: 'issuerNotTrusted' },
    });
    expect(begun.user.turns).toEqual([]);
    expect(begun.loopback.listening).toBe(0);
  });

  test('reports an unknown client, without asking about its server', async () => {
    const { user, done } = begin({ page: "Invalid value for 'client_id' parameter." });
    expect(await rejectionOf(done)).toMatchObject({
      kind: 'registrationRefused',
      details: { host: 'login.example.com', reason: 'unknownClient' },
    });
    expect([user.turns, user.asked]).toEqual([[], []]);
  });

  test('does not ask about an issuer in the policy', async () => {
    const { user, loopback, shown, done } = begin({ allowedIssuers: [custom] });
    const { redirectUri, state } = await shown();
    expect([redirectUri, user.asked]).toEqual([uri(shared), []]);
    loopback.arrive({ code: 'code-1', state });
    expect((await done).redirect.defense).toBe('policy');
  });

  test('does not ask about an issuer that lists iss, and does not probe first', async () => {
    const { user, loopback, shown, done, probed } = begin({ server: { issParameter: true } });
    const { redirectUri, state } = await shown();
    expect([redirectUri, user.asked, probed()]).toEqual([uri(shared), [], [uri(shared)]]);
    loopback.arrive({ code: 'code-1', state, iss: custom });
    expect((await done).redirect.defense).toBe('iss');
  });

  test('does not ask about an Okta organization, with one request besides the prompt', async () => {
    const { user, shown, probed, asker } = begin({ server: authorizationServer });
    expect((await shown()).redirectUri).toBe(uri(shared));
    expect([user.asked, probed()]).toEqual([[], [uri(shared)]]);
    asker.abort();
  });

  test('an own redirect URI of another port is found before the person is asked, and taken', async () => {
    const { user, shown, asker } = begin({ registered: [uri(own, 4649)], ports: [8008, 4649] });
    const { redirectUri, finding } = await shown();
    expect([redirectUri, user.asked]).toEqual([uri(own, 4649), []]);
    expect(finding).toMatchObject({ registration: 'registered' });
    asker.abort();
  });

  test('does not ask again about the same issuer for the next port', async () => {
    const { user, shown, asker } = begin({ ports: [8008, 4649] });
    await shown();
    user.choose('nextPort');
    await settleUntil(() => user.turns.length === 2);
    expect(user.asked).toHaveLength(1);
    asker.abort();
  });

  test('keeps the issuer-specific redirect URI for the next port', async () => {
    const { user, shown, asker } = begin({ registered: [uri(own), uri(own, 4649)], ports: [8008, 4649] });
    await shown();
    user.choose('nextPort');
    await settleUntil(() => user.turns.length === 2);
    expect(user.turns[1]?.redirectUri).toBe(uri(own, 4649));
    asker.abort();
  });
});

describe('authorizationCodeGrant: 01.20, 10.10: a callback with our state from another server', () => {
  test.each<readonly [string, Case, Readonly<Record<string, string>>, string]>([
    ['with the iss of another', {}, { code: 'c', iss: 'https://evil.example' }, shared],
    [
      'with an error and the iss of another',
      {},
      { error: 'access_denied', iss: 'https://evil.example' },
      shared,
    ],
    ['with an empty iss', {}, { code: 'c', iss: '' }, shared],
    ['with the issuer and a slash', {}, { code: 'c', iss: `${custom}/` }, shared],
    ['without the iss that was announced', { server: { issParameter: true } }, { code: 'c' }, shared],
    ['with another iss than announced', { server: { issParameter: true } }, { code: 'c', iss: 'x' }, shared],
    [
      'an error without the iss that was announced',
      { server: { issParameter: true } },
      { error: 'e' },
      shared,
    ],
    ['at the address that others share', { registered: [uri(own)] }, { code: 'c' }, shared],
    [
      "at another issuer's own address",
      { registered: [uri(own)] },
      { code: 'c' },
      `${shared}/0123456789abcdef`,
    ],
    ['at an own address, where this one shares', {}, { code: 'c' }, own],
  ])('%s ends the sign-in at once, and sends nothing', async (_, given, parameters, path) => {
    const { loopback, shown, done, posts } = begin(given);
    const { state } = await shown();
    expect(loopback.arrive({ ...parameters, state }, path)).toBe(true);
    expect(await rejectionOf(done)).toMatchObject({
      kind: 'invalidResponse',
      details: { operation: 'authorize', reason: 'mixUp', host: 'login.example.com' },
    });
    expect(posts()).toBe(0);
    expect(loopback.pages).toEqual(['failed']);
  });

  test.each([
    ['https://evil.example/oauth2', 'https://evil.example/oauth2'],
    ['Microsoft. Your account is locked: open evil.example', undefined],
  ])('names its issuer, but an issuer that continued our sentence is left out: %s', async (iss, input) => {
    const { loopback, shown, done } = begin({ registered: [uri(own)] });
    const { state } = await shown();
    loopback.arrive({ code: 'c', iss, state }, own);
    const { details } = (await rejectionOf(done)) as SignInError;
    expect([details.reason, details.input]).toEqual(['mixUp', input]);
  });

  test('pasted, too', async () => {
    const { user, shown, done, posts } = begin({ registered: [uri(own)] });
    const { state } = await shown();
    expect(takePasted(`${uri(shared)}?code=c&state=${state}`, user.turns[0] ?? {})).toBeUndefined();
    expect(await rejectionOf(done)).toMatchObject({ details: { reason: 'mixUp' } });
    expect(posts()).toBe(0);
  });

  test('without our state is ignored, wherever it arrives', async () => {
    const { loopback, shown, done } = begin({ registered: [uri(own)] });
    const { state } = await shown();
    for (const path of [own, shared, `${shared}/0123456789abcdef`])
      expect(loopback.arrive({ code: 'c', state: 'another', iss: 'https://evil.example' }, path)).toBe(false);
    expect(loopback.arrive({ code: 'c', state }, own)).toBe(true);
    expect((await done).tokenSet.accessToken).toBe('access-1');
  });
});
