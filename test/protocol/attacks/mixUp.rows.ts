import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import type { Hostility } from './hostileIssuer.ts';
import type { Row } from './row.ts';
import type { Visit } from './visit.ts';

/** A hostile issuer that redirects the browser to the company's Okta, where Ana signs in. */
export interface ForwardRow extends Row {
  readonly hostility: Hostility;
  /** Whether the user trusts the hostile issuer when asked; `unasked` if there must not be a question. */
  readonly person: 'trusts' | 'refuses' | 'unasked';
  readonly outcome: SignInErrorKind;
  /** The expected error. */
  readonly reason?: string;
  /** Whether a page may be opened at all. */
  readonly opens: boolean;
  /** The real Okta sends `iss`. */
  readonly oktaSendsIss?: true;
}

const source = 'RFC 9700, 4.4';
const shared = '/oauth/callback';
const refused = { source, expected: 'code and verifier do not reach it', tokenRequests: 0 } as const;
const mixUp = { ...refused, outcome: 'invalidResponse', reason: 'mixUp', opens: true } as const;

export const forwardRows: readonly ForwardRow[] = [
  {
    ...refused,
    done: 'redirects the browser, and the user does not trust it',
    hostility: {},
    person: 'refuses',
    outcome: 'cancelled',
    reason: 'issuerNotTrusted',
    opens: false,
  },
  {
    ...mixUp,
    done: 'has an issuer-specific redirect URI, and sends Okta the shared one',
    hostility: { feignsRegistration: true, forwardsTo: shared },
    person: 'unasked',
  },
  {
    ...refused,
    done: 'has an issuer-specific redirect URI, and sends it to Okta',
    hostility: { feignsRegistration: true },
    person: 'unasked',
    outcome: 'cancelled',
    opens: true,
  },
  {
    ...mixUp,
    source: 'RFC 9207, 2.4',
    done: 'lists iss, which Okta does not send',
    hostility: { announcesIss: true },
    person: 'unasked',
  },
  {
    ...mixUp,
    source: 'RFC 9207, 2.4',
    done: 'is trusted, and the server that it redirects the browser to sends iss',
    hostility: {},
    person: 'trusts',
    oktaSendsIss: true,
  },
];

/** A callback with the correct state from another server. */
export interface MixUpRow extends Row {
  readonly parameters: (visit: Visit) => Readonly<Record<string, string>>;
  readonly at?: 'announcing';
}

const code = 'foreign-code-1';
const attacker = 'https://attacker.example';
const said = {
  source: 'RFC 9207, 2.4',
  expected: 'reported at once, without a token request',
  tokenRequests: 0,
} as const;
const announced = { ...said, at: 'announcing' } as const;

export const mixUpRows: readonly MixUpRow[] = [
  { ...said, done: 'a code from another issuer', parameters: () => ({ code, iss: attacker }) },
  {
    ...said,
    done: 'an error from another issuer',
    parameters: () => ({ error: 'access_denied', iss: attacker }),
  },
  { ...said, done: 'a code from an empty issuer', parameters: () => ({ code, iss: '' }) },
  {
    ...said,
    source: 'OpenID RP test: oidcc-client-test-invalid-iss',
    done: 'a code from the issuer with an extra slash',
    parameters: ({ turn }) => ({ code, iss: turn.url.replace(/v1\/authorize.*$/, '') }),
  },
  { ...announced, done: 'a code without the iss that was announced', parameters: () => ({ code }) },
  {
    ...announced,
    done: 'an error without the listed iss',
    parameters: () => ({ error: 'access_denied' }),
  },
  {
    ...announced,
    done: 'a code from another issuer, with iss listed',
    parameters: () => ({ code, iss: attacker }),
  },
];
