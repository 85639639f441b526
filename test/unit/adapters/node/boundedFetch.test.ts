import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createBoundedFetch } from '../../../../src/adapters/node/boundedFetch.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import type { SignInErrorKind } from '../../../../src/core/oauth/errors.ts';
import type { HttpRequest } from '../../../../src/core/ports.ts';
import { january } from '../../fakes/examples.ts';
import { localServer } from '../../fakes/localServer.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const oneMegabyte = 1024 * 1024;
const patience = 5000;
const http = createBoundedFetch(
  () => fetch,
  () => january,
  patience,
);

/** The result of one request to a server with the handler `handle`. */
async function ask(handle: RequestListener, more: Partial<HttpRequest> = {}): Promise<Response> {
  await using server = await localServer(handle);
  return await http(`${server.url}/path?query=1`, { method: 'GET', headers: {}, ...more });
}
const answering =
  (status: number, headers: Record<string, string> = {}, body: string | Buffer = ''): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(body);

/** The result of a request for which `fetch` rejects with `error`. */
function failingWith(error: Error): Promise<Response> {
  const failing = createBoundedFetch(
    () => () => Promise.reject(error),
    () => january,
  );
  return failing('https://example.com/', { method: 'GET', headers: {} });
}

describe('createBoundedFetch: a response of the service', () => {
  test.each([200, 201, 400, 401, 404])('with status %i is returned in full', async (status) => {
    const response = await ask(answering(status, { 'x-okta-request-id': 'aBc' }, '{"error":"x"}'));
    expect(response.status).toBe(status);
    expect(response.headers.get('x-okta-request-id')).toBe('aBc');
    expect(await response.json()).toEqual({ error: 'x' });
  });

  test.each([200, 204, 304, 400])('with status %i may be empty', async (status) => {
    const response = await ask(answering(status));
    expect(response.status).toBe(status);
    expect(await response.text()).toBe('');
  });

  test('with 403 and JSON is from the service', async () => {
    expect((await ask(answering(403, { 'content-type': 'application/json' }, '{}'))).status).toBe(403);
  });

  test('with a redirect is not followed', async () => {
    let requests = 0;
    const response = await ask((_, answer) => {
      requests++;
      answer.writeHead(302, { location: '/elsewhere' }).end();
    });
    expect(response.status).toBe(302);
    expect(response.headers.get('location')).toBe('/elsewhere');
    expect(requests).toBe(1);
  });

  test('answers a request with the given method, headers and body', async () => {
    let seen: unknown;
    const headers = { 'content-type': 'application/json', tokentype: 'EXTERNAL_IDP' };
    await ask(
      (request, answer) => {
        const { method, url, headers: sent } = request;
        void text(request).then((body) => {
          seen = [method, url, sent['tokentype'], body];
          answer.end();
        });
      },
      { method: 'POST', headers, body: '{"a":1}' },
    );
    expect(seen).toEqual(['POST', '/path?query=1', 'EXTERNAL_IDP', '{"a":1}']);
  });
});

describe('createBoundedFetch: 08.01: an error that echoes the request', () => {
  const token = 'refresh-1-8f2a9c7d';
  const body = new URLSearchParams({ refresh_token: token }).toString();
  const post = { method: 'POST', headers: { accept: 'application/json' }, body };

  test('is redacted', async () => {
    const said = JSON.stringify({ error: 'invalid_grant', error_description: `No ${token}` });
    const response = await ask(answering(400, { 'content-type': 'application/json' }, said), post);
    expect(await response.json()).toEqual({ error: 'invalid_grant', error_description: 'No …' });
  });

  test('does not change a token response', async () => {
    const said = JSON.stringify({ refresh_token: token });
    const response = await ask(answering(200, { 'content-type': 'application/json' }, said), post);
    expect(await response.json()).toEqual({ refresh_token: token });
  });
});

describe('createBoundedFetch: the size limit of a body', () => {
  const sized = (size: number) => answering(200, {}, Buffer.alloc(size, 'x'));

  test('allows a megabyte', async () => {
    const response = await ask(sized(oneMegabyte));
    expect((await response.arrayBuffer()).byteLength).toBe(oneMegabyte);
  });

  test('rejects one byte more', async () => {
    expect(await rejectionOf(ask(sized(oneMegabyte + 1)))).toMatchObject({
      kind: 'invalidResponse',
      details: { status: 200, reason: 'tooLarge' },
    });
  });

  test('stops an endless body', async () => {
    const endless: RequestListener = (_, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024, 'x')));
      };
      response.on('drain', more);
      more();
    };
    expect(await rejectionOf(ask(endless))).toMatchObject({ details: { reason: 'tooLarge' } });
  });

  test('counts decompressed bytes', async () => {
    const bomb = gzipSync(Buffer.alloc(10 * oneMegabyte, 'x'));
    const outcome = ask(answering(200, { 'content-encoding': 'gzip' }, bomb));
    expect(await rejectionOf(outcome)).toMatchObject({ details: { reason: 'tooLarge' } });
  });
});

describe('createBoundedFetch: responses that are not from the service', () => {
  test.each<readonly [number, string, SignInErrorKind]>([
    [403, 'text/html; charset=utf-8', 'proxy'],
    [403, 'TEXT/HTML', 'proxy'],
    [511, 'text/html', 'proxy'],
    [429, 'application/json', 'rateLimited'],
    [500, 'application/json', 'serverError'],
    [502, 'text/html', 'serverError'],
    [503, 'text/plain', 'serverError'],
    [504, 'text/html', 'serverError'],
  ])('status %i with %s is %s', async (status, type, kind) => {
    const failure = await rejectionOf(ask(answering(status, { 'content-type': type }, '{"error":"x"}')));
    expect(failure).toMatchObject({
      kind,
      details: { status, host: expect.stringMatching(/^127/) as unknown },
    });
  });

  test('status 407 is a proxy that requires authentication', async () => {
    const patched = createBoundedFetch(
      () => async () => new Response('', { status: 407 }),
      () => january,
    );
    const outcome = patched('https://example.com/', { method: 'GET', headers: {} });
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'proxy', details: { status: 407 } });
  });

  test.each([
    ['x-okta-request-id', 'aBc-1'],
    ['x-amzn-requestid', 'dEf-2'],
  ])('includes %s for support', async (header, requestId) => {
    expect(await rejectionOf(ask(answering(500, { [header]: requestId })))).toMatchObject({
      details: { requestId },
    });
  });

  // auth0/nextjs-auth0#2512: a sign-in that an Action of Auth0 denies is a 500 with the reason.
  test('includes the reason of a server error, without what was sent', async () => {
    const body = { grant_type: 'refresh_token', refresh_token: 'one-two-three' };
    const refusedFor = async (error_description: unknown): Promise<unknown> => {
      const reply = JSON.stringify({ error: 'server_error', error_description });
      const refused = ask(answering(500, { 'content-type': 'application/json' }, reply), {
        method: 'POST',
        body: String(new URLSearchParams(body)),
      });
      return ((await rejectionOf(refused)) as SignInError).details.description;
    };
    expect(await refusedFor('Your subscription has ended.')).toBe('Your subscription has ended.');
    expect(await refusedFor('No one-two-three here.')).toBeUndefined();
    expect(await refusedFor({ not: 'a text' })).toBeUndefined();
  });

  test('a request ID that repeats the token of the request is not shown', async () => {
    const token = 'access-1a2b3c4d5e6f7g8h9i0j';
    const refused = ask(answering(503, { 'x-okta-request-id': `id:${token}` }), {
      headers: { authorization: `Bearer ${token}` },
    });
    expect((await rejectionOf(refused)) as SignInError).toMatchObject({ kind: 'serverError' });
    expect(inspect(await rejectionOf(refused), { depth: 9 })).not.toContain(token);
  });

  test.each([
    ['seconds', { 'retry-after': '120' }, january + 120_000],
    ['zero seconds', { 'retry-after': '0' }, january],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:05:00 GMT' }, january + 300_000],
    ["Okta's epoch seconds", { 'x-rate-limit-reset': '1767225660' }, january + 60_000],
    ['both: Retry-After counts', { 'retry-after': '5', 'x-rate-limit-reset': '1767225660' }, january + 5000],
    ['Auth0’s epoch seconds', { 'x-ratelimit-reset': '1767225660' }, january + 60_000],
    ['seconds until a reset', { 'ratelimit-reset': '30' }, january + 30_000],
    ['words', { 'retry-after': 'soon' }, undefined],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['a fraction', { 'retry-after': '1.5' }, january + 1500],
    ['two headers, a gateway’s and the server’s', { 'retry-after': '5, 60' }, january + 60_000],
    ['a number and words', { 'retry-after': '5, soon' }, undefined],
    ['nothing', {}, undefined],
  ])('reports when to retry: %s', async (_, headers, retryAt) => {
    const date = new Date(january).toUTCString();
    const failure = await rejectionOf(ask(answering(429, { date, ...headers })));
    expect(failure).toBeInstanceOf(SignInError);
    expect((failure as SignInError).details.retryAt).toBe(retryAt);
  });

  test('a server error with the end of a rate limit does not say when to retry', async () => {
    const failure = await rejectionOf(ask(answering(503, { 'x-ratelimit-reset': '1767229200' })));
    expect((failure as SignInError).details).not.toHaveProperty('retryAt');
  });

  test.each([
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 00:05:00 GMT' }, 300_000],
    ["Okta's epoch seconds", { 'x-rate-limit-reset': '1767225660' }, 60_000],
  ])("a delay of %s does not depend on the machine's clock", async (_, headers, wait) => {
    const date = new Date(january).toUTCString();
    for (const apart of [-3600_000, 3600_000]) {
      const now = january + apart;
      const skewed = createBoundedFetch(
        () => async () => new Response('', { status: 429, headers: { date, ...headers } }),
        () => now,
      );
      const failure = await rejectionOf(skewed('https://example.com/', { method: 'GET', headers: {} }));
      expect((failure as SignInError).details.retryAt).toBe(now + wait);
    }
  });
});

describe('createBoundedFetch: F11: a response that is not JSON is not from the server', () => {
  const asking = { headers: { Accept: 'application/json' } };
  const html = { 'content-type': 'text/html; charset=utf-8' };
  const page = '<!doctype html><title>Sign in to Wi-Fi</title>';

  test.each([
    ['a page', answering(200, html, page)],
    ['a page without a type', answering(200, {}, `\ufeff\r\n ${page}`)],
    ['a page that calls itself JSON', answering(200, { 'content-type': 'application/json' }, page)],
    ['a page in XHTML', answering(200, { 'content-type': 'application/xhtml+xml' }, 'x')],
    ['a page that refuses', answering(400, html, page)],
    ['a page that wants a login', answering(401, html, page)],
    ['a page that forbids', answering(403, html, page)],
    ['a page that finds nothing', answering(404, html, page)],
    ['words that forbid', answering(403, { 'content-type': 'text/plain' }, 'Blocked by policy')],
    ['a login of Windows', answering(401, { 'www-authenticate': 'Negotiate' })],
    ['a choice of logins', answering(401, { 'www-authenticate': 'Basic realm="x", NTLM' })],
    ['a redirect to a portal', answering(302, { location: 'https://portal.example/login' })],
    ['a redirect to a portal that keeps the method', answering(307, { location: 'http://portal.example/' })],
  ])('%s is from a proxy', async (_, handle) => {
    const failure = await rejectionOf(ask(handle, asking));
    expect(failure).toMatchObject({ kind: 'proxy' });
  });

  test.each([
    ['JSON without a type', answering(200, {}, ' {"a":1}')],
    ['JSON that calls itself text', answering(400, { 'content-type': 'text/plain' }, '\ufeff{"a":1}')],
    ['JSON that calls itself a page', answering(400, html, '{"a":1}')],
    ['words that confirm', answering(200, { 'content-type': 'text/plain' }, 'OK')],
    ['an empty refusal', answering(400, html)],
    ['a client that is refused', answering(401, { 'www-authenticate': 'Basic realm="token"' })],
    ['a token that is refused', answering(401, { 'www-authenticate': 'Bearer error="invalid_token"' })],
    ['a redirect on the same host', answering(302, { location: '/elsewhere' })],
    ['a redirect to nowhere', answering(302)],
  ])('%s is returned', async (_, handle) => {
    expect((await ask(handle, asking)).status).toBeGreaterThanOrEqual(200);
  });

  test('a page is returned if the request accepts one', async () => {
    const response = await ask(answering(200, html, page), { headers: { accept: 'text/html' } });
    expect(await response.text()).toBe(page);
  });
});

describe('createBoundedFetch: F12: an invalid request is not a network error', () => {
  test.each([
    ['abc\u200bdef', 'U+200B'],
    ['\u201cabc\u201d', 'U+201C'],
    ['abc\n', 'U+000A'],
    ['\ud83d\ude00', 'U+1F600'],
  ])('%j is rejected with its character, but without its text', async (value, character) => {
    let requests = 0;
    const failure = await rejectionOf(
      ask(() => requests++, { headers: { authorization: `Bearer ${value}` } }),
    );
    expect(failure).toMatchObject({
      kind: 'invalidInput',
      details: { operation: 'header', reason: 'character', character },
    });
    expect(JSON.stringify(failure)).not.toContain('abc');
    expect(requests).toBe(0);
  });
});

describe('createBoundedFetch: no response', () => {
  test('because of a closed port is a network error with its code', async () => {
    const server = await localServer(() => undefined);
    await server[Symbol.asyncDispose]();
    expect(await rejectionOf(http(server.url, { method: 'GET', headers: {} }))).toMatchObject({
      kind: 'network',
      details: { host: server.host, code: 'ECONNREFUSED' },
    });
  });

  test('because of a broken connection is a network error', async () => {
    const outcome = ask((request) => void request.socket.destroy());
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'network' });
  });

  test('because of a connection that breaks during the body is a network error', async () => {
    const outcome = ask((_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'network' });
  });

  test.each<readonly [string, SignInErrorKind]>([
    ['ECONNRESET', 'network'],
    ['ENOTFOUND', 'network'],
    ['EAI_AGAIN', 'network'],
    ['UND_ERR_SOCKET', 'network'],
    ['CERT_HAS_EXPIRED', 'certificate'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'certificate'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'certificate'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'certificate'],
    ['HOSTNAME_MISMATCH', 'certificate'],
    ['INVALID_CA', 'certificate'],
    ['INVALID_PURPOSE', 'certificate'],
    ['UNABLE_TO_GET_CRL', 'certificate'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'certificate'],
    ['EPROTO', 'certificate'],
  ])('because of %s is %s', async (code, kind) => {
    const cause = Object.assign(new Error('below'), { code });
    for (const wrapped of [cause, new AggregateError([new Error('other'), cause])]) {
      const failing = createBoundedFetch(
        () => () => Promise.reject(new TypeError('fetch failed', { cause: wrapped })),
        () => january,
      );
      const outcome = failing('https://example.com/', { method: 'GET', headers: {} });
      expect(await rejectionOf(outcome)).toMatchObject({ kind, details: { host: 'example.com', code } });
    }
  });

  // From undici's ProxyAgent, if a proxy rejects the tunnel.
  test.each([407, 403, 502])(
    'because a proxy rejects the tunnel with %i is a proxy error',
    async (status) => {
      const message = `Proxy response (${status}) !== 200 when HTTP Tunneling`;
      const cause = Object.assign(new Error(message), { code: 'UND_ERR_ABORTED' });
      const outcome = failingWith(new TypeError('fetch failed', { cause }));
      expect(await rejectionOf(outcome)).toMatchObject({
        kind: 'proxy',
        details: { host: 'example.com', status },
      });
    },
  );

  test('because a proxy requires authentication for plain HTTP is a proxy error', async () => {
    const cause = new Error(''); // Node's fetch creates an error without a message for a 407.
    const outcome = failingWith(new TypeError('fetch failed', { cause }));
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'proxy', details: { host: 'example.com' } });
  });

  test.each<readonly [string, SignInErrorKind]>([
    ['ERR_CERT_AUTHORITY_INVALID', 'certificate'],
    ['ERR_SSL_PROTOCOL_ERROR', 'certificate'],
    ['ERR_PROXY_CONNECTION_FAILED', 'proxy'],
    ['ERR_TUNNEL_CONNECTION_FAILED', 'proxy'],
    ['ERR_PROXY_AUTH_UNSUPPORTED', 'proxy'],
    ['ERR_NAME_NOT_RESOLVED', 'network'],
    ['ERR_INTERNET_DISCONNECTED', 'network'],
  ])('of Electron’s fetch, with net::%s in its message, is %s', async (code, kind) => {
    const failure = await rejectionOf(failingWith(new Error(`net::${code}`)));
    expect(failure).toMatchObject({ kind, details: { code } });
  });

  test('for an unknown reason is a network error', async () => {
    expect(await rejectionOf(failingWith(new TypeError('fetch failed')))).toMatchObject({ kind: 'network' });
  });

  test('08.04: keeps the name and code of its cause, but not the message', async () => {
    const words = 'Headers.append: "secret-1" is an invalid header value.';
    const cause = Object.assign(new Error(words), { code: 'ECONNRESET' });
    const failure = await rejectionOf(failingWith(new TypeError(words, { cause })));
    expect(failure).toMatchObject({ kind: 'network', details: { code: 'ECONNRESET' } });
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('secret-1');
  });

  test('08.04: an invalid address is not a network error, and is not quoted', async () => {
    const failure = await rejectionOf(http('https://secret-1@', { method: 'GET', headers: {} }));
    expect(failure).toMatchObject({ kind: 'invalidInput', details: { operation: 'request' } });
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('secret-1');
  });

  test('within the timeout is a time-out', async () => {
    await using server = await localServer(() => undefined);
    const impatient = createBoundedFetch(
      () => fetch,
      () => january,
      20,
    );
    expect(await rejectionOf(impatient(server.url, { method: 'GET', headers: {} }))).toMatchObject({
      kind: 'timeout',
      details: { host: server.host },
    });
  });

  test('that arrived while this process was suspended is read, and is not a time-out', async () => {
    const elsewhere = new Worker(
      `const { parentPort } = require('node:worker_threads');
       const server = require('node:http').createServer((_, response) => {
         parentPort.postMessage('asked');
         response.end('{"refresh_token":"the only one"}');
       });
       server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));`,
      { eval: true },
    );
    try {
      const [port] = (await once(elsewhere, 'message')) as [number];
      const asked = once(elsewhere, 'message').then(() => {
        const sleep = new Int32Array(new SharedArrayBuffer(4));
        Atomics.wait(sleep, 0, 0, 600);
      });
      const impatient = createBoundedFetch(
        () => fetch,
        () => january,
        400,
      );
      const response = await impatient(`http://127.0.0.1:${port}/`, { method: 'GET', headers: {} });
      await asked;
      expect(await response.text()).toContain('the only one');
    } finally {
      await elsewhere.terminate();
    }
  });

  test('to the end within the timeout is a time-out too', async () => {
    await using server = await localServer((_, response) => void response.writeHead(200).write('half'));
    const impatient = createBoundedFetch(
      () => fetch,
      () => january,
      50,
    );
    const outcome = impatient(server.url, { method: 'GET', headers: {} });
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'timeout' });
  });
});

describe('createBoundedFetch: canceling', () => {
  test('during a request ends it, and keeps the reason', async () => {
    const reason = new SignInError('cancelled', { operation: 'test' });
    const asker = new AbortController();
    const arrived = Promise.withResolvers<undefined>();
    const broken = Promise.withResolvers<boolean>();
    await using server = await localServer((request) => {
      request.on('close', () => broken.resolve(true));
      arrived.resolve(undefined);
    });
    const outcome = http(server.url, { method: 'GET', headers: {}, signal: asker.signal });
    await arrived.promise;
    asker.abort(reason);
    expect(await rejectionOf(outcome)).toBe(reason);
    expect(await broken.promise).toBe(true);
  });

  test('before a request sends nothing', async () => {
    let requests = 0;
    const { signal } = { signal: AbortSignal.abort() };
    const outcome = ask(
      (_, response) => {
        requests++;
        response.end();
      },
      { signal },
    );
    expect(await rejectionOf(outcome)).toMatchObject({ kind: 'cancelled' });
    expect(requests).toBe(0);
  });
});

test.each([200, 400, 500])("a response's date is reported, whatever its status: %i", async (status) => {
  const told: unknown[] = [];
  const date = new Date(january).toUTCString();
  const telling = createBoundedFetch(
    () => async () => new Response('', { status, headers: { date } }),
    () => january,
    patience,
    (host, at) => told.push([host, at]),
  );
  await telling('https://example.com/', { method: 'GET', headers: {} }).catch(() => undefined);
  expect(told).toEqual([['example.com', date]]);
});

test('looks up fetch at each call, since the editor replaces it', async () => {
  const answers = ['first', 'second'];
  const lookingUp = createBoundedFetch(
    () => {
      const text = answers.shift() ?? '';
      return async () => new Response(text);
    },
    () => january,
  );
  const request = { method: 'GET', headers: {} };
  expect(await (await lookingUp('https://example.com/', request)).text()).toBe('first');
  expect(await (await lookingUp('https://example.com/', request)).text()).toBe('second');
});
