import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import type { PasteProblem } from '../../../src/input/pastedCallback.ts';
import type { Row } from './row.ts';
import type { Visit } from './visit.ts';

/** Text pasted in place of a redirect that did not arrive. Each row runs at both providers. */
interface PastedRow extends Row {
  /** @param right the redirect target of the browser */
  readonly text: (right: string, visit: Visit) => string;
  /** The validation problem; the sign-in continues afterwards. */
  readonly problem?: PasteProblem;
  /** The result of the sign-in if the text is valid; `signedIn` by default. */
  readonly outcome?: SignInErrorKind;
  /** The result at Okta, if the code has a different meaning there. */
  readonly atOkta?: SignInErrorKind;
}

const source = 'RFC 6749, 10.12 (docs/PROTOCOL.md, 3)';
const taken = { source, expected: 'accepted', tokenRequests: 1 } as const;
const notCallback = { source, expected: 'not accepted', problem: 'notCallback', tokenRequests: 0 } as const;
const otherSignIn = { source, expected: 'not accepted', problem: 'otherSignIn', tokenRequests: 0 } as const;

const withQuery =
  (change: (query: URLSearchParams) => void) =>
  (right: string): string => {
    const url = new URL(right);
    change(url.searchParams);
    return url.href;
  };

export const pastedRows: readonly PastedRow[] = [
  { ...taken, done: 'the address as it is', text: (right) => right },
  { ...taken, done: 'with blanks and line ends around it', text: (right) => ` \r\n\t${right}\n\n ` },
  {
    ...taken,
    done: 'wrapped onto two lines',
    text: (right) => right.replace('&', '&\n'),
  },
  { ...taken, done: 'without its scheme', text: (right) => right.replace('http://', '') },
  { ...taken, done: 'with its scheme in capitals', text: (right) => right.replace('http', 'HTTP') },
  // A browser with HSTS for `localhost`, or in HTTPS-only mode, ends at this address, which the listener cannot serve.
  { ...taken, done: 'over https', text: (right) => right.replace('http:', 'https:') },
  { ...taken, done: 'for 127.0.0.1', text: (right) => right.replace(/\/\/[^:]+:/, '//127.0.0.1:') },
  { ...taken, done: 'for localhost', text: (right) => right.replace(/\/\/[^:]+:/, '//localhost:') },
  { ...taken, done: 'with a slash at the end of its path', text: (right) => right.replace('?', '/?') },
  { ...taken, done: 'with a fragment behind it', text: (right) => `${right}#_=_` },
  { ...taken, done: 'F12: with a zero-width space behind it', text: (right) => `${right}\u200b` },
  { ...taken, done: 'F12: with a byte order mark before it', text: (right) => `\ufeff${right}` },
  { ...taken, done: 'F12: in quotes', text: (right) => `“${right}”.` },
  { ...taken, done: 'F12: in angle brackets', text: (right) => `<${right}>` },
  { ...taken, done: 'F12: as a link of Markdown', text: (right) => `[${right}](${right})` },
  {
    ...taken,
    done: 'a denial with the correct state',
    expected: 'believed',
    outcome: 'denied',
    atOkta: 'policy',
    tokenRequests: 0,
    text: (_, { redirectUri, target }) => new URL(target({ error: 'access_denied' }), redirectUri).href,
  },

  {
    ...otherSignIn,
    done: 'another state',
    text: withQuery((query) => query.set('state', 'another')),
  },
  { ...otherSignIn, done: 'no state', text: withQuery((query) => query.delete('state')) },
  {
    ...otherSignIn,
    done: 'the state twice',
    text: withQuery((query) => query.append('state', query.get('state') ?? '')),
  },
  { ...otherSignIn, done: 'two codes', text: withQuery((query) => query.append('code', 'another-code')) },
  {
    ...otherSignIn,
    done: 'an error with another state',
    text: (_, { redirectUri }) => `${redirectUri}?error=access_denied&state=another`,
  },

  {
    ...notCallback,
    done: 'the address on another host',
    text: (right) => right.replace(/\/\/[^/]+\//, '//attacker.example/'),
  },
  {
    ...notCallback,
    done: 'another host after our name',
    text: (right) => right.replace(/(\/\/[^/]+)\//, '$1@attacker.example/'),
  },
  {
    ...notCallback,
    done: 'a host that starts like ours',
    text: (right) => right.replace(/\/\/[^:]+:/, '//localhost.attacker.example:'),
  },
  // Regression: a pasted address with another port was accepted.
  { ...notCallback, done: 'another port', text: (right) => right.replace(/:(\d+)\//, ':9/') },
  { ...notCallback, done: 'no port', text: (right) => right.replace(/:\d+\//, '/') },
  { ...notCallback, done: 'over ftp', text: (right) => right.replace('http:', 'ftp:') },
  { ...notCallback, done: 'in javascript:', text: (right) => `javascript:${right}` },
  { ...notCallback, done: 'another path', text: (right) => right.replace('/callback', '/other') },
  {
    ...notCallback,
    done: 'the page after the callback',
    text: (right) => right.replace(/\?.*/, '/failed'),
  },
  {
    ...notCallback,
    done: 'a fragment instead of the query',
    text: (right) => right.replace('?', '#'),
  },
  { ...notCallback, done: 'the query alone', text: (right) => right.replace(/^[^?]*/, '') },
  { ...notCallback, done: 'the code alone', text: (right) => new URL(right).searchParams.get('code') ?? '' },
  { ...notCallback, done: 'the address that was opened', text: (_, { turn }) => turn.url },
  { ...notCallback, done: 'the redirect URI alone', text: (_, { redirectUri }) => redirectUri },
  { ...notCallback, done: 'nothing', text: () => '' },
  { ...notCallback, done: 'a megabyte of something', text: () => 'x'.repeat(2 ** 20) },
];
