import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createLoopbackRedirect } from '../../../../src/adapters/node/loopbackRedirect.ts';
import { SignInError } from '../../../../src/core/oauth/errors.ts';
import { browse } from '../../fakes/browse.ts';
import { loopbackPageTexts } from '../../fakes/loopbackPageTexts.ts';
import { freePorts, hasIpv6, occupy } from '../../fakes/ports.ts';
import { rejectionOf } from '../../fakes/thrownBy.ts';

const path = '/oauth/callback';
const never = new AbortController().signal;
const redirect = createLoopbackRedirect(() => loopbackPageTexts);
const withIpv6 = await hasIpv6();
const withState = (state: string) => (parameters: URLSearchParams) => parameters.get('state') === state;

/** A listener on a free port. */
async function listening() {
  return redirect.listen(await freePorts(1), path);
}

describe('createLoopbackRedirect: a port', () => {
  test('is the first free one', async () => {
    const ports = await freePorts(2);
    await using listener = await redirect.listen(ports, path);
    expect(listener.port).toBe(ports[0]);
  });

  test.each(['127.0.0.1', '::1'])('in use on %s is skipped', async (address) => {
    if (address === '::1' && !withIpv6) return;
    const ports = await freePorts(2);
    await using _ = await occupy(ports[0] ?? 0, address);
    await using listener = await redirect.listen(ports, path);
    expect(listener.port).toBe(ports[1]);
  });

  test.skipIf(!withIpv6)('in use on one address is released on the other', async () => {
    const ports = await freePorts(2);
    await using _ = await occupy(ports[0] ?? 0, '::1');
    await using __ = await redirect.listen(ports, path);
    await using other = await occupy(ports[0] ?? 0, '127.0.0.1');
    expect(other?.port).toBe(ports[0]);
  });

  test.skipIf(!withIpv6)('responds on both addresses', async () => {
    await using listener = await listening();
    const { port } = listener;
    expect((await browse(port, '/', { address: '127.0.0.1' })).status).toBe(404);
    expect((await browse(port, '/', { address: '::1' })).status).toBe(404);
  });

  test('is free again after disposing of the listener', async () => {
    const ports = await freePorts(1);
    const first = await redirect.listen(ports, path);
    await browse(first.port, '/');
    await first[Symbol.asyncDispose]();
    await using second = await redirect.listen(ports, path);
    expect(second.port).toBe(ports[0]);
  });

  test('all in use: reports each problem', async () => {
    const [one = 0, two = 0] = await freePorts(2);
    await using _ = await occupy(one, '127.0.0.1');
    await using __ = await occupy(two, '127.0.0.1');
    expect(await rejectionOf(redirect.listen([one, two], path))).toMatchObject({
      kind: 'portsUnavailable',
      details: {
        operation: 'listen',
        ports: [
          { port: one, address: '127.0.0.1', code: 'EADDRINUSE' },
          { port: two, address: '127.0.0.1', code: 'EADDRINUSE' },
        ],
      },
    });
  });

  test('none given: reports that, too', async () => {
    expect(await rejectionOf(redirect.listen([], path))).toMatchObject({ kind: 'portsUnavailable' });
  });
});

describe('createLoopbackRedirect: the callback', () => {
  test.each([path, `${path}/`])('at %s ends the wait with its parameters', async (at) => {
    await using listener = await listening();
    const waiting = listener.callback(withState('mine'), never);
    const browsing = browse(listener.port, `${at}?code=a%2Bb&state=mine`);
    const callback = await waiting;
    expect([...callback.parameters]).toEqual([
      ['code', 'a+b'],
      ['state', 'mine'],
    ]);
    const answered = callback.respond('signedIn');
    const { headers } = await browsing;
    await browse(listener.port, headers.location ?? '');
    await answered;
  });

  test('with another state gets a response and is ignored, and the correct one is accepted afterwards', async () => {
    await using listener = await listening();
    const { port } = listener;
    const waiting = listener.callback(withState('mine'), never);
    const foreign = await browse(port, `${path}?code=x&state=other`);
    // Its code does not stay in the browser's address, although it is useless here.
    expect([foreign.status, foreign.headers.location]).toEqual([302, `${path}/ended#`]);
    const ended = await browse(port, `${path}/ended`);
    expect(ended.status).toBe(404);
    expect(ended.body).toContain('notThisSignIn title');
    const browsing = browse(port, `${path}?code=y&state=mine`);
    expect((await waiting).parameters.get('code')).toBe('y');
    void (await waiting).respond('failed');
    expect((await browsing).status).toBe(302);
    await browse(port, (await browsing).headers.location ?? '');
  });

  test('A16: with its parameters in a fragment leaves none of them in the browser’s address', async () => {
    await using listener = await listening();
    // The server sees only the path; an empty fragment replaces the one that the browser kept.
    const { status, headers } = await browse(listener.port, path);
    expect([status, headers.location]).toEqual([302, `${path}/ended#`]);
  });

  test("is accepted with cookies of all other localhost programs, which exceed Node's default limit", async () => {
    await using listener = await listening();
    const waiting = listener.callback(withState('mine'), never);
    const cookie = Array.from({ length: 180 }, (_, index) => `c${index}=${'x'.repeat(4_000)}`).join('; ');
    const browsing = browse(listener.port, `${path}?code=y&state=mine`, { cookie });
    const callback = await waiting;
    const answered = callback.respond('signedIn');
    const page = await browse(listener.port, (await browsing).headers.location ?? '', { cookie });
    expect(page.status).toBe(200);
    await answered;
  });

  test('that arrives twice counts once', async () => {
    await using listener = await listening();
    const { port } = listener;
    const waiting = listener.callback(withState('mine'), never);
    const browsing = browse(port, `${path}?code=y&state=mine`);
    const callback = await waiting;
    const other = await browse(port, `${path}?code=z&state=mine`);
    expect(other.headers.location).toBe(`${path}/ended#`);
    const answered = callback.respond('signedIn');
    await browse(port, (await browsing).headers.location ?? '');
    await answered;
  });

  test.each(['signedIn', 'failed'] as const)(
    'that a scanner or browser prefetched ends on the same page for the user: %s',
    async (outcome) => {
      await using listener = await listening();
      const { port } = listener;
      const waiting = listener.callback(withState('mine'), never);
      const scanning = browse(port, `${path}?code=y&state=mine`);
      const callback = await waiting;
      const browsing = browse(port, `${path}?code=y&state=mine`);
      const answered = callback.respond(outcome);
      const page = (await scanning).headers.location;
      expect(page).toBe(`${path}/${outcome === 'signedIn' ? 'signed-in' : 'failed'}#`);
      expect((await browsing).headers.location).toBe(page);
      const late = await browse(port, `${path}?code=y&state=mine`);
      expect(late.headers.location).toBe(page);
      await browse(port, page ?? '');
      await answered;
    },
  );

  test('whose page a scanner read first left the user’s browser without one', async () => {
    await using listener = await listening();
    const { port } = listener;
    const waiting = listener.callback(withState('mine'), never);
    const scanning = browse(port, `${path}?code=y&state=mine`);
    const callback = await waiting;
    const browsing = browse(port, `${path}?code=y&state=mine`);
    await wait(100);
    let isOver = false;
    const answered = callback.respond('signedIn').then(() => (isOver = true));
    await browse(port, (await scanning).headers.location ?? '');
    await wait(100);
    expect(isOver).toBe(false);
    await browse(port, (await browsing).headers.location ?? '');
    await answered;
  });

  test('before a sign-in waits gets a response and is ignored', async () => {
    await using listener = await listening();
    const early = await browse(listener.port, `${path}?code=x&state=mine`);
    expect(early.headers.location).toBe(`${path}/ended#`);
  });

  test('is waited for until the signal aborts, with its reason', async () => {
    await using listener = await listening();
    const asker = new AbortController();
    const reason = new SignInError('cancelled', { operation: 'test' });
    const waiting = listener.callback(withState('mine'), asker.signal);
    asker.abort(reason);
    expect(await rejectionOf(waiting)).toBe(reason);
    const late = await browse(listener.port, `${path}?code=x&state=mine`);
    expect(late.headers.location).toBe(`${path}/ended#`);
  });

  test('is not waited for if the signal has already aborted', async () => {
    await using listener = await listening();
    const reason = new SignInError('cancelled', { operation: 'test' });
    expect(await rejectionOf(listener.callback(withState('mine'), AbortSignal.abort(reason)))).toBe(reason);
  });
});

describe('createLoopbackRedirect: the page after the redirect', () => {
  test.each([
    ['signedIn', 'signedIn title'],
    ['failed', 'failed title'],
  ] as const)('for %s has an address without the code', async (outcome, title) => {
    await using listener = await listening();
    const { port } = listener;
    const waiting = listener.callback(withState('mine'), never);
    const browsing = browse(port, `${path}?code=secret-code&state=mine`);
    const answered = (await waiting).respond(outcome);
    const redirected = await browsing;
    const { location = '' } = redirected.headers;
    expect(redirected.status).toBe(302);
    expect(location).not.toMatch(/secret-code|mine|[?]|#./);
    expect(new URL(location, `http://localhost:${port}`).host).toBe(`localhost:${port}`);
    const page = await browse(port, location);
    await answered;
    expect(page.status).toBe(200);
    expect(page.body).toContain(title);
  });
});

describe('createLoopbackRedirect: 27: the page of a failed sign-in', () => {
  test.each([
    [new SignInError('notAssigned'), 'why: &#60;notAssigned&#62;'],
    [undefined, undefined],
  ])('shows the reason on one line, as text', async (error, line) => {
    await using listener = await listening();
    const waiting = listener.callback(withState('mine'), never);
    const browsing = browse(listener.port, `${path}?error=access_denied&state=mine`);
    const answered = (await waiting).respond('failed', error);
    const { location = '' } = (await browsing).headers;
    const page = await browse(listener.port, location);
    await answered;
    expect(page.body).toContain('failed text');
    expect(/<p class="why">(.*)<\/p>/.exec(page.body)?.[1]).toBe(line);
  });
});

describe('createLoopbackRedirect: any other request', () => {
  test.each([
    ['GET', '/', 404],
    ['GET', '/favicon.ico', 404],
    ['GET', '/oauth', 404],
    ['GET', '/oauth/callback/signed-in', 404],
    ['GET', '/oauth/callbacks?code=x&state=mine', 404],
    ['GET', '/OAUTH/CALLBACK?code=x&state=mine', 404],
    ['HEAD', '/oauth/callback?code=x&state=mine', 404],
    ['POST', '/oauth/callback?code=x&state=mine', 405],
    ['PUT', '/oauth/callback?code=x&state=mine', 405],
    ['OPTIONS', '/oauth/callback?code=x&state=mine', 405],
  ])('%s %s gets %i and does not end the wait', async (method, at, status) => {
    await using listener = await listening();
    const asker = new AbortController();
    let isOver = false;
    const waiting = listener.callback(withState('mine'), asker.signal).finally(() => (isOver = true));
    const answer = await browse(listener.port, at, { method });
    expect(answer.status).toBe(status);
    expect(isOver).toBe(false);
    asker.abort(new SignInError('cancelled'));
    await rejectionOf(waiting);
  });

  test('with a disallowed method gets the allowed ones', async () => {
    await using listener = await listening();
    const { headers } = await browse(listener.port, path, { method: 'POST' });
    expect(headers.allow).toContain('GET');
  });

  test.each(['localhost', '127.0.0.1', '[::1]'])('for %s is for this machine', async (name) => {
    await using listener = await listening();
    const { port } = listener;
    expect((await browse(port, '/', { host: `${name}:${port}` })).status).toBe(404);
  });

  test.each([
    ['a foreign name', (port: number) => `evil.example:${port}`],
    ['a name that begins alike', (port: number) => `localhost.evil.example:${port}`],
    ['an address of the network', (port: number) => `192.168.0.1:${port}`],
    ['no port', () => 'localhost'],
    ['another port', (port: number) => `localhost:${port === 1 ? 2 : 1}`],
  ])('for %s is rejected (DNS rebinding)', async (_, classifyEnvironment) => {
    await using listener = await listening();
    const { port } = listener;
    const asker = new AbortController();
    let isOver = false;
    const waiting = listener.callback(withState('mine'), asker.signal).finally(() => (isOver = true));
    const answer = await browse(port, `${path}?code=x&state=mine`, { host: classifyEnvironment(port) });
    expect(answer.status).toBe(400);
    expect(isOver).toBe(false);
    asker.abort(new SignInError('cancelled'));
    await rejectionOf(waiting);
  });
});

describe('createLoopbackRedirect: every response', () => {
  const kinds = [
    ['the redirect', `${path}?code=x&state=mine`, 'GET'],
    ['a foreign callback', `${path}?code=x&state=other`, 'GET'],
    ['an unknown page', '/', 'GET'],
    ['a refused method', path, 'POST'],
  ] as const;
  test.each(kinds)(
    '%s cannot be stored, referred, framed, sniffed, run or fetched by another site',
    async (_, at, method) => {
      await using listener = await listening();
      const asker = new AbortController();
      const waiting = listener.callback(withState('mine'), asker.signal);
      const answering = waiting.then((callback) => callback.respond('signedIn')).catch(() => undefined);
      const { headers } = await browse(listener.port, at, { method });
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
        'content-security-policy': expect.stringContaining("default-src 'none'") as unknown,
      });
      if (headers.location?.endsWith('/signed-in#') === true) await browse(listener.port, headers.location);
      else asker.abort(new SignInError('cancelled'));
      await answering;
    },
  );
});

describe('createLoopbackRedirect: a browser that is late for a canceled sign-in', () => {
  afterEach(() => void vi.useRealTimers());

  /** The listener of a sign-in that was canceled while it waited. */
  async function canceled(wanted: number) {
    const listener = await redirect.listen([wanted], path);
    const over = new AbortController();
    const waiting = rejectionOf(listener.callback(withState('mine'), over.signal));
    over.abort(new SignInError('cancelled'));
    await waiting;
    await listener[Symbol.asyncDispose]();
    return listener;
  }

  test('gets a page and no error, without the code in its address, and only for a while', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    const { port } = await canceled(0);
    const { status, headers } = await browse(port, `${path}?code=x&state=mine`);
    expect([status, headers.location]).toEqual([302, `${path}/ended#`]);
    expect((await browse(port, `${path}/ended`)).body).toContain('notThisSignIn title');
    expect(await occupy(port, '127.0.0.1')).toBeUndefined();
    await vi.advanceTimersByTimeAsync(120_000);
    vi.useRealTimers();
    await using freed = await occupy(port, '127.0.0.1');
    expect(freed?.port).toBe(port);
  });

  test('does not keep a registered port, which another program may want', async () => {
    const [registered = 0] = await freePorts(1);
    await canceled(registered);
    await using freed = await occupy(registered, '127.0.0.1');
    expect(freed?.port).toBe(registered);
  });
});
