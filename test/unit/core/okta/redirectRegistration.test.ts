import { expect, test } from 'vitest';
import { SignInError } from '../../../../src/core/errors.ts';
import { findRegistration } from '../../../../src/core/okta/redirectRegistration.ts';
import { authorizationServer } from '../../fakes/examples.ts';
import { fakeHttp } from '../../fakes/fakeHttp.ts';

const uri = (port: number): string => `http://localhost:${port}/oauth/callback`;
const application = { server: authorizationServer, clientId: '0oa1', scopes: ['a', 'b'] };
const { signal } = new AbortController();
const redirect = (location: string) => new Response(null, { status: 302, headers: { location } });
const page = (status: number) => new Response('<html>', { status, headers: { 'content-type': 'text/html' } });

const rows: readonly (readonly [answer: string, given: unknown, registration: string])[] = [
  ['a redirect to it with login_required', redirect(`${uri(2128)}?error=login_required`), 'registered'],
  ['a redirect to it with any other error', redirect(`${uri(2128)}?error=access_denied`), 'registered'],
  ['a redirect to an address that only begins like it', redirect(`${uri(2128)}.evil?error=x`), 'notKnown'],
  ['a redirect to a page of its own', redirect('https://example.okta.com/login'), 'notKnown'],
  ['a page with 400', page(400), 'notRegistered'],
  ['a page with 200', page(200), 'notKnown'],
  ['no connection', new SignInError('network'), 'notKnown'],
  ['too many requests', new SignInError('rateLimited'), 'notKnown'],
  ["a proxy's page", new SignInError('proxy'), 'notKnown'],
];

test.each(rows)('%s', async (_, given, registration) => {
  const { http, asked } = fakeHttp(given);
  const finding = await findRegistration(http, application, uri(2128), [], signal);
  expect(finding).toEqual({ redirectUri: uri(2128), registration });
  const url = new URL((asked[0]?.[0] ?? '').replace('GET ', ''));
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    prompt: 'none',
    redirect_uri: uri(2128),
    client_id: '0oa1',
    response_type: 'code',
    scope: 'a b',
    code_challenge_method: 'S256',
  });
});

test('where it is not registered, the first of the others that is', async () => {
  const answers = [page(400), page(400), redirect(`${uri(6588)}?error=login_required`), page(400)];
  const { http } = fakeHttp(...answers);
  const others = [uri(4649), uri(6588), uri(8008)];
  expect(await findRegistration(http, application, uri(2128), others, signal)).toEqual({
    redirectUri: uri(2128),
    registration: 'notRegistered',
    registered: uri(6588),
  });
});

test('where it is registered, nothing else is asked', async () => {
  const { http, asked } = fakeHttp(redirect(`${uri(2128)}?error=login_required`));
  await findRegistration(http, application, uri(2128), [uri(4649)], signal);
  expect(asked).toHaveLength(1);
});
