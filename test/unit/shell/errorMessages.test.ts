import { describe, expect, test, vi } from 'vitest';

import { errorEffects, SignInError } from '../../../src/core/oauth/errors.ts';
import type { ErrorDetails, SignInErrorKind } from '../../../src/core/oauth/errors.ts';
import { errorMessage, inOneLine, messageFor } from '../../../src/shell/errorMessages.ts';

vi.mock('vscode', async () => import('../fakes/vscode.ts'));

const kinds = Object.keys(errorEffects) as SignInErrorKind[];

/** Without details, and with all possible details. */
const details: readonly ErrorDetails[] = [
  {},
  {
    operation: 'token',
    host: 'example.okta.com',
    status: 503,
    code: 'ECONNRESET',
    description: 'The refresh token is invalid or expired.',
    requestId: 'a1b2c3',
    scopes: ['codewhisperer:completions', 'offline_access'],
    input: 'https://example.okta.com/oauth2/aus1',
    file: '/etc/developer-sign-in/policy.json',
    ports: [{ port: 2128, address: '::1', code: 'EADDRINUSE' }],
  },
];
const reasons = [
  'foreignPage',
  'newerElsewhere',
  'unreadable',
  'noS256',
  'foreignEndpoint',
  'plainHttp',
  'noEndpoint',
  'par',
  'jar',
  'clientSecret',
  'issuer',
  'flow',
];

// microsoft/WSL#4149: the clock of a virtual machine that slept; told as a company that inspects traffic.
test.each(['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED', 'ERR_CERT_DATE_INVALID'])(
  'errorMessage: a certificate out of its time was told as one that isn’t trusted: %s',
  (code) => {
    const words = errorMessage(new SignInError('certificate', { host: 'example.okta.com', code }));
    expect(inOneLine(words)).toBe(
      `The certificate of example.okta.com isn’t trusted (${code}). ` +
        'It has expired or isn’t valid yet, or this computer’s clock is wrong. Check this computer’s clock.',
    );
  },
);

// owncloud/client#3120: the sign-in page of a hotspot; told as a company that inspects traffic.
test.each(['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH', 'ERR_CERT_COMMON_NAME_INVALID'])(
  'errorMessage: the certificate of a network’s sign-in page was told as one of a certificate authority: %s',
  (code) => {
    const { cause, next } = errorMessage(new SignInError('certificate', { code }));
    expect(cause).toContain('your network’s sign-in page answered');
    expect(next).toMatch(/^Sign in to your network or VPN, then try again\./);
  },
);

test('errorMessage: the reason of a server error was told as no problem of the person', () => {
  const words = (details: ErrorDetails): string =>
    errorMessage(new SignInError('serverError', details)).cause;
  expect(words({ description: 'Your subscription has ended.' })).toBe(
    'The server said: “Your subscription has ended.”',
  );
  expect(words({})).toBe('This isn’t a problem on your side.');
});

test('errorMessage: a certificate of another authority is a company that inspects traffic', () => {
  const error = new SignInError('certificate', { code: 'SELF_SIGNED_CERT_IN_CHAIN' });
  expect(errorMessage(error).cause).toBe(
    'Your organization inspects traffic, or the connection is being intercepted.',
  );
});

test('inOneLine: a space stood between Japanese sentences', () => {
  const words = {
    title: '{0} に接続できませんでした。',
    cause: 'VPN が原因です。',
    next: 'もう一度お試しください。',
  };
  expect(inOneLine(words)).toBe('{0} に接続できませんでした。VPN が原因です。もう一度お試しください。');
});

test('errorMessage: a token that AWS rejected was reported as a missing sign-in', () => {
  const portal = { operation: 'listAccounts', host: 'portal.sso.eu-central-1.amazonaws.com', status: 401 };
  expect(inOneLine(errorMessage(new SignInError('signInNeeded', portal)))).toBe(
    'portal.sso.eu-central-1.amazonaws.com no longer accepts your sign-in. ' +
      'Your session at the AWS access portal has ended. Sign in again.',
  );
  const description = 'Session token not found or invalid';
  expect(errorMessage(new SignInError('signInNeeded', { ...portal, description })).cause).toBe(
    `The server said: “${description}.”`,
  );
});

describe.each(kinds)('errorMessage: %s', (kind) => {
  const all = [...details, ...reasons.map((reason) => ({ ...details[1], reason }))];

  test.each(all)('has a title, a cause and a next step in complete sentences (%#)', (one) => {
    const { title, cause, next } = errorMessage(new SignInError(kind, one));
    for (const sentence of [title, cause, next])
      expect(sentence).toMatch(/^([A-Z\d]|example\.okta\.com ).*[.?!)”]$/s);
    expect(new Set([title, cause, next]).size).toBe(3);
    expect(inOneLine({ title, cause, next })).not.toMatch(/\{\d\}|undefined|\s\s/);
  });
});

test("the server's message replaces ours, with the ID that support asks for", () => {
  const error = new SignInError('requestRefused', details[1]);
  expect(errorMessage(error).cause).toBe(
    'The server said: “The refresh token is invalid or expired.” Request ID: a1b2c3.',
  );
});

test('a server’s words ran into our next sentence, without a period', () => {
  const error = new SignInError('requestRefused', { description: 'Policy evaluation failed' });
  expect(errorMessage(error).cause).toBe('The server said: “Policy evaluation failed.”');
});

test('a denial was said twice, once in the server’s words', () => {
  const error = new SignInError('denied', { code: 'access_denied', description: 'Access denied' });
  expect(errorMessage(error).cause).toBe('You or a policy of your organization declined the request.');
});

test.each<readonly [SignInErrorKind, string, string]>([
  ['noFlow', 'par', 'login.example.com requires pushed authorization requests (PAR).'],
  ['noFlow', 'jar', 'login.example.com requires signed authorization requests.'],
  ['registrationRefused', 'clientSecret', 'login.example.com requires a client secret for this client ID.'],
  [
    'registrationRefused',
    'privateKeyJwt',
    'login.example.com requires a signed client assertion (private_key_jwt) for this client ID.',
  ],
  [
    'registrationRefused',
    'clientCertificate',
    'login.example.com requires a client certificate for this client ID.',
  ],
  ['requestRefused', 'dpop', 'login.example.com requires DPoP, which Developer Sign-In doesn’t support.'],
])('names the requirement: %s, %s', (kind, reason, title) => {
  const error = new SignInError(kind, { host: 'login.example.com', reason, isGeneric: true });
  expect(errorMessage(error).title).toBe(title);
  expect(errorMessage(error).next).toMatch(/^Ask your administrator /);
});

test('an error of another kind has a message too', () => {
  expect(inOneLine(messageFor(new TypeError('x is not a function')))).not.toContain('x is');
});

test('ports with the same address and reason are combined', () => {
  const refused = (port: number, address: string, code: string) => ({ port, address, code });
  const ports = [
    refused(2128, '::1', 'EADDRINUSE'),
    refused(4649, '127.0.0.1', 'EACCES'),
    refused(6588, '::1', 'EADDRINUSE'),
    refused(8008, '127.0.0.1', 'EFOREIGN'),
    refused(9091, '127.0.0.1', 'EMFILE'),
  ];
  const words = inOneLine(errorMessage(new SignInError('portsUnavailable', { ports })));
  expect(words).toContain('2128, 6588 on ::1 (in use by another program)');
  expect(words).toContain('4649 on 127.0.0.1 (reserved by the system)');
  expect(words).toContain('8008 on 127.0.0.1 (another program answers)');
  expect(words).toContain('9091 on 127.0.0.1 (EMFILE)');
});

test('login_required has its own message', () => {
  const details = { operation: 'authorize', host: 'example.okta.com', code: 'login_required' };
  expect(errorMessage(new SignInError('denied', details)).title).toMatch(/requires you to sign in first/);
  expect(errorMessage(new SignInError('denied', { ...details, code: 'access_denied' })).title).not.toMatch(
    /requires you to sign in first/,
  );
});
