import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFaults, type Faults } from '../../sandbox/faults.ts';
import { createRequestLog, type RequestLog } from '../../sandbox/requestLog.ts';
import { readBody, startServer, type SandboxServer } from '../../sandbox/server.ts';

/** A server whose only operation sums its inputs, so that a test sees whether a request was processed. */
let server: SandboxServer;
let faults: Faults;
let requestLog: RequestLog;
let processed: string[];

beforeEach(async () => {
  faults = createFaults();
  requestLog = createRequestLog();
  processed = [];
  server = await startServer(() => async (req, res) => {
    const operation = `bank.deposit:${new URL(req.url ?? '', 'http://sandbox').pathname.slice(1)}`;
    requestLog.watch('bank', operation, req, res);
    await faults.around(operation, req, res, async (answer) => {
      processed.push(await readBody(req));
      answer.writeHead(200, { 'content-type': 'text/plain' });
      answer.end('thank you');
    });
  });
});

afterEach(() => server.close());

const deposit = (amount: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${server.origin}/coins?secret=1`, { method: 'POST', body: amount, ...init });

/** The socket error code inside fetch's error. */
async function socketError(request: Promise<Response>): Promise<string> {
  const error: unknown = await request.then(
    () => new Error('answered'),
    (reason: unknown) => reason,
  );
  const cause = (error as Error).cause as { code?: string } | undefined;
  return cause?.code ?? (error as Error).name;
}

test('without a rule, the real handler responds', async () => {
  const response = await deposit('5');
  expect([response.status, await response.text(), processed]).toEqual([200, 'thank you', ['5']]);
});

test('a rule applies to one request, and is removed', async () => {
  faults.add({ at: 'bank.deposit', status: 503 });
  expect((await deposit('5')).status).toBe(503);
  expect(faults.list()).toEqual([]);
  expect((await deposit('6')).status).toBe(200);
  expect(processed).toEqual(['6']);
});

test('a rule counts down, and the oldest matching one applies first', async () => {
  faults.add({ at: 'bank.deposit:coins', times: 2, status: 500 });
  faults.add({ at: 'bank.deposit', times: Infinity, status: 429, headers: { 'Retry-After': '7' } });
  expect((await deposit('1')).status).toBe(500);
  expect(faults.list().map(({ times }) => times)).toEqual([1, Infinity]);
  expect((await deposit('2')).status).toBe(500);
  const limited = await deposit('3');
  expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
  expect(faults.list()).toHaveLength(1);
  faults.clear();
  expect((await deposit('4')).status).toBe(200);
});

test.each(['bank.deposit:notes', 'bank.dep', 'bank', 'bank.deposit:coin'])(
  'a rule for %s does not apply to bank.deposit:coins',
  async (at) => {
    faults.add({ at, status: 500 });
    expect((await deposit('5')).status).toBe(200);
    expect(faults.list()).toHaveLength(1);
  },
);

test('a response with status, headers and body replaces the real one, and the request is not processed', async () => {
  faults.add({ at: 'bank.deposit', status: 403, body: '<p>Proxy', headers: { 'Content-Type': 'text/html' } });
  const response = await deposit('5');
  expect(response.status).toBe(403);
  expect(response.headers.get('content-type')).toBe('text/html');
  expect(await response.text()).toBe('<p>Proxy');
  expect(processed).toEqual([]);
});

test('only a body means 200 and JSON', async () => {
  faults.add({ at: 'bank.deposit', body: '{}' });
  const response = await deposit('5');
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(await response.json()).toEqual({});
});

test('a response can replace the real one after the request was processed', async () => {
  faults.add({ at: 'bank.deposit', status: 502, body: 'bad gateway', process: true });
  const response = await deposit('5');
  expect([response.status, await response.text(), processed]).toEqual([502, 'bad gateway', ['5']]);
});

describe('a lost response', () => {
  test.each([
    ['drop', 'before', 'UND_ERR_SOCKET', []],
    ['drop', 'after', 'UND_ERR_SOCKET', ['5']],
    ['reset', 'before', 'ECONNRESET', []],
    ['reset', 'after', 'ECONNRESET', ['5']],
  ] as const)('%s %s: the client sees %s', async (how, when, code, expected) => {
    faults.add({ at: 'bank.deposit', [how]: when });
    expect(await socketError(deposit('5'))).toBe(code);
    expect(processed).toEqual(expected);
    expect(requestLog.list().map(({ status }) => status)).toEqual([undefined]);
  });
});

test('a drop is not a reset, even if the request was long and unread', async () => {
  faults.add({ at: 'bank.deposit', drop: 'before' });
  expect(await socketError(deposit('x'.repeat(4_000_000)))).toBe('UND_ERR_SOCKET');
  expect(processed).toEqual([]);
});

test('a handler that continues after it returned completes before its response is lost', async () => {
  const slow = await startServer(() => async (req, res) => {
    await faults.around('slow', req, res, (answer) => {
      setImmediate(() => {
        processed.push('late');
        answer.end('done');
      });
    });
  });
  try {
    faults.add({ at: 'slow', drop: 'after' });
    expect(await socketError(fetch(slow.origin))).toBe('UND_ERR_SOCKET');
    expect(processed).toEqual(['late']);
  } finally {
    await slow.close();
  }
});

test('a request that hangs is not processed, and ends when the client cancels', async () => {
  faults.add({ at: 'bank.deposit', hang: true });
  const client = new AbortController();
  const request = deposit('5', { signal: client.signal });
  await expect.poll(() => requestLog.count()).toBe(1);
  client.abort();
  expect(await socketError(request)).toBe('AbortError');
  expect(processed).toEqual([]);
});

test('a request that hangs does not keep the server open', async () => {
  faults.add({ at: 'bank.deposit', hang: true });
  const request = socketError(deposit('5'));
  await expect.poll(() => requestLog.count()).toBe(1);
  await server.close();
  expect(await request).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/);
  server = await startServer(() => () => undefined);
});

test('a delay alone lets the real handler respond afterwards', async () => {
  faults.add({ at: 'bank.deposit', delayMs: 30 });
  const started = performance.now();
  expect((await deposit('5')).status).toBe(200);
  // A timer may fire up to a millisecond early.
  expect(performance.now() - started).toBeGreaterThanOrEqual(29);
});

test('a rule applies to a request whose body has already been read', async () => {
  const early = await startServer(() => async (req, res) => {
    const body = await readBody(req);
    await faults.around('early', req, res, (answer) => {
      processed.push(body);
      answer.end('done');
    });
  });
  try {
    faults.add({ at: 'early', drop: 'after' });
    const request = fetch(early.origin, { method: 'POST', body: '7' });
    expect(await socketError(request)).toBe('UND_ERR_SOCKET');
    expect(processed).toEqual(['7']);
  } finally {
    await early.close();
  }
});

test.each([
  [{ at: '', status: 500 }, /name of an operation/],
  [{ at: 'bank' }, /does not specify a fault/],
  [{ at: 'bank', drop: 'before', status: 500 }, /more than one/],
  [{ at: 'bank', hang: true, reset: 'after' }, /more than one/],
  [{ at: 'bank', drop: 'after', process: true }, /requires a response/],
  [{ at: 'bank', status: 500, times: 0 }, /below 1/],
  [{ at: 'bank', status: 500, times: Number.NaN }, /below 1/],
] as const)('the contradictory rule %o is rejected', (rule, message) => {
  expect(() => faults.add(rule)).toThrow(message);
  expect(faults.list()).toEqual([]);
});

describe('the request log', () => {
  test('keeps paths without queries, and the sent status', async () => {
    await deposit('5');
    const [request] = requestLog.list();
    expect(request).toMatchObject({
      server: 'bank',
      operation: 'bank.deposit:coins',
      method: 'POST',
      path: '/coins',
      status: 200,
    });
    expect(JSON.stringify(requestLog.list())).not.toContain('secret');
  });

  test('counts by operation, in total or by kind', async () => {
    await deposit('5');
    await fetch(`${server.origin}/notes`, { method: 'POST', body: '1' });
    expect(requestLog.count()).toBe(2);
    expect(requestLog.count('bank.deposit')).toBe(2);
    expect(requestLog.count('bank.deposit:notes')).toBe(1);
    expect(requestLog.count('bank.dep')).toBe(0);
    requestLog.clear();
    expect(requestLog.count()).toBe(0);
  });
});

describe('the server', () => {
  test('has an origin that a browser workbench does not rewrite', () => {
    expect(server.origin).toMatch(/^http:\/\/(\[::1\]|127\.0\.0\.2):\d+$/);
  });

  test('rejects a body above the limit, and continues', async () => {
    const response = await deposit('x'.repeat(70_000));
    expect(response.status).toBe(413);
    expect(processed).toEqual([]);
    expect((await deposit('5')).status).toBe(200);
  });

  test('closes despite an idle connection, and is gone then', async () => {
    await (await deposit('5')).text();
    await server.close();
    await expect(deposit('6')).rejects.toThrow();
    server = await startServer(() => () => undefined);
  });

  test('is closed if its handler cannot be created', async () => {
    let origin = '';
    const started = startServer((at) => {
      origin = at;
      throw new Error('no issuer');
    });
    await expect(started).rejects.toThrow('no issuer');
    await expect(fetch(origin)).rejects.toThrow();
  });
});

test('a client that disconnects during its body breaks nothing', async () => {
  const req = request(`${server.origin}/coins`, { method: 'POST', headers: { 'content-length': '10' } });
  req.on('error', () => undefined);
  req.write('12');
  await expect.poll(() => requestLog.count()).toBe(1);
  req.destroy();
  expect((await deposit('5')).status).toBe(200);
  expect(processed).toEqual(['5']);
});
