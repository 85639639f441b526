import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import type { Provider } from '../scene.ts';
import { ben } from '../people.ts';
import { openSocket, requestBytes } from './rawHttp.ts';
import type { RequestParts } from './rawHttp.ts';
import type { Row } from './row.ts';
import type { Visit } from './visit.ts';

/** Actions of the identity provider that a row can request. */
export interface Ways {
  /**
   * Ana signs in at the page of the prompt, possibly at a modified address. Returns the redirect target of her
   * browser.
   */
  readonly authorize: (change?: (url: URL) => void, username?: string) => Promise<string>;
}

/** A callback that this sign-in waits for, or a forged one. */
export interface Callback extends Row {
  /** The result of the sign-in. */
  readonly outcome: SignInErrorKind | 'signedIn';
  /** The result at Okta, if the code has a different meaning there. */
  readonly atOkta?: SignInErrorKind;
  readonly come: (visit: Visit, ways: Ways) => Promise<unknown>;
  /** The server's message as shown; always safe to display. */
  readonly says?: string;
  /** Whether the server accepts any code, with any verifier or none. */
  readonly ignoresPkce?: true;
  /** Only at this provider; Okta by default. */
  readonly at?: 'both';
}

export const callbackProviders = (row: Callback): readonly Provider[] =>
  row.at === 'both' ? ['okta', 'identityCenter'] : ['okta'];

const signsIn = { expected: 'signs in', outcome: 'signedIn', tokenRequests: 1 } as const;
const believed = { expected: 'believed, and no token asked for', tokenRequests: 0 } as const;
const refused = { expected: 'rejected without a token request', tokenRequests: 0 } as const;
/** `access_denied`: at Identity Center from the user; at Okta, which has no consent page, from a policy. */
const no = { ...believed, outcome: 'denied', atOkta: 'policy', at: 'both' } as const;

/** The correct callback, sent as a request of another shape. */
const asRequest =
  (change: (target: string, visit: Visit) => readonly [target: string, parts?: RequestParts]) =>
  async (visit: Visit, { authorize }: Ways) => {
    const { pathname, search } = new URL(await authorize());
    const { headers } = await visit.get(...change(pathname + search, visit));
    if (headers['location'] !== undefined) await visit.get(headers['location']);
  };
const withHost = (host: (port: number) => string) =>
  asRequest((target, { port }) => [target, { host: host(port) }]);
/** A callback with the correct state and these parameters. */
const saying =
  (parameters: Readonly<Record<string, string>>) =>
  (visit: Visit): Promise<unknown> =>
    visit.follow(`http://localhost:${visit.port}${visit.target(parameters)}`);
/** The correct callback with additional parameters. */
const adding =
  (more: Readonly<Record<string, string>>) =>
  async (visit: Visit, { authorize }: Ways) =>
    visit.follow(`${await authorize()}&${new URLSearchParams(more)}`);

export const callbacks: readonly Callback[] = [
  {
    ...signsIn,
    source: 'docs/PROTOCOL.md, 3',
    done: 'the callback with a slash at its end',
    at: 'both',
    come: asRequest((target) => [target.replace('?', '/?')]),
  },
  {
    ...signsIn,
    source: 'RFC 6749, 4.1.2',
    done: 'the callback with an unknown parameter',
    at: 'both',
    come: adding({ session_state: 'whatever-it-means' }),
  },
  {
    ...signsIn,
    source: 'RFC 9207, 2.4',
    done: 'the callback with the right iss, which was not announced',
    come: async (visit, { authorize }) => {
      const issuer = visit.turn.url.replace(/\/v1\/authorize.*$/, '');
      await visit.follow(`${await authorize()}&iss=${encodeURIComponent(issuer)}`);
    },
  },
  {
    ...signsIn,
    source: 'RFC 9112, 3.2.2',
    done: 'the callback in absolute form',
    come: asRequest((target, { port }) => [`http://localhost:${port}${target}`]),
  },
  {
    ...signsIn,
    source: 'RFC 8252, 7.3',
    done: 'the callback for 127.0.0.1',
    come: withHost((port) => `127.0.0.1:${port}`),
  },
  {
    ...signsIn,
    source: 'RFC 8252, 7.3',
    done: 'the callback for [::1]',
    come: withHost((port) => `[::1]:${port}`),
  },
  {
    ...signsIn,
    source: 'RFC 9110, 4.2.3',
    done: 'the callback for LOCALHOST',
    come: withHost((port) => `LOCALHOST:${port}`),
  },
  {
    ...signsIn,
    source: 'docs/PROTOCOL.md, 3',
    done: 'the callback on ::1, as macOS does it',
    come: async ({ send, port }, { authorize }) => {
      const { pathname, search } = new URL(await authorize());
      const [redirect] = await send(requestBytes(pathname + search, port), '::1');
      await send(requestBytes(redirect?.headers['location'] ?? '', port), '::1');
    },
  },
  {
    ...signsIn,
    source: 'HTML, 7.4.2.4 (Sec-Purpose)',
    done: 'the callback from a prerendering browser',
    come: asRequest((target) => [target, { headers: ['Sec-Purpose: prefetch;prerender'] }]),
  },
  {
    ...signsIn,
    source: 'RFC 9700, 2.1.1',
    done: 'the callback twice, one after the other',
    expected: 'one of them counts',
    at: 'both',
    come: async (visit, { authorize }) => {
      const address = await authorize();
      const { pathname, search } = new URL(address);
      await Promise.all([visit.follow(address), visit.get(pathname + search)]);
    },
  },
  {
    ...signsIn,
    source: 'RFC 9112, 9.3.2',
    done: 'the callback twice, pipelined',
    expected: 'one of them counts',
    come: async ({ send, get, port }, { authorize }) => {
      const { pathname, search } = new URL(await authorize());
      const request = requestBytes(pathname + search, port);
      const [redirect] = await send(request + request);
      await get(redirect?.headers['location'] ?? '');
    },
  },
  {
    ...signsIn,
    source: 'RFC 9112, 2.2',
    done: 'the callback, byte by byte',
    come: async (visit, { authorize }) => {
      const { pathname, search } = new URL(await authorize());
      const socket = await openSocket(visit.port);
      for (const letter of requestBytes(pathname + search, visit.port)) socket.write(letter);
      socket.resume();
      await visit.get('/oauth/callback/signed-in');
    },
  },

  {
    ...no,
    source: 'RFC 6749, 4.1.2.1',
    done: 'a denial with the correct state',
    says: 'The user said no.',
    come: saying({ error: 'access_denied', error_description: 'The user said no.' }),
  },
  {
    ...no,
    source: 'RFC 6749, 4.1.2.1',
    done: 'a denial and a code with the correct state',
    come: saying({ error: 'access_denied', code: 'a-code-beside-it' }),
  },
  {
    ...believed,
    source: 'RFC 6749, 4.1.2.1',
    done: 'server_error with the correct state',
    outcome: 'serverError',
    at: 'both',
    come: saying({ error: 'server_error' }),
  },
  {
    ...believed,
    source: 'OpenID Connect Core 1.0, 3.1.2.6',
    done: 'login_required with the correct state',
    outcome: 'denied',
    come: saying({ error: 'login_required' }),
  },
  {
    ...believed,
    source: 'RFC 6819, 4.4.1.9',
    done: 'an error code with a script, with the correct state',
    outcome: 'requestRefused',
    at: 'both',
    come: saying({ error: '<script>alert(1)</script>', error_description: '<img src=x onerror=alert(1)>' }),
  },
  {
    ...believed,
    source: 'RFC 6749, 4.1.2.1',
    done: 'the error code constructor',
    outcome: 'requestRefused',
    at: 'both',
    come: saying({ error: 'constructor' }),
  },
  {
    ...no,
    source: 'RFC 6749, 4.1.2.1',
    done: 'a message with line ends and a changed text direction',
    expected: 'shown on one line without invisible characters',
    says: 'No. moc.elpmaxe Call 0800.',
    come: saying({ error: 'access_denied', error_description: 'No.\u202emoc.elpmaxe\r\nCall 0800.' }),
  },
  {
    ...refused,
    source: 'RFC 6749, 4.1.2',
    done: 'the correct state and nothing else',
    outcome: 'invalidResponse',
    at: 'both',
    come: saying({}),
  },
  {
    ...refused,
    source: 'RFC 6749, 4.1.2',
    done: 'the correct state and an empty code',
    outcome: 'invalidResponse',
    at: 'both',
    come: saying({ code: '' }),
  },
  {
    ...refused,
    source: 'OpenID Connect Core 1.0, 3.2.2.5',
    done: 'the correct callback with an access token',
    outcome: 'invalidResponse',
    come: adding({ token: 'a-token-of-the-implicit-flow' }),
  },
  {
    ...refused,
    source: 'OpenID Connect Core 1.0, 3.3.2.5',
    done: 'the correct callback with an ID token',
    outcome: 'invalidResponse',
    come: adding({ id_token: 'eyJhbGciOiJub25lIn0.e30.' }),
  },
  {
    ...refused,
    source: 'JARM, 2.1',
    done: 'the correct callback with a signed response',
    outcome: 'invalidResponse',
    come: adding({ response: 'eyJhbGciOiJub25lIn0.e30.' }),
  },
  {
    source: 'RFC 6749, 5.2',
    done: 'a code that was never issued',
    expected: 'requested once, then ends',
    outcome: 'codeExpired',
    tokenRequests: 1,
    at: 'both',
    come: saying({ code: 'never-issued' }),
  },
  {
    source: 'RFC 9700, 4.5',
    done: "an attacker's own code with this sign-in's state",
    expected: 'its verifier does not match, and no session is created',
    outcome: 'codeExpired',
    tokenRequests: 1,
    at: 'both',
    come: async (visit, { authorize }) => {
      const theirs = await authorize((url) => url.searchParams.set('code_challenge', otherChallenge), ben);
      await saying({ code: new URL(theirs).searchParams.get('code') ?? '' })(visit);
    },
  },
  {
    source: 'RFC 7636, 4.6',
    done: 'a challenge that was modified in transit',
    expected: 'the code is rejected, and no session is created',
    outcome: 'codeExpired',
    tokenRequests: 1,
    at: 'both',
    come: async (visit, { authorize }) =>
      visit.follow(await authorize((url) => url.searchParams.set('code_challenge', otherChallenge))),
  },
  {
    ...signsIn,
    source: 'RFC 9700, 4.8.2',
    done: 'a server that accepts any code with any verifier',
    expected: 'signs in and still sends the matching verifier',
    ignoresPkce: true,
    come: saying({ code: 'whatever-code-there-is' }),
  },
  {
    ...believed,
    source: 'RFC 9700, 4.8.2',
    done: 'the challenge removed in transit (PKCE downgrade)',
    expected: 'the server rejects it, and the sign-in fails',
    outcome: 'requestRefused',
    come: async (visit, { authorize }) =>
      visit.follow(await authorize((url) => url.searchParams.delete('code_challenge'))),
  },
  {
    ...believed,
    source: 'RFC 9700, 4.8.2',
    done: 'the method changed to plain in transit',
    expected: 'the server rejects it, and the sign-in fails',
    outcome: 'requestRefused',
    come: async (visit, { authorize }) =>
      visit.follow(await authorize((url) => url.searchParams.set('code_challenge_method', 'plain'))),
  },
  {
    source: 'RFC 6749, 4.1.3',
    done: 'a code for another registered redirect URI',
    expected: 'the code is rejected, and no session is created',
    outcome: 'codeExpired',
    tokenRequests: 1,
    come: async (visit, { authorize }) => {
      const theirs = await authorize((url) => url.searchParams.set('redirect_uri', otherRedirectUri(visit)));
      await saying({ code: new URL(theirs).searchParams.get('code') ?? '' })(visit);
    },
  },
];

/** RFC 7636, appendix B: its verifier is public. */
const otherChallenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

function otherRedirectUri({ redirectUri, otherPorts }: Visit): string {
  return redirectUri.replace(/:\d+/, `:${otherPorts[0] ?? ''}`);
}
