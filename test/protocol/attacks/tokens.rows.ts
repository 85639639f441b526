import type { SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import type { TokenSet } from '../../../src/core/oauth/tokenSet.ts';
import { deepJson, html, json, tenMegabytes } from './changes.ts';
import type { Change, Members } from './changes.ts';
import type { Row } from './row.ts';

type Outcome = SignInErrorKind | 'signedIn';

/** A modified token response. */
interface TokenRow extends Row {
  readonly change: (elsewhere: string) => Change;
  readonly okta: Outcome;
  /** Skipped there by default, since its API does not have this member. */
  readonly identityCenter?: Outcome | undefined;
  /** Number of requests of a refresh, if it differs from that of a sign-in. */
  readonly refreshRequests?: Readonly<Partial<Record<'okta' | 'identityCenter', number>>>;
  /** Whether the sign-in requests an ID token; otherwise, a received one is ignored. */
  readonly openid?: true;
  /** Stored values of an accepted response, besides its token. */
  readonly kept?: Partial<Pick<TokenSet, 'scopes'>> & {
    readonly seconds?: number;
    readonly refreshToken?: false;
  };
}

const once = { tokenRequests: 1 } as const;
const refused = {
  ...once,
  expected: 'rejected',
  okta: 'invalidResponse',
  identityCenter: 'invalidResponse',
} as const;
const accepted = { ...once, expected: 'signs in', okta: 'signedIn', identityCenter: 'signedIn' } as const;
/** A page, or another host: an intermediary between here and the server. */
const between = { ...refused, okta: 'proxy', identityCenter: 'proxy' } as const;
const badIdToken = { ...refused, identityCenter: undefined, openid: true } as const;

const bearer = 'RFC 6750, 4';
const successful = 'RFC 6749, 5.1';
const lifetime = 'RFC 6749, 5.1 (expires_in)';
const idToken = 'OpenID Connect Core 1.0, 3.1.3.7';

const members = (change: Members) => (): Change => ({ members: change });
const answer = (change: object) => (): Change => ({ answer: change });

export const tokenRows: readonly TokenRow[] = [
  {
    ...refused,
    source: 'RFC 9449, 5',
    done: 'a DPoP token',
    okta: 'requestRefused',
    identityCenter: 'requestRefused',
    change: members({ token_type: 'DPoP' }),
  },
  { ...refused, source: 'RFC 6749, 7.1', done: 'a mac token', change: members({ token_type: 'mac' }) },
  {
    ...accepted,
    source: successful,
    done: 'no token_type',
    expected: 'signs in with a bearer token',
    change: members({ token_type: undefined }),
  },
  {
    ...accepted,
    source: bearer,
    done: 'a number as token_type',
    expected: 'signs in with a bearer token',
    change: members({ token_type: 1 }),
  },
  {
    ...accepted,
    source: successful,
    done: 'an upper-case token_type',
    change: members({ token_type: 'BEARER' }),
  },
  {
    ...accepted,
    source: bearer,
    done: 'Apigee’s word for bearer as token_type',
    change: members({ token_type: 'BearerToken' }),
  },
  { ...refused, source: successful, done: 'no access_token', change: members({ access_token: undefined }) },
  { ...refused, source: successful, done: 'an empty access_token', change: members({ access_token: '' }) },
  { ...refused, source: successful, done: 'a number as access_token', change: members({ access_token: 7 }) },
  {
    ...refused,
    source: successful,
    done: 'a list as access_token',
    change: members({ access_token: ['a'] }),
  },
  {
    ...refused,
    source: 'RFC 6749, 5.2',
    done: 'an error with status 200',
    okta: 'requestRefused',
    change: answer({ headers: json, body: '{"error":"something_new"}' }),
  },

  {
    ...badIdToken,
    source: idToken,
    done: 'an ID token that is not a JWT',
    change: members({ id_token: 'no-jwt' }),
  },
  {
    ...accepted,
    source: idToken,
    done: 'a number as ID token',
    expected: 'signs in without one',
    identityCenter: undefined,
    openid: true,
    change: members({ id_token: 7 }),
  },
  {
    ...accepted,
    source: 'OpenID Connect Core 1.0, 3.1.2.1',
    done: 'an unrequested ID token that is not a JWT',
    expected: 'signs in without one',
    identityCenter: undefined,
    change: members({ id_token: 'no-jwt' }),
  },
  {
    ...badIdToken,
    source: 'OpenID RP test: oidcc-client-test-idtoken-sig-none',
    done: 'an unsigned ID token',
    change: () => ({ members: { id_token: jwt({ alg: 'none' }, claims()) } }),
  },
  {
    ...badIdToken,
    source: 'OpenID RP test: oidcc-client-test-invalid-iss',
    done: 'an ID token of another issuer',
    change: () => ({
      members: { id_token: jwt({ alg: 'RS256' }, claims({ iss: 'https://attacker.example' })) },
    }),
  },
  {
    ...badIdToken,
    source: 'OpenID RP test: oidcc-client-test-invalid-aud',
    done: 'an ID token for another client',
    change: () => ({ members: { id_token: jwt({ alg: 'RS256' }, claims({ aud: 'another-client' })) } }),
  },
  {
    ...badIdToken,
    source: 'OpenID RP test: oidcc-client-test-missing-sub',
    done: 'an ID token without a subject',
    change: () => ({ members: { id_token: jwt({ alg: 'RS256' }, claims({ sub: undefined })) } }),
  },
  {
    ...badIdToken,
    source: 'OpenID RP test: oidcc-client-test-missing-iat',
    done: 'an ID token without iat',
    change: () => ({ members: { id_token: jwt({ alg: 'RS256' }, claims({ iat: undefined })) } }),
  },
  {
    ...badIdToken,
    source: 'OpenID RP test: oidcc-client-test-nonce-invalid',
    done: 'an ID token with an unknown nonce',
    change: () => ({ members: { id_token: jwt({ alg: 'RS256' }, claims({ nonce: 'not-ours' })) } }),
  },

  {
    ...accepted,
    source: 'RFC 6749, 3.3',
    done: 'fewer scopes than requested',
    expected: 'signs in with the granted scopes',
    identityCenter: undefined,
    change: members({ scope: 'codewhisperer:completions' }),
    kept: { scopes: ['codewhisperer:completions'] },
  },
  {
    ...accepted,
    source: 'RFC 6749, 3.3',
    done: 'more scopes than requested',
    expected: 'signs in with the granted scopes',
    identityCenter: undefined,
    change: members({ scope: 'codewhisperer:completions offline_access admin' }),
    kept: { scopes: ['codewhisperer:completions', 'offline_access', 'admin'] },
  },
  {
    ...accepted,
    source: 'RFC 6749, 5.1',
    done: 'no scope',
    expected: 'signs in with the requested scopes',
    identityCenter: undefined,
    change: members({ scope: undefined }),
    kept: { scopes: ['codewhisperer:completions', 'codewhisperer:conversations', 'offline_access'] },
  },
  {
    ...accepted,
    source: successful,
    done: 'a list as scope',
    expected: 'signs in with the granted scopes',
    identityCenter: undefined,
    change: members({ scope: ['a'] }),
    kept: { scopes: ['a'] },
  },
  {
    ...accepted,
    source: 'RFC 6749, 1.5',
    done: 'no refresh token',
    expected: 'signs in without one',
    change: members({ refresh_token: undefined }),
    kept: { refreshToken: false },
  },
  {
    ...accepted,
    source: successful,
    done: 'a number as refresh token',
    expected: 'signs in without one',
    change: members({ refresh_token: 7 }),
    kept: { refreshToken: false },
  },

  {
    ...accepted,
    source: lifetime,
    done: 'no expires_in',
    expected: 'signs in for an hour',
    change: members({ expires_in: undefined }),
    kept: { seconds: 3600 },
  },
  {
    ...accepted,
    source: 'docs/PROTOCOL.md, 2',
    done: 'expires_in as text',
    expected: 'signs in for that long',
    change: members({ expires_in: '1800' }),
    kept: { seconds: 1800 },
  },
  {
    ...accepted,
    source: lifetime,
    done: 'a huge expires_in',
    expected: 'signs in for at most a year',
    change: members({ expires_in: 1e12 }),
    kept: { seconds: 366 * 24 * 3600 },
  },
  {
    ...accepted,
    source: lifetime,
    done: 'expires_in of zero',
    expected: 'signs in for an hour',
    change: members({ expires_in: 0 }),
    kept: { seconds: 3600 },
  },
  {
    ...accepted,
    source: lifetime,
    done: 'a negative expires_in',
    expected: 'signs in for an hour',
    change: members({ expires_in: -1 }),
    kept: { seconds: 3600 },
  },
  {
    ...accepted,
    source: lifetime,
    done: 'an expires_in in words',
    expected: 'signs in for an hour',
    change: members({ expires_in: 'soon' }),
    kept: { seconds: 3600 },
  },

  {
    ...refused,
    source: 'docs/PROTOCOL.md, 2',
    done: 'ten megabytes',
    change: answer({ headers: json, body: tenMegabytes }),
  },
  {
    ...refused,
    source: successful,
    done: 'deeply nested JSON',
    change: answer({ headers: json, body: deepJson }),
  },
  {
    ...refused,
    source: successful,
    done: 'truncated JSON',
    change: answer({ headers: json, body: '{"access_token":' }),
    refreshRequests: { okta: 2, identityCenter: 2 },
  },
  { ...refused, source: successful, done: 'a list', change: answer({ headers: json, body: '[]' }) },
  { ...refused, source: successful, done: 'null', change: answer({ headers: json, body: 'null' }) },
  {
    ...refused,
    source: successful,
    done: 'nothing',
    change: answer({ headers: json, body: '' }),
    refreshRequests: { okta: 2 }, // The AWS SDK reads it as an empty object.
  },
  {
    ...between,
    source: 'docs/PROTOCOL.md, 1',
    done: 'a page',
    change: answer({ headers: html, body: '<p>Log in' }),
  },
  {
    ...accepted,
    source: successful,
    done: 'a token with the content type of a page',
    expected: 'signs in based on the content',
    change: answer({ headers: html }),
  },
  ...[301, 302, 303, 307, 308].map((status) => ({
    ...between,
    source: 'RFC 9700, 4.12',
    done: `a redirect of the token request to another host (${status})`,
    expected: 'is not followed, and nothing is sent there',
    change: (elsewhere: string): Change => ({
      answer: { status, headers: { location: `${elsewhere}/token` }, body: '' },
    }),
  })),
  {
    ...once,
    expected: 'the code is rejected, and the message shown without anything like a token',
    source: 'RFC 6749, 5.2',
    done: 'an error that echoes the request',
    okta: 'codeExpired',
    identityCenter: 'codeExpired',
    change: () => ({
      answer: {
        status: 400,
        headers: json,
        body: JSON.stringify({ error: 'invalid_grant', error_description: `No: ${'aB3'.repeat(20)}` }),
      },
    }),
  },
  {
    ...refused,
    source: 'RFC 6749, 5.2',
    done: 'an error code that is a property of every object',
    okta: 'requestRefused',
    identityCenter: 'requestRefused',
    change: answer({ status: 400, headers: json, body: '{"error":"__proto__"}' }),
  },
];

function jwt(header: object, payload: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ typ: 'JWT', ...header })}.${part(payload)}.${'alg' in header && header.alg === 'none' ? '' : 'c2lnbmF0dXJl'}`;
}

/** Valid ID token claims for this client. */
function claims(change: Members = {}): Members {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: 'https://id.example.com/oauth2/aus1devsandbox0oidc7',
    aud: '0oa1devsandbox0natv7',
    sub: 'ana@example.com',
    iat: now,
    exp: now + 3600,
    ...change,
  };
}
