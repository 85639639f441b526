import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createSsoOidcAt } from '../../../../src/adapters/node/awsSsoOidc.ts';
import { createBoundedFetch } from '../../../../src/adapters/node/boundedFetch.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { OAuthErrorResponse } from '../../../../src/core/oauth/errorResponse.ts';
import { localServer } from '../../fakes/localServer.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const never = new AbortController().signal;
const http = createBoundedFetch(() => fetch, Date.now);
const tokenRequest = { clientId: 'client-1', clientSecret: 'secret-1', grantType: 'refresh_token' };

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | object;
}

/** A local SSO-OIDC service that always sends the same response, and records requests. */
async function service({ status = 200, headers = {}, body = {} }: Answer) {
  const asked: { readonly request: IncomingMessage; readonly body: string }[] = [];
  const server = await localServer((request, response) => {
    void text(request).then((sent) => {
      asked.push({ request, body: sent });
      const json = typeof body === 'string' ? {} : { 'content-type': 'application/json' };
      response.writeHead(status, { ...json, ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  const oidc = createSsoOidcAt(http)({ region: 'eu-central-1', url: `${server.url}/eu` });
  return { ...server, asked, oidc };
}

describe('createSsoOidcAt: a request', () => {
  test.each([
    [
      'registerClient',
      '/client/register',
      {
        scopes: ['a', 'b'],
        grantTypes: ['authorization_code', 'refresh_token'],
        redirectUris: ['http://127.0.0.1/oauth/callback'],
        issuerUrl: 'https://d-1234567890.awsapps.com/start',
      },
    ],
    [
      'startDeviceAuthorization',
      '/device_authorization',
      { clientId: 'client-1', clientSecret: 'secret-1', startUrl: 'https://view.awsapps.com/start' },
    ],
    ['createToken', '/token', { ...tokenRequest, refreshToken: 'refresh-1' }],
    ['createToken', '/token', { ...tokenRequest, grantType: 'urn:x', deviceCode: 'device-code-1' }],
    [
      'createToken',
      '/token',
      { ...tokenRequest, code: 'code-1', redirectUri: 'http://127.0.0.1:1/x', codeVerifier: 'verifier-1' },
    ],
  ] as const)('%s is a POST to %s with the members of the model', async (operation, path, request) => {
    await using at = await service({ body: { clientId: 'client-1' } });
    await at.oidc[operation](request as never, never);
    expect(at.asked).toHaveLength(1);
    const [{ request: sent, body } = { request: undefined, body: '' }] = at.asked;
    expect(`${sent?.method ?? ''} ${sent?.url ?? ''}`).toBe(`POST /eu${path}`);
    expect(sent?.headers['content-type']).toBe('application/json');
    expect(sent?.headers.authorization).toBeUndefined();
    const named = { clientName: 'Developer Sign-In for VS Code', clientType: 'public' };
    expect(JSON.parse(body)).toEqual(operation === 'registerClient' ? { ...named, ...request } : request);
  });
});

describe('createSsoOidcAt: a response', () => {
  test('is returned', async () => {
    const body = { accessToken: 'access-1', tokenType: 'Bearer', expiresIn: 3600, refreshToken: 'refresh-1' };
    await using at = await service({ body });
    expect(await at.oidc.createToken(tokenRequest, never)).toMatchObject(body);
  });
});

const refusals = [
  ['AuthorizationPendingException', 'authorization_pending', 400],
  ['SlowDownException', 'slow_down', 400],
  ['ExpiredTokenException', 'expired_token', 400],
  ['AccessDeniedException', 'access_denied', 400],
  ['InvalidGrantException', 'invalid_grant', 400],
  ['InvalidClientException', 'invalid_client', 401],
  ['UnauthorizedClientException', 'unauthorized_client', 400],
  ['InvalidRequestException', 'invalid_request', 400],
  ['InvalidScopeException', 'invalid_scope', 400],
  ['InvalidClientMetadataException', 'invalid_client_metadata', 400],
  ['InvalidRedirectUriException', 'invalid_redirect_uri', 400],
  ['UnsupportedGrantTypeException', 'unsupported_grant_type', 400],
] as const;

describe.each(refusals)('createSsoOidcAt: %s', (name, error, status) => {
  const body = { error, error_description: 'Words.' };
  const suffix = ':http://internal.amazon.com/coral/com.amazonaws.sso.oidc/';
  test.each([
    ['the header and the body', { headers: { 'x-amzn-errortype': name }, body }],
    ['the header as the live service sends it', { headers: { 'x-amzn-errortype': name + suffix }, body }],
    ['the header alone', { headers: { 'x-amzn-errortype': name }, body: {} }],
    ['the body alone', { headers: {}, body }],
  ])(`is ${error}, told by %s`, async (_, answer) => {
    await using at = await service({ status, ...answer });
    const failure = await rejectionOf(at.oidc.createToken(tokenRequest, never));
    expect(failure).toBeInstanceOf(OAuthErrorResponse);
    expect(failure).toMatchObject({
      error,
      details: { operation: 'createToken', host: at.host, status, code: error },
    });
    expect(at.asked).toHaveLength(1);
  });
});

describe('createSsoOidcAt: an error response', () => {
  const refused = { status: 400, body: { error: 'invalid_grant', error_description: 'Words.' } };

  test("carries the service's message and its request ID", async () => {
    await using at = await service({ ...refused, headers: { 'x-amzn-requestid': 'aBc-1' } });
    expect(await rejectionOf(at.oidc.createToken(tokenRequest, never))).toMatchObject({
      details: { description: 'Words.', requestId: 'aBc-1' },
    });
  });

  test('that echoes a token is redacted', async () => {
    const token = 'aoaAAAAAGdX8hQ2yJ1kLmNoPqRsTuV';
    await using at = await service({ status: 400, body: { error: token, error_description: `No ${token}` } });
    const failure = await rejectionOf(at.oidc.createToken(tokenRequest, never));
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain(token);
  });

  test('names the step', async () => {
    await using at = await service(refused);
    const start = at.oidc.startDeviceAuthorization(
      { clientId: 'a', clientSecret: 'b', startUrl: 'c' },
      never,
    );
    expect(await rejectionOf(start)).toMatchObject({ details: { operation: 'startDeviceAuthorization' } });
  });
});

describe('createSsoOidcAt: an invalid response', () => {
  const page = '<html>secret words of a captive portal</html>';
  const html = { 'content-type': 'text/html' };
  test.each([
    ['a page', 'proxy', { body: page, headers: html }],
    [
      'a page that calls itself JSON',
      'proxy',
      { body: page, headers: { 'content-type': 'application/json' } },
    ],
    ['a page that refuses', 'proxy', { status: 400, body: page, headers: html }],
    ['a page that wants a login', 'proxy', { status: 401, body: page, headers: html }],
    [
      'words that refuse',
      'proxy',
      { status: 403, body: 'secret words', headers: { 'content-type': 'text/plain' } },
    ],
    ['a redirect', 'proxy', { status: 302, headers: { location: 'https://portal.example/' }, body: '' }],
    ['broken JSON', 'invalidResponse', { body: '{"accessToken":"secret words' }],
    ['an empty refusal', 'invalidResponse', { status: 400, body: '' }],
    ['a refusal of another kind', 'invalidResponse', { status: 404, body: { message: 'no' } }],
  ])('F11: %s is %s, and not quoted', async (_, kind, answer) => {
    await using at = await service(answer);
    for (const ask of [
      () => at.oidc.createToken(tokenRequest, never),
      () => at.oidc.startDeviceAuthorization({ clientId: 'a', clientSecret: 'b', startUrl: 'c' }, never),
      () => at.oidc.registerClient({ scopes: [], grantTypes: [] }, never),
    ]) {
      const failure = await rejectionOf(ask());
      expect(failure).toMatchObject({ kind, details: { host: at.host } });
      expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('secret words');
    }
    expect(at.asked).toHaveLength(3);
  });

  test('that is truncated is reported as such: the operation may have succeeded', async () => {
    await using at = await service({ body: '{"accessToken":"access-2","refreshTok' });
    const failure = await rejectionOf(at.oidc.createToken(tokenRequest, never));
    expect(failure).toMatchObject({ kind: 'invalidResponse', details: { reason: 'cutOff' } });
  });
});

describe('createSsoOidcAt: F10: the reason of an error', () => {
  test.each([
    ['AccessDeniedException', 'access_denied', 'KMS_AccessDeniedException'],
    ['InvalidRequestException', 'invalid_request', 'KMS_DisabledException'],
    ['InvalidRequestException', 'invalid_request', 'KMS_NotFoundException'],
    ['InvalidRequestException', 'invalid_request', 'KMS_InvalidKeyUsageException'],
    ['InvalidRequestException', 'invalid_request', 'KMS_InvalidStateException'],
  ])('%s keeps its reason and its request ID', async (name, error, reason) => {
    const headers = { 'x-amzn-errortype': name, 'x-amzn-requestid': 'request-1' };
    await using at = await service({ status: 400, headers, body: { error, reason, error_description: 'x' } });
    expect(await rejectionOf(at.oidc.createToken(tokenRequest, never))).toMatchObject({
      error,
      details: { reason, requestId: 'request-1' },
    });
  });

  test.each([
    ['Kms_DisabledException', 'KMS_DisabledException'],
    ['kms_disabledexception', 'KMS_disabledexception'],
    ['KMSInvalidStateException', 'KMS_InvalidStateException'],
  ])('also recognizes a reason spelled %s', async (given, reason) => {
    await using at = await service({ status: 400, body: { error: 'invalid_request', reason: given } });
    expect(await rejectionOf(at.oidc.createToken(tokenRequest, never))).toMatchObject({
      details: { reason },
    });
  });

  test('InvalidRequestRegionException includes the correct Region', async () => {
    const body = { error: 'invalid_request_region', region: 'eu-west-1', endpoint: 'https://x.example' };
    await using at = await service({
      status: 400,
      headers: { 'x-amzn-errortype': 'InvalidRequestRegionException', 'x-amzn-requestid': 'request-1' },
      body,
    });
    expect(await rejectionOf(at.oidc.createToken(tokenRequest, never))).toMatchObject({
      error: 'invalid_request_region',
      details: { region: 'eu-west-1', requestId: 'request-1' },
    });
  });

  test.each([['a b'], ['x'.repeat(100)], [7], [{}]])(
    'omits a reason that is not a string: %j',
    async (reason) => {
      await using at = await service({
        status: 400,
        body: { error: 'invalid_request', reason, region: 'mars' },
      });
      const failure = await rejectionOf(at.oidc.createToken(tokenRequest, never));
      expect((failure as OAuthErrorResponse).details).not.toHaveProperty('reason');
      expect((failure as OAuthErrorResponse).details).not.toHaveProperty('region');
    },
  );
});

describe('createSsoOidcAt: a failing service', () => {
  test.each([
    [500, 'serverError'],
    [502, 'serverError'],
    [503, 'serverError'],
    [504, 'serverError'],
    [429, 'rateLimited'],
  ])('with status %i is %s, without a retry', async (status, kind) => {
    const headers = { 'x-amzn-errortype': 'InternalServerException' };
    await using at = await service({ status, headers, body: { error: 'server_error' } });
    expect(await rejectionOf(at.oidc.createToken(tokenRequest, never))).toMatchObject({ kind });
    expect(at.asked).toHaveLength(1);
  });

  test('that cannot be reached is a network error', async () => {
    const at = await service({});
    await at[Symbol.asyncDispose]();
    expect(await rejectionOf(at.oidc.createToken(tokenRequest, never))).toMatchObject({
      kind: 'network',
      details: { code: 'ECONNREFUSED' },
    });
  });
});

describe('createSsoOidcAt: canceling', () => {
  test.each([
    ['with a reason', new SignInError('cancelled', { operation: 'test' })],
    ['without one', undefined],
  ])('%s does not count as a response of the service', async (_, reason) => {
    const asker = new AbortController();
    await using server = await localServer(() => asker.abort(reason));
    const oidc = createSsoOidcAt(http)({ region: 'eu-central-1', url: server.url });
    const failure = await rejectionOf(oidc.createToken(tokenRequest, asker.signal));
    expect(failure).toMatchObject({ kind: 'cancelled' });
  });
});
