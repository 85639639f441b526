import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact, secretsOf } from '../../../src/features/redaction.ts';
import { identityCenterSession, oktaSession } from '../fakes/examples.ts';
import { jwt } from '../fakes/jwt.ts';

const none = { secrets: [], home: '/home/ana' };

describe('redact: removes', () => {
  test.each([
    ['a JSON Web Token', jwt({ sub: 'MARKED' })],
    ['an access token of Identity Center', 'aoaAAAAAMARKED:abc+/='],
    ['a refresh token of Identity Center', 'aorAAAAAMARKED-abc'],
    ['a bearer header', 'Authorization: Bearer MARKED123'],
    ['a token by its name', 'refreshToken=MARKED1'],
    ['a token in a form', 'grant_type=refresh_token&refresh_token=MARKED&x=1'],
    ['a token in JSON', '{"access_token": "MARKED", "x": 1}'],
    ['a client secret', 'client_secret: MARKED'],
    ['an authorization code', 'http://localhost:2128/oauth/callback?code=MARKED4711&state=MARKED4711'],
    ['a verifier', 'code_verifier=MARKED'],
    ['a device code', 'deviceCode=MARKED'],
    ['a user name and a password of a proxy', 'http://MARKED:MARKED@proxy.example:8080'],
    ['a user name of an address', 'https://MARKED@proxy.example'],
    ['a password before a host', 'proxy=MARKED:MARKED@proxy.example'],
    ['what is too long for an id', `x ${'MARKED7'.repeat(8)} y`],
  ])('%s', (_, text) => {
    expect(redact(text, none)).not.toContain('MARKED');
  });

  test('a known secret, wherever it is and however it is encoded', () => {
    const facts = { ...none, secrets: ['s3cr3t/+', 's3cr3t/+-longer'] };
    expect(redact('a s3cr3t/+-longer, xs3cr3t/+x', facts)).toBe('a …, x…x');
  });

  test("the home folder's name, with either slash", () => {
    expect(redact('/home/ana/.aws/config', none)).toBe('~/.aws/config');
    const windows = { secrets: [], home: String.raw`C:\Users\ana` };
    expect(redact(String.raw`C:\Users\ana\.aws "C:\\Users\\ana\\x" C:/Users/ana/y`, windows)).toBe(
      String.raw`~\.aws "~\\x" ~/y`,
    );
  });
});

describe('redact: keeps for support', () => {
  test.each([
    'kind=grantRevoked code=invalid_grant host=oidc.eu-central-1.amazonaws.com status=400',
    'kind=network code=ECONNREFUSED',
    'session=0123456789abcdef0123456789abcdef expiresAt=2026-01-01T01:00:00.000Z',
    'connection=identityCenter https://d-1234567890.awsapps.com/start eu-central-1',
    'connection=okta https://example.okta.com/oauth2/aus1a2b3c4d5 0oa1b2c3d4E5f6G7h8i9',
    'requestId=5f1a7b8c-0d1e-4f2a-9b3c-4d5e6f7a8b9c',
    'http.proxy: http://proxy.example:8080',
    'scopes codewhisperer:completions codewhisperer:conversations offline_access',
    'Refresh token: there',
    'mail to ana@example.com',
  ])('%s', (text) => {
    expect(redact(text, none)).toBe(text);
  });
});

test('the secrets of a session are its tokens and its client secret, also in a query', () => {
  expect(secretsOf(identityCenterSession)).toEqual(
    expect.arrayContaining(['access-1', 'refresh-1', 'client-secret-1']),
  );
  const { refreshToken: _none, ...tokenSet } = oktaSession.tokenSet;
  expect(secretsOf({ ...oktaSession, tokenSet: { ...tokenSet, accessToken: 'a+b' } })).toEqual(['a+b']);
  const inQuery = redact('?x=a%2Bb%2Bc', { ...none, secrets: ['a+b+c'] });
  expect(inQuery).toBe('?x=…');
});

test('no known secret remains, whatever surrounds it', () => {
  const secret = fc.stringMatching(/^[\w.~+/=-]{8,60}$/);
  fc.assert(
    fc.property(
      fc.array(secret, { minLength: 1, maxLength: 4 }),
      fc.string(),
      fc.string(),
      (secrets, a, b) => {
        const text = redact(secrets.map((one) => `${a}${one}${b}`).join('\n'), {
          secrets,
          home: '/home/ana',
        });
        for (const one of secrets) if (!'[removed]~'.includes(one)) expect(text).not.toContain(one);
      },
    ),
    { numRuns: 500 },
  );
});

test('A01: an ID token is a secret of its session, whatever its format', () => {
  const idToken = 'idt_qwErtyuiopAsdfghjklqwErtyuiopAsd';
  const secrets = secretsOf({ ...oktaSession, tokenSet: { ...oktaSession.tokenSet, idToken } });
  expect(secrets).toContain(idToken);
  expect(redact(`a note with ${idToken} in it`, { secrets, home: '' })).not.toContain(idToken);
});

describe('redact: a known secret was removed only as it is or percent-encoded', () => {
  const secret = 'qwErtyUi-opAsdFghjKl.zxcVbnmq';
  const base64 = (text: string): string => Buffer.from(text).toString('base64');

  test.each([
    ['Base64', base64(secret)],
    ['Base64 within a longer text', base64(`{"refresh":"${secret}"}`)],
    ['hexadecimal', Buffer.from(secret).toString('hex').toUpperCase()],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(Array.from(secret, hexOf).join('')))],
    ['JSON escapes', Array.from(secret, (one) => `\\u00${one.charCodeAt(0).toString(16)}`).join('')],
    ['HTML entities', Array.from(secret, (one) => `&#${one.charCodeAt(0)};`).join('')],
    ['wrapped', secret.replace(/.{8}/g, '$& ')],
    ['without its punctuation', secret.replace(/[-.]/g, '')],
  ])('%s', (_, coat) => {
    const text = redact(`said ${coat} here`, { ...none, secrets: [secret] });
    expect(text).toMatch(/^said \S{1,34} here$/);
    expect(text).not.toContain(coat.slice(4, -4));
  });

  function hexOf(letter: string): string {
    return `%${letter.charCodeAt(0).toString(16)}`;
  }
});
