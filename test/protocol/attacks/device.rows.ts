import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import { deepJson, html, json, tenMegabytes } from './changes.ts';
import type { Change, Members } from './changes.ts';
import type { Row } from './row.ts';

/** A device authorization (RFC 8628) with modified responses. Each row runs at both providers. */
export interface DeviceRow extends Row {
  /** Changes to the first response; `page` is the address of the provider's own page, including the code. */
  readonly change?: (page: string) => Change;
  /** Errors of the polls before the real response, as OAuth codes. */
  readonly polls?: readonly string[];
  /** The user's decision; approval by default. */
  readonly person?: 'allows' | 'denies' | 'waits';
  readonly outcome: SignInErrorKind | 'signedIn';
  /** Expectations that differ at Okta. */
  readonly atOkta?: { readonly outcome: SignInErrorKind | 'signedIn'; readonly tokenRequests: number };
  /** Seconds between the code and the first poll, and between polls. */
  readonly gaps?: readonly number[];
  /** Lifetime of the code in seconds, as shown to the user. */
  readonly life?: number;
}

const signsIn = { outcome: 'signedIn', tokenRequests: 1 } as const;
const refused = {
  expected: 'rejected, and the browser is not sent there',
  outcome: 'invalidResponse',
  tokenRequests: 0,
} as const;
const phishing = { ...refused, source: 'RFC 8628, 5.4' } as const;
const malformed = { ...refused, expected: 'rejected', source: 'RFC 8628, 3.2' } as const;
const interval = {
  ...signsIn,
  source: 'RFC 8628, 3.2 (interval)',
  polls: ['authorization_pending'],
} as const;
const twoPolls = { ...interval, tokenRequests: 2 } as const;
const life = { ...signsIn, source: 'RFC 8628, 3.2 (expires_in)' } as const;

const members =
  (change: (page: URL) => Members) =>
  (page: string): Change => ({ members: change(new URL(page)) });
/** The page with and without the code. */
const page = (address: (own: URL) => string) =>
  members((own) => ({ verification_uri: address(own), verification_uri_complete: address(own) }));
const says = (change: Members) => (): Change => ({ members: change });
const answer = (change: object) => (): Change => ({ answer: change });

export const deviceRows: readonly DeviceRow[] = [
  { ...phishing, done: 'a page on a foreign host', change: page(() => 'https://attacker.example/activate') },
  {
    ...phishing,
    done: 'a page over http',
    change: page(({ host, pathname }) => `http://${host}${pathname}`),
  },
  { ...phishing, done: 'a page in javascript:', change: page(() => 'javascript:alert(1)') },
  { ...phishing, done: 'a page in data:', change: page(() => 'data:text/html,<script>alert(1)</script>') },
  { ...phishing, done: 'a page in file:', change: page(() => 'file:///etc/passwd') },
  {
    ...phishing,
    done: "a page in the editor's own scheme",
    change: page(() => 'vscode://attacker.evil/run'),
  },
  { ...phishing, done: 'a page with a user name', change: page(({ host }) => `https://attacker@${host}/`) },
  {
    ...phishing,
    done: 'a page with a password',
    change: page(({ host }) => `https://:attacker@${host}/activate`),
  },
  {
    ...phishing,
    done: 'a page whose user name is the right host',
    change: page(({ host }) => `https://${host}@attacker.example/activate`),
  },
  {
    ...phishing,
    done: 'a page on a host that starts like the right one',
    change: page(({ host }) => `https://${host}.attacker.example/activate`),
  },
  {
    ...phishing,
    done: 'a page on a host that ends like the right one',
    change: page(({ host }) => `https://attacker-${host.replaceAll('.', '-')}.com/`),
  },
  {
    ...phishing,
    done: 'a page on a host with a homoglyph',
    change: page(({ host }) => `https://${host.replace('am', 'аm')}/activate`),
  },
  {
    ...phishing,
    done: 'a page after backslashes',
    change: page(() => 'https:\\\\attacker.example\\activate'),
  },
  {
    ...phishing,
    done: 'a page on another port',
    change: page(({ host }) => `https://${host}:8443/activate`),
  },
  { ...phishing, done: 'a page on this machine', change: page(() => 'http://localhost:9/activate') },
  { ...phishing, done: 'a page at a bare address', change: page(() => 'https://203.0.113.7/activate') },
  { ...phishing, done: 'a page without a host', change: page(() => '/activate') },
  { ...phishing, done: 'no address as page', change: page(() => 'not an address') },
  {
    ...phishing,
    done: 'a foreign page without the code, and no page with it',
    change: says({
      verification_uri: 'https://attacker.example/',
      verification_uri_complete: undefined,
    }),
  },
  {
    ...phishing,
    done: 'a foreign page with the code next to the right one without',
    expected: 'rejected, or the right one is opened; and the browser is not sent there',
    atOkta: signsIn,
    change: says({ verification_uri_complete: 'https://attacker.example/' }),
  },
  {
    ...signsIn,
    source: 'RFC 8628, 3.3.1',
    done: 'no page with the code',
    expected: 'signs in on the page without it',
    change: says({ verification_uri_complete: undefined }),
  },

  { ...malformed, done: 'a user code with line ends', change: says({ user_code: 'ABCD\r\nEFGH' }) },
  { ...malformed, done: 'a user code of another direction', change: says({ user_code: 'AB\u202eCD-EF' }) },
  { ...malformed, done: 'a user code that is markup', change: says({ user_code: '<b>ABCD</b>' }) },
  { ...malformed, done: 'a user code with an escape', change: says({ user_code: 'AB\u001b[31mCD' }) },
  { ...malformed, done: 'a user code of 100 letters', change: says({ user_code: 'A'.repeat(100) }) },
  { ...malformed, done: 'an empty user code', change: says({ user_code: '' }) },
  { ...malformed, done: 'no user code', change: says({ user_code: undefined }) },
  { ...malformed, done: 'a number as user code', change: says({ user_code: 1234 }) },
  { ...malformed, done: 'no device code', change: says({ device_code: undefined }) },
  { ...malformed, done: 'a number as device code', change: says({ device_code: 7 }) },
  { ...malformed, done: 'no page', change: says({ verification_uri: undefined }) },
  { ...malformed, done: 'ten megabytes', change: answer({ headers: json, body: tenMegabytes }) },
  { ...malformed, done: 'deeply nested JSON', change: answer({ headers: json, body: deepJson }) },
  {
    ...malformed,
    done: 'a page instead',
    outcome: 'proxy',
    change: answer({ headers: html, body: '<p>Log in' }),
  },
  {
    ...malformed,
    source: 'RFC 9700, 4.12',
    done: 'a redirect to another host',
    outcome: 'proxy',
    expected: 'not followed',
    change: answer({ status: 307, headers: { location: 'https://attacker.example/' }, body: '' }),
  },

  {
    ...twoPolls,
    done: 'an interval of zero',
    expected: 'five seconds',
    change: says({ interval: 0 }),
    gaps: [5, 5],
  },
  {
    ...twoPolls,
    done: 'a negative interval',
    expected: 'five seconds',
    change: says({ interval: -60 }),
    gaps: [5, 5],
  },
  {
    ...twoPolls,
    done: 'a huge interval',
    expected: 'a minute',
    change: says({ interval: 1e9 }),
    gaps: [60, 60],
  },
  {
    ...twoPolls,
    done: 'an interval in words',
    expected: 'five seconds',
    change: says({ interval: 'often' }),
    gaps: [5, 5],
  },
  {
    ...twoPolls,
    done: 'an interval as text',
    expected: 'as long',
    change: says({ interval: '7' }),
    gaps: [7, 7],
  },
  {
    ...twoPolls,
    done: 'a fractional interval',
    expected: 'a second',
    change: says({ interval: 0.001 }),
    gaps: [1, 1],
  },
  {
    ...twoPolls,
    done: 'no interval',
    expected: 'five seconds',
    change: says({ interval: undefined }),
    gaps: [5, 5],
  },
  {
    ...life,
    done: 'expires_in of zero',
    expected: 'ten minutes',
    change: says({ expires_in: 0 }),
    life: 600,
  },
  {
    ...life,
    done: 'a negative expires_in',
    expected: 'ten minutes',
    change: says({ expires_in: -1 }),
    life: 600,
  },
  { ...life, done: 'a huge expires_in', expected: 'an hour', change: says({ expires_in: 1e12 }), life: 3600 },
  {
    ...life,
    done: 'expires_in in words',
    expected: 'ten minutes',
    change: says({ expires_in: 'long' }),
    life: 600,
  },
  {
    ...life,
    done: 'expires_in as text',
    expected: 'as long',
    change: says({ expires_in: '900' }),
    life: 900,
  },
  {
    ...life,
    done: 'no expires_in',
    expected: 'ten minutes',
    change: says({ expires_in: undefined }),
    life: 600,
  },

  {
    ...signsIn,
    source: 'RFC 8628, 3.5 (slow_down)',
    done: 'repeated slow_down',
    expected: 'adds five seconds each time, permanently',
    tokenRequests: 7,
    polls: ['slow_down', 'slow_down', 'slow_down', 'authorization_pending', 'slow_down', 'slow_down'],
    gaps: [5, 10, 15, 20, 20, 25, 30],
  },
  {
    source: 'RFC 8628, 3.5 (slow_down)',
    done: 'slow_down until the code expires',
    expected: 'ends with the code',
    outcome: 'codeExpired',
    tokenRequests: 3,
    change: says({ expires_in: 31 }),
    polls: Array.from({ length: 20 }, () => 'slow_down'),
    gaps: [5, 10, 15],
  },
  {
    source: 'RFC 8628, 3.5 (access_denied)',
    done: 'the user denies access',
    expected: 'ends at once',
    outcome: 'denied',
    atOkta: { outcome: 'policy', tokenRequests: 1 },
    tokenRequests: 1,
    person: 'denies',
  },
  {
    source: 'RFC 8628, 3.5 (expired_token)',
    done: 'an early expired_token',
    expected: 'ends at once',
    outcome: 'codeExpired',
    tokenRequests: 1,
    polls: ['expired_token'],
  },
  {
    source: 'RFC 8628, 3.5',
    done: 'the user does not decide',
    expected: 'ends with the code',
    outcome: 'codeExpired',
    tokenRequests: 5,
    change: says({ expires_in: 1 }),
    person: 'waits',
    life: 30,
    gaps: [5, 5, 5, 5, 5],
  },
  {
    source: 'RFC 6749, 5.2',
    done: 'a device code of another client',
    expected: 'requested once, then ends',
    outcome: 'codeExpired',
    tokenRequests: 1,
    change: says({ device_code: 'device-code-of-another-client' }),
  },
  {
    source: 'RFC 8628, 3.5',
    done: 'a refusal with an unknown code',
    expected: 'ends at once',
    outcome: 'requestRefused',
    tokenRequests: 1,
    polls: ['no_such_word'],
  },
  {
    source: 'RFC 8628, 3.5',
    done: 'an error code that is a property of every object',
    expected: 'ends at once',
    outcome: 'requestRefused',
    tokenRequests: 1,
    polls: ['constructor'],
  },
  {
    source: 'RFC 6749, 5.2',
    done: 'invalid_client while polling',
    expected: 'ends at once',
    outcome: 'registrationRefused',
    tokenRequests: 1,
    polls: ['invalid_client'],
  },
];
