import { describe, expect, test } from 'vitest';
import { SignInError } from '../../../src/core/oauth/errors.ts';
import { parseStartUrl } from '../../../src/input/startUrl.ts';
import { resolveStartUrl } from '../../../src/input/customStartUrl.ts';
import { resolveConnection } from '../../../src/input/customStartUrl.ts';
import { identityCenterConnection, oktaConnection } from '../fakes/examples.ts';
import { answeringHttp, redirectTo } from '../fakes/answeringHttp.ts';
import { rejectionOf } from '../fakes/thrownBy.ts';

const own = parseStartUrl('https://sso.example.com/aws');
const aws = 'https://d-1234567890.awsapps.com/start';
const never = new AbortController().signal;

describe("resolveStartUrl: a company's own address", () => {
  test.each([301, 302, 303, 307, 308])('resolves to its start URL with one redirect (%i)', async (status) => {
    const { http, asked } = answeringHttp(() => redirectTo(`${aws}/#/`, status));
    expect(await resolveStartUrl(http, own, never)).toEqual(parseStartUrl(aws));
    expect(asked.map(([url, { method, signal }]) => [url.href, method, signal])).toEqual([
      ['https://sso.example.com/aws', 'GET', never],
    ]);
  });

  test('may resolve to an address with a Region in its name', async () => {
    const { http } = answeringHttp(() =>
      redirectTo('https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws/'),
    );
    expect(await resolveStartUrl(http, own, never)).toMatchObject({ partition: 'aws', region: 'eu-west-1' });
  });

  test.each([
    ['plain http', 'http://d-1234567890.awsapps.com/start', 'd-1234567890.awsapps.com'],
    ['a second hop at home', '/second', 'sso.example.com'],
    ["another of AWS's addresses", 'https://console.aws.amazon.com/', 'console.aws.amazon.com'],
    ['user information', 'https://ada@d-1234567890.awsapps.com/start', 'd-1234567890.awsapps.com'],
    ['another port', 'https://d-1234567890.awsapps.com:8443/start', 'd-1234567890.awsapps.com:8443'],
    ['a script', 'javascript:alert(1)', ''],
    ['no address', 'https://', 'sso.example.com'],
  ])('rejects %s after one request', async (_, location, host) => {
    const { http, asked } = answeringHttp(() => redirectTo(location));
    expect(await rejectionOf(resolveStartUrl(http, own, never))).toMatchObject({
      kind: 'invalidInput',
      details: { operation: 'startUrl', reason: 'vanity', input: 'https://sso.example.com/aws', host },
    });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['a redirect to a portal', () => redirectTo('https://portal.example/login')],
    ['a redirect to a portal over http', () => redirectTo('http://10.0.0.1/login')],
    ["a name that only looks like AWS's", () => redirectTo('https://awsapps.com.evil.example/start')],
    ['a page', () => new Response('<p>Welcome')],
    ['a page that wants a login', () => new Response('<p>Welcome', { status: 401 })],
    ['a page that forbids', () => new Response('Blocked', { status: 403 })],
    ['a page that names an address without redirecting', () => redirectTo(aws, 201)],
  ])('F11: handles a proxy that responds with %s', async (_, answer) => {
    const { http, asked } = answeringHttp(answer);
    expect(await rejectionOf(resolveStartUrl(http, own, never))).toMatchObject({
      kind: 'proxy',
      details: { reason: 'vanity' },
    });
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['a redirect without an address', () => new Response(null, { status: 302 })],
    ['an error', () => new Response(null, { status: 404 })],
  ])('does not resolve with %s', async (_, answer) => {
    const { http } = answeringHttp(answer);
    expect(await rejectionOf(resolveStartUrl(http, own, never))).toMatchObject({
      details: { reason: 'vanity' },
    });
  });

  test('reports why an address cannot be reached', async () => {
    const failure = new SignInError('network', { code: 'ENOTFOUND' });
    const { http } = answeringHttp(() => failure);
    expect(await rejectionOf(resolveStartUrl(http, own, never))).toBe(failure);
  });
});

test.each([
  'https://d-1234567890.awsapps.com/start',
  'https://view.awsapps.com/start',
  'https://start.us-gov-home.awsapps.com/directory/d-1234567890',
])('returns an AWS address without a request: %s', async (url) => {
  const { http, asked } = answeringHttp(() => redirectTo('https://evil.example/'));
  const startUrl = parseStartUrl(url);
  expect(await resolveStartUrl(http, startUrl, never)).toBe(startUrl);
  expect(asked).toEqual([]);
});

describe('resolveStartUrl: a connection', () => {
  const connection = { ...identityCenterConnection, startUrl: own.url };

  test("at a company's own address gets the start URL that it redirects to", async () => {
    const { http } = answeringHttp(() => redirectTo(aws));
    expect(await resolveConnection(http, connection, never)).toEqual({ ...connection, startUrl: aws });
  });

  test('gets the Region that this start URL names', async () => {
    const startUrl = 'https://ssoins-7223f0a1b2c3d4e5.portal.eu-west-1.app.aws';
    const { http } = answeringHttp(() => redirectTo(startUrl));
    expect(await resolveConnection(http, connection, never)).toEqual({
      ...connection,
      startUrl,
      region: 'eu-west-1',
    });
  });

  test.each([identityCenterConnection, oktaConnection])('of $type is unchanged', async (one) => {
    const { http, asked } = answeringHttp(() => redirectTo(aws));
    expect(await resolveConnection(http, one, never)).toBe(one);
    expect(asked).toEqual([]);
  });
});
