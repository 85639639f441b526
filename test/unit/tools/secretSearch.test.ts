import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { probeStatePrefix } from '../../../src/core/oidc/redirectUri.ts';
import { createSecretSearch } from '../../tools/lib/secretSearch.ts';

const secret = `aorAAAAA${randomBytes(32).toString('base64url')}`;
const token = ['eyJhbGciOiJSUzI1NiIsImtpZCI6ImEifQ', randomBytes(60).toString('base64url'), 'c2ln'].join('.');
const search = createSecretSearch([
  { name: 'refreshToken', value: secret },
  { name: 'accessToken', value: token },
  { name: 'clientSecret', value: 'short-secret' },
]);
const around = (text: string, before = 'x'): string => `2026-01-01 [info] ${before}${text} and more`;

describe('finds a secret', () => {
  test.each([
    ['as it is', around(secret)],
    ['behind a sign', around(secret, 'token=')],
    ['in its first part', around(secret.slice(0, 31))],
    ['in any part of it', around(secret.slice(7, 38))],
    ['in base64', around(Buffer.from(secret).toString('base64'))],
    ['in base64 behind one letter', around(Buffer.from(`{${secret}`).toString('base64'))],
    ['in base64 behind two letters', around(Buffer.from(`{"${secret}"}`).toString('base64'))],
    ['in base64url', around(Buffer.from(secret).toString('base64url'))],
    ['in hex', around(Buffer.from(secret).toString('hex'))],
    ['percent-encoded', around(encodeURIComponent(`${secret}&`))],
    ['in JSON', JSON.stringify({ a: JSON.stringify({ b: secret }) })],
  ])('%s', (_, text) => {
    expect(search.in(text)).toEqual(['refreshToken']);
    expect(search.in(Buffer.from(text))).toEqual(['refreshToken']);
    expect(search.in(Buffer.from(text, 'utf16le'))).toEqual(['refreshToken']);
  });

  test('that is a short word', () => {
    expect(search.in(around('short-secret'))).toEqual(['clientSecret']);
  });

  test('that is a JSON Web Token, by its claims', () => {
    expect(search.in(around(token))).toEqual(['accessToken']);
    expect(search.in(around(token.split('.')[1] ?? ''))).toEqual(['accessToken']);
  });
});

test("by the unique part of a check's state, not its common prefix", () => {
  const own = randomBytes(24).toString('hex');
  const found = createSecretSearch([{ name: 'state', value: `${probeStatePrefix}${own}` }]);
  expect(found.in(around(`${probeStatePrefix}${own}`))).toEqual(['state']);
  expect(found.in(around('developer-sign-in.developer-sign-in'))).toEqual([]);
  expect(found.in(around(`Their state begins with ${probeStatePrefix}.`))).toEqual([]);
});

describe('finds nothing', () => {
  test.each([
    ['in nothing', ''],
    ['in a text without it', around(randomBytes(32).toString('base64url'))],
    ['in a short part', around(secret.slice(0, 15))],
    ['in the header that all tokens have', around(token.split('.')[0] ?? '')],
  ])('%s', (_, text) => {
    expect(search.in(text)).toEqual([]);
  });
});
