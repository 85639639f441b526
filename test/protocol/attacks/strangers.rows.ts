import { requestBytes } from './rawHttp.ts';
import type { RawAnswer } from './rawHttp.ts';
import type { Row } from './row.ts';
import type { Visit } from './visit.ts';

/** Requests to a listener other than its callback: each gets a response and is ignored, and the sign-in continues. */
export interface Stranger extends Row {
  readonly send: (visit: Visit) => Promise<RawAnswer | readonly RawAnswer[]>;
  /** The status of each response. */
  readonly answered: readonly number[];
  /** The page of the first response, or of its redirect target; `Nothing here` by default. */
  readonly page?: 'Ended' | 'none';
  /** The provider; Okta by default. */
  readonly at?: 'both';
}

const code = 'foreign-code-1';
const ignored = { expected: 'answered and ignored', tokenRequests: 0 } as const;
const ended = {
  ...ignored,
  expected: 'a page says that this sign-in has ended',
  answered: [302],
  page: 'Ended',
} as const;
const nothingHere = { ...ignored, answered: [404] } as const;
const notOurs = { ...ignored, answered: [400] } as const;
const notAllowed = { ...ignored, answered: [405] } as const;
const refusedUnread = { ...ignored, expected: 'rejected unread', answered: [400], page: 'none' } as const;

const state6749 = { ...ended, source: 'RFC 6749, 10.12', at: 'both' } as const;
const twice = { ...ended, source: 'RFC 6749, 3.1', at: 'both' } as const;
const rebinding = { ...notOurs, source: 'RFC 8252, 8.3' } as const;
const notTheCallback = { ...nothingHere, source: 'RFC 8252, 7.3' } as const;
const methods = { ...notAllowed, source: 'RFC 9110, 15.5.6' } as const;
const protocol = { ...refusedUnread, source: 'RFC 9112, 3' } as const;

const attacker = 'https://attacker.example';

/** A callback of this prompt that is correct except for its code, sent to another target than the redirect URI's. */
const toTarget =
  (target: (callback: string, visit: Visit) => string) =>
  (visit: Visit): Promise<RawAnswer> =>
    visit.get(target(visit.target({ code }), visit));
const withHost =
  (host: (port: number) => string | null) =>
  (visit: Visit): Promise<RawAnswer> =>
    visit.get(visit.target({ code }), { host: host(visit.port) });
const by =
  (method: string, ...headers: string[]) =>
  (visit: Visit): Promise<RawAnswer> =>
    visit.get(visit.target({ code }), { method, headers });
const saying =
  (parameters: (visit: Visit) => Readonly<Record<string, string>>) =>
  (visit: Visit): Promise<RawAnswer> =>
    visit.get(visit.target(parameters(visit)));
const adding =
  (more: (visit: Visit) => string) =>
  (visit: Visit): Promise<RawAnswer> =>
    visit.get(`${visit.target({ code })}&${more(visit)}`);

export const strangers: readonly Stranger[] = [
  { ...state6749, done: 'a code with another state', send: saying(() => ({ code, state: 'another' })) },
  { ...state6749, done: 'a code with an empty state', send: saying(() => ({ code, state: '' })) },
  {
    ...state6749,
    done: 'a code without a state',
    send: (visit) => visit.get(`/oauth/callback?code=${code}`),
  },
  {
    ...state6749,
    done: 'a code with a prefix of the state',
    send: saying(({ state }) => ({ code, state: state.slice(0, -1) })),
  },
  {
    ...state6749,
    done: 'a code with the state in lower case',
    send: saying(({ state }) => ({ code, state: state.toLowerCase() })),
  },
  {
    ...state6749,
    done: 'a code with the state and a space',
    send: saying(({ state }) => ({ code, state: `${state} ` })),
  },
  {
    ...state6749,
    source: 'RFC 9700, 4.7',
    done: 'an error with another state',
    send: saying(() => ({ error: 'access_denied', state: 'another' })),
  },
  {
    ...state6749,
    source: 'RFC 9700, 4.7',
    done: 'an error without a state',
    send: (visit) => visit.get('/oauth/callback?error=access_denied'),
  },
  { ...twice, done: 'the right state twice', send: adding(({ state }) => `state=${state}`) },
  { ...twice, done: 'another state behind the right one', send: adding(() => 'state=another') },
  { ...twice, done: 'another code behind the first', send: adding(() => 'code=foreign-code-2') },
  { ...twice, done: 'an unknown parameter twice', send: adding(() => 'x=1&x=2') },
  {
    ...twice,
    done: 'an error twice',
    send: (visit) => visit.get(visit.target({ error: 'a' }) + '&error=b'),
  },

  {
    ...twice,
    source: 'RFC 9207, 2.4',
    done: 'two issuers, the right one first',
    send: adding(({ turn }) => `iss=${encodeURIComponent(issuerOf(turn.url))}&iss=${attacker}`),
  },

  { ...methods, done: 'POST of the right callback', send: by('POST') },
  {
    ...methods,
    source: 'OAuth 2.0 Form Post Response Mode, 2',
    done: 'a form with the correct state and a code',
    send: (visit) =>
      visit.get('/oauth/callback', {
        method: 'POST',
        headers: ['Content-Type: application/x-www-form-urlencoded'],
        body: `code=${code}&state=${visit.state}`,
      }),
  },
  { ...methods, done: 'PUT of the right callback', send: by('PUT') },
  { ...methods, done: 'DELETE of the right callback', send: by('DELETE') },
  {
    ...methods,
    source: 'Fetch, 3.2.2 (preflight)',
    done: 'OPTIONS from another site, also for the private network',
    expected: 'answered without permission for that site',
    send: by(
      'OPTIONS',
      `Origin: ${attacker}`,
      'Access-Control-Request-Method: GET',
      'Access-Control-Request-Private-Network: true',
    ),
  },
  {
    ...methods,
    source: 'RFC 9110, 9.3.8',
    done: 'TRACE with a header to echo',
    send: by('TRACE', 'X-Canary: repeat-me-please'),
  },
  // Regression: the connection was closed without a response.
  {
    ...notAllowed,
    source: 'RFC 9110, 9.3.6',
    page: 'none',
    done: 'CONNECT to somewhere',
    expected: 'rejected, without a tunnel',
    send: ({ send }) => send('CONNECT attacker.example:443 HTTP/1.1\r\nHost: attacker.example:443\r\n\r\n'),
  },
  {
    ...nothingHere,
    source: 'RFC 9110, 9.3.2',
    page: 'none',
    done: 'HEAD for the correct callback',
    expected: 'answered without effect',
    send: by('HEAD'),
  },

  { ...rebinding, done: 'a foreign Host', send: withHost((port) => `attacker.example:${port}`) },
  {
    ...rebinding,
    done: 'a Host that starts like ours',
    send: withHost((port) => `localhost.attacker.example:${port}`),
  },
  { ...rebinding, done: 'our Host with a dot at its end', send: withHost((port) => `localhost.:${port}`) },
  {
    ...rebinding,
    done: 'a Host in the network',
    send: withHost((port) => `192.168.0.7:${port}`),
  },
  { ...rebinding, done: 'the address of every network as Host', send: withHost((port) => `0.0.0.0:${port}`) },
  { ...rebinding, done: 'our Host without its port', send: withHost(() => 'localhost') },
  { ...rebinding, done: 'our Host with another port', send: withHost((port) => `localhost:${port ^ 1}`) },
  // Regression: a Host header was parsed as an address, so a user name or path in it was accepted.
  {
    ...rebinding,
    done: 'our Host after a user name',
    send: withHost((port) => `attacker.example@localhost:${port}`),
  },
  {
    ...rebinding,
    done: 'our Host before a path',
    send: withHost((port) => `localhost:${port}/.attacker.example`),
  },
  {
    ...rebinding,
    done: 'our Host, and a foreign one after it',
    send: (visit) => visit.get(visit.target({ code }), { headers: ['Host: attacker.example'] }),
  },
  // Regression: Node responded to these itself, without our headers; two Host headers were merged.
  { ...rebinding, source: 'RFC 9112, 3.2', done: 'no Host', send: withHost(() => null) },
  {
    ...rebinding,
    source: 'RFC 9112, 3.2',
    done: 'no Host, in HTTP/1.0',
    send: (visit) => visit.send(`GET ${visit.target({ code })} HTTP/1.0\r\n\r\n`),
  },
  // Regression: the target's host was ignored, and the callback accepted.
  {
    ...rebinding,
    source: 'RFC 9112, 3.2.2',
    done: 'the absolute form of a foreign host',
    send: toTarget((callback, { port }) => `http://attacker.example:${port}${callback}`),
  },
  {
    ...rebinding,
    source: 'RFC 9112, 3.2.2',
    done: 'the absolute form of our host over https',
    send: toTarget((callback, { port }) => `https://localhost:${port}${callback}`),
  },
  {
    ...rebinding,
    source: 'RFC 9112, 3.2.1',
    done: 'a foreign host after a double slash',
    send: toTarget((callback) => `//attacker.example${callback}`),
  },
  {
    ...rebinding,
    source: 'RFC 9112, 3.2.1',
    done: 'a foreign host after a slash and a backslash',
    send: toTarget((callback) => `/\\attacker.example${callback}`),
  },

  {
    ...notTheCallback,
    done: 'the favicon, prefetched',
    send: (visit) => visit.get('/favicon.ico', { headers: ['Sec-Purpose: prefetch'] }),
  },
  {
    ...notTheCallback,
    answered: [302],
    page: 'Ended',
    done: 'the redirect URI alone, prerendered',
    send: (visit) => visit.get('/oauth/callback', { headers: ['Sec-Purpose: prefetch;prerender'] }),
  },
  { ...notTheCallback, done: 'the page of a sign-in that has not been', send: toTarget(signedIn) },
  {
    ...notTheCallback,
    done: 'the path of the root',
    send: toTarget((c) => c.replace('/oauth/callback', '/')),
  },
  { ...notTheCallback, done: 'the path in capitals', send: toTarget((c) => c.replace('/oauth', '/OAUTH')) },
  { ...notTheCallback, done: 'a path that goes on', send: toTarget((c) => c.replace('?', '/other?')) },
  { ...notTheCallback, done: 'two slashes at its end', send: toTarget((c) => c.replace('?', '//?')) },
  {
    ...notTheCallback,
    done: 'a double slash inside',
    send: toTarget((c) => c.replace('/callback', '//callback')),
  },
  {
    ...notTheCallback,
    done: 'a percent-encoded letter in the path',
    send: toTarget((c) => c.replace('callb', 'c%61llb')),
  },
  { ...notTheCallback, done: 'a path parameter', send: toTarget((c) => c.replace('?', ';jsessionid=1?')) },
  // Regression: dots were removed from a path before the comparison.
  {
    ...notOurs,
    source: 'RFC 3986, 5.2.4',
    done: 'a path reached through dots',
    send: toTarget((c) => `/x/..${c}`),
  },
  {
    ...notOurs,
    source: 'RFC 3986, 5.2.4',
    done: 'a path reached through percent-encoded dots',
    send: toTarget((c) => `/x/%2e%2E${c}`),
  },
  {
    ...notOurs,
    source: 'RFC 3986, 5.2.4',
    done: 'a path left through dots',
    send: toTarget((c) => c.replace('?', '/../../../etc/passwd?')),
  },
  {
    ...ended,
    source: 'RFC 6749, 4.1.2',
    done: 'the correct parameters in a fragment',
    send: toTarget((callback) => callback.replace('?', '#')),
  },

  // Regression: Node responded to malformed requests, without our headers.
  {
    ...ignored,
    source: 'RFC 9110, 15.5.15',
    done: 'a query of 2 MB',
    expected: 'rejected unread',
    answered: [431],
    page: 'none',
    send: adding(() => `x=${'y'.repeat(2_000_000)}`),
  },
  {
    ...ignored,
    source: 'RFC 6585, 5',
    done: 'a header of 2 MB',
    expected: 'rejected unread',
    answered: [431],
    page: 'none',
    send: by('GET', `Cookie: ${'y'.repeat(2_000_000)}`),
  },
  { ...methods, done: 'a body of 100 KB', send: (visit) => visit.get('/', { method: 'POST', body: large }) },
  { ...protocol, done: 'what is not HTTP', send: ({ send }) => send('\u0016\u0003\u0001\u0000\r\n\r\n') },
  { ...protocol, done: 'HTTP/2 without being asked', send: ({ send }) => send(http2) },
  {
    ...protocol,
    source: 'RFC 9112, 6.1',
    done: 'a length and chunks, to smuggle a second request',
    send: (visit) =>
      visit.get('/', {
        headers: ['Content-Length: 6', 'Transfer-Encoding: chunked'],
      }),
  },
  {
    ...protocol,
    source: 'RFC 9110, 5.5',
    done: 'a NUL in a header',
    send: by('GET', 'X-Odd: a\u0000b'),
  },
  {
    ...nothingHere,
    source: 'RFC 9110, 10.1.1',
    done: 'an unsupported expectation',
    send: (visit) => visit.get('/', { headers: ['Expect: the-impossible'] }),
  },
  {
    ...nothingHere,
    source: 'RFC 6455, 4.1',
    done: 'a WebSocket',
    send: (visit) =>
      visit.get('/', {
        headers: ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
      }),
  },
  {
    ...ignored,
    source: 'RFC 9112, 9.3.2',
    done: 'two pipelined foreign callbacks',
    expected: 'one is answered, and the connection is closed',
    answered: [302],
    page: 'Ended',
    send: ({ send, port }) => {
      const request = requestBytes(`/oauth/callback?code=${code}&state=another`, port);
      return send(request + request);
    },
  },

  {
    ...ended,
    source: 'RFC 9700, 4.11',
    done: 'an address to redirect to',
    expected: 'the browser is not sent there',
    send: (visit) =>
      visit.get(
        `/oauth/callback?${new URLSearchParams({ redirect_uri: attacker, next: attacker, state: 'another' })}`,
      ),
  },
  {
    ...ended,
    source: 'RFC 6819, 4.4.1.9',
    done: 'a script in error_description, with another state',
    expected: 'does not appear on a page',
    send: saying(() => ({ error: 'x', error_description: '<script>alert(1)</script>', state: 'another' })),
  },
  {
    ...ended,
    source: 'RFC 9110, 5.5',
    done: 'line ends in a parameter',
    expected: 'does not create a header',
    send: saying(() => ({ error: 'x\r\nSet-Cookie: attacker=1', state: 'another' })),
  },
];

function signedIn(callback: string): string {
  return callback.replace('?', '/signed-in?');
}

const large = 'z'.repeat(100_000);
const http2 = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** The issuer of an Okta authorization endpoint. */
function issuerOf(authorizationUrl: string): string {
  return authorizationUrl.replace(/\/v1\/authorize.*$/, '');
}
